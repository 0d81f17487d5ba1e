"""Endpoints of forecasts and of the investigations into those that missed."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint
from workforce.capacity.api.filters import ForecastFilter, InvestigationFilter
from workforce.capacity.api.inputs import PublishIn
from workforce.capacity.api.numbers import moment
from workforce.capacity.api.serializers import forecasts as serializers
from workforce.capacity.api.spans import day_of
from workforce.capacity.core.bands import NAMES
from workforce.capacity.models import Forecast, ForecastDay, Investigation
from workforce.capacity.selectors.forecasts import expected
from workforce.capacity.selectors.investigations import investigations_visible_to
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.services.forecasting import publish_forecast

NUMBER = "[0-9]{1,18}"
HEAVY = ("backtest", "quality", "applied")
DAY = OpenApiParameter(
    "day",
    str,
    required=True,
    description=gettext_lazy("A local day of the forecast, such as 2026-05-01."),
)


class ForecastViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Forecasts of the queues that the caller sees: drafts, published, superseded."""

    scope = "capacity"
    read_permission = "capacity.view_forecast"
    write_permission = "capacity.publish_forecast"
    queryset = Forecast.objects.none()
    serializer_class = serializers.ForecastOut
    filterset_class = ForecastFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Forecast]:
        seen = queues_visible_to(self.request.user).values("pk")
        rows = Forecast.objects.filter(queue__in=seen).select_related(
            "queue", "created_by", "published_by"
        )
        return with_days(rows) if self.action == "retrieve" else rows.defer(*HEAVY)

    def get_serializer_class(self) -> type[drf.Serializer]:
        if self.action == "list":
            return serializers.ForecastBrief
        return serializers.ForecastOut

    def known_parameters(self) -> frozenset[str]:
        if self.action == "intervals":
            return frozenset({DAY.name, "format"})
        return super().known_parameters()

    def described_parameters(self) -> Sequence[OpenApiParameter]:
        return [DAY] if self.action == "intervals" else ()

    @extend_schema(
        operation_id="capacity_forecasts_intervals",
        responses=serializers.ForecastIntervalsOut,
    )
    @action(detail=True, methods=["get"])
    def intervals(self, request: Request, pk: str) -> Response:
        """What is expected in each interval of one local day."""
        forecast = self.get_object()
        day = day_of(request, "day")
        if day is None:
            raise ValidationError({"day": [_("This field is required.")]})
        if not forecast.starts_on <= day <= forecast.ends_on:
            words = _("This forecast knows %(first)s to %(last)s.")
            span = {"first": forecast.starts_on, "last": forecast.ends_on}
            raise ValidationError({"day": [words % span]})
        found = expected(
            forecast.queue, day, day + timedelta(days=1), forecast=forecast
        )
        rows = [
            {
                "starts_at": moment(start),
                **{name: float(getattr(found, name)[place]) for name in NAMES},
            }
            for place, start in enumerate(found.starts)
        ]
        return Response(
            serializers.ForecastIntervalsOut(
                {
                    "forecast": forecast.pk,
                    "queue": forecast.queue_id,
                    "time_zone": forecast.queue.time_zone,
                    "day": day,
                    "interval_minutes": forecast.queue.interval_minutes,
                    "intervals": rows,
                }
            ).data
        )

    @extend_schema(
        operation_id="capacity_forecasts_publish",
        request=PublishIn,
        responses=serializers.ForecastOut,
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Make a draft the forecast that holds; the one before is superseded."""
        forecast = self.get_object()
        body = PublishIn(data=request.data)
        body.is_valid(raise_exception=True)
        publish_forecast(
            forecast_id=forecast.pk,
            actor=request.user,
            at=timezone.now(),
            **body.validated_data,
        )
        found = with_days(Forecast.objects.all()).get(pk=forecast.pk)
        return Response(serializers.ForecastOut(found).data)


def with_days(rows: QuerySet[Forecast]) -> QuerySet[Forecast]:
    """Forecasts with their days, without the intervals of those: two queries."""
    days = Prefetch("days", queryset=ForecastDay.objects.defer("intervals"))
    return rows.select_related("queue", "created_by", "published_by").prefetch_related(
        days
    )


class InvestigationViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Weeks that missed by more than allowed, of the queues that the caller sees."""

    scope = "capacity"
    read_permission = "capacity.view_investigation"
    queryset = Investigation.objects.none()
    serializer_class = serializers.InvestigationOut
    filterset_class = InvestigationFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Investigation]:
        return investigations_visible_to(self.request.user)
