"""Endpoints of the metric catalogue: definitions, and figures as pages show them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from supportops.api.views import Endpoint
from supportops.metrics import catalogue
from supportops.metrics.api.serializers import FigureOut, MetricOut, figure_shown
from supportops.metrics.catalogue import Grain, Metric
from supportops.metrics.core.periods import Period, Preset, step_for
from supportops.metrics.registry import dimensions
from supportops.metrics.scopes import Scope, ScopeInvalid, scope_from

COMPUTED = frozenset({"figure", "trend"})
PERIOD = frozenset({"period", "from", "to"})
PERIOD_PARAMETERS = [
    OpenApiParameter(
        "period",
        str,
        enum=[preset.value for preset in Preset],
        default=Preset.DAYS_30.value,
        description=_("UTC days; rolling periods include today."),
    ),
    OpenApiParameter("from", str, description=_("First day, such as 2026-05-01.")),
    OpenApiParameter("to", str, description=_("Last day inside, such as 2026-05-31.")),
]


class MetricViewSet(Endpoint, viewsets.ViewSet):
    scope = "metrics"
    read_permission = "metrics.view_catalogue"
    lookup_field = "code"
    lookup_value_regex = "[a-z0-9_]+"
    serializer_class = MetricOut
    pagination_class = None

    def known_parameters(self) -> frozenset[str]:
        if self.action in COMPUTED:
            return PERIOD | frozenset(dimensions()) | {"format"}
        return super().known_parameters()

    def described_parameters(self) -> Sequence[OpenApiParameter]:
        # Dimensions are declared by higher apps, so they are asked for, not imported.
        if self.action not in COMPUTED:
            return ()
        cut = [
            OpenApiParameter(code, str, many=True, description=str(dimension.label))
            for code, dimension in sorted(dimensions().items())
        ]
        return [*PERIOD_PARAMETERS, *cut]

    @extend_schema(operation_id="metrics_list", responses=MetricOut(many=True))
    def list(self, request: Request) -> Response:
        """Every KPI of the catalogue, in the order of its page."""
        return Response(MetricOut(catalogue.all(), many=True).data)

    @extend_schema(operation_id="metrics_retrieve", responses=MetricOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """One KPI: meaning, formula, unit, target, warning."""
        return Response(MetricOut(_metric(code)).data)

    @extend_schema(operation_id="metrics_figure", responses=FigureOut)
    @action(detail=True, methods=["get"])
    def figure(self, request: Request, code: str) -> Response:
        """The value of one KPI over a period, of the facts its caller may see."""
        metric, scope = _metric(code), _scope(request)
        with _told_by_parameter(scope):
            figure = metric.compute(scope)
        return Response(figure_shown(metric, scope.period, figure))

    @extend_schema(operation_id="metrics_trend", responses=FigureOut(many=True))
    @action(detail=True, methods=["get"])
    def trend(self, request: Request, code: str) -> Response:
        """The same by day, week or month of the period, whichever keeps it readable."""
        metric, scope = _metric(code), _scope(request)
        if metric.grain is Grain.NOW:
            raise ValidationError(
                {"code": [_("This figure is about the present moment: no trend.")]}
            )
        with _told_by_parameter(scope):
            points = metric.trend(scope, step_for(scope.period.days))
        ends = [start for start, _figure in points[1:]] + [scope.end]
        return Response(
            [
                figure_shown(metric, Period(start, end), figure)
                for (start, figure), end in zip(points, ends, strict=True)
            ]
        )


def _metric(code: str) -> Metric:
    try:
        return catalogue.get(code)
    except KeyError:
        raise NotFound from None


def _scope(request: Request) -> Scope:
    given = dict(request.query_params.lists())
    now = timezone.now()

    def read(params: Mapping[str, Sequence[str]]) -> Scope:
        return scope_from(params, user=request.user, at=now)

    try:
        return read(given)
    except ScopeInvalid as error:
        for name, values in given.items():
            try:
                read({name: values})
            except ScopeInvalid as culprit:
                raise ValidationError({name: [str(culprit)]}) from culprit
        # Each date can be read alone; together they are no period.
        raise ValidationError({"from": [str(error)]}) from error


@contextmanager
def _told_by_parameter(scope: Scope) -> Iterator[None]:
    """Name the filters when the metric's facts do not have all of them."""
    try:
        yield
    except ScopeInvalid as error:
        names = sorted(scope.filters)
        raise ValidationError({name: [str(error)] for name in names}) from error
