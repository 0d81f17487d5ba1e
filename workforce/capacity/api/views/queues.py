"""Endpoints of queues: what they are, what came in, how good their forecasts were."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
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
from workforce.capacity.api import inputs
from workforce.capacity.api.filters import QueueFilter
from workforce.capacity.api.serializers import forecasts, queues, staffing
from workforce.capacity.api.spans import FROM, TO, span_of
from workforce.capacity.api.views import reports
from workforce.capacity.core.judging import GRAINS, HORIZONS
from workforce.capacity.models import Queue
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.selectors.staffing import requirement_of, standing_of
from workforce.capacity.services.volumes.imports.posting import post_volumes

NUMBER = "[0-9]{1,18}"
DAYS, INTERVAL_DAYS, NEED_DAYS = 400, 31, 31
"""Most days of one call: by day, by interval, and of people needed."""

MONTH, WEEK = timedelta(days=28), timedelta(days=7)
VOLUME_GRAINS = ("day", "interval")
PARAMETERS: Mapping[str, Sequence[OpenApiParameter]] = {
    "volumes": [
        FROM,
        TO,
        OpenApiParameter(
            "grain",
            str,
            enum=VOLUME_GRAINS,
            default="day",
            description=gettext_lazy("Up to 400 days at once, or 31 by interval."),
        ),
    ],
    "accuracy": [
        FROM,
        TO,
        OpenApiParameter(
            "grain",
            str,
            enum=GRAINS,
            default="day",
            description=gettext_lazy("Up to 400 days at once, or 31 by interval."),
        ),
        OpenApiParameter(
            "horizon",
            int,
            enum=HORIZONS,
            default=HORIZONS[0],
            description=gettext_lazy(
                "Judge by what was published at least so many days before."
            ),
        ),
    ],
    "requirement": [FROM, TO],
    "write_volumes": [],
}


class QueueViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Queues that the caller sees, with volumes, people needed and accuracy."""

    scope = "capacity"
    read_permission = "capacity.view_capacity"
    action_permissions: ClassVar[dict[str, str]] = {
        "volumes": "capacity.view_intervalvolume",
        "write_volumes": "capacity.add_volumeimport",
        "accuracy": "capacity.view_forecast",
        "requirement": "capacity.view_assumptions",
    }
    queryset = Queue.objects.none()
    serializer_class = queues.QueueOut
    filterset_class = QueueFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Queue]:
        seen = queues_visible_to(self.request.user).select_related("calendar")
        if self.action in PARAMETERS:
            return seen
        return seen.prefetch_related("teams", "channels")

    def get_serializer_class(self) -> type[drf.Serializer]:
        return queues.QueueBrief if self.action == "list" else queues.QueueOut

    def get_object(self) -> Queue:
        queue: Queue = super().get_object()
        if self.action == "retrieve":
            standing = standing_of([queue], today_of(queue, timezone.now()))[queue.pk]
            queue.standing_today = reports.standing(standing)
        return queue

    def known_parameters(self) -> frozenset[str]:
        own = PARAMETERS.get(self.action or "")
        if own is None:
            return super().known_parameters()
        return frozenset({parameter.name for parameter in own} | {"format"})

    def described_parameters(self) -> Sequence[OpenApiParameter]:
        return PARAMETERS.get(self.action or "", ())

    @extend_schema(operation_id="capacity_queues_volumes", responses=queues.VolumesOut)
    @action(detail=True, methods=["get"])
    def volumes(self, request: Request, pk: str) -> Response:
        """What came in, by local day or by interval; by default the last four weeks."""
        queue, grain = self.get_object(), choice(request, "grain", VOLUME_GRAINS)
        start, end = past_span(request, queue, grain)
        rows = reports.volume_rows(queue, start, end, grain)
        return Response(
            queues.VolumesOut(
                {**of_queue(queue, start, end), "grain": grain, "rows": rows}
            ).data
        )

    @extend_schema(
        operation_id="capacity_queues_write_volumes",
        request=inputs.VolumesIn,
        responses=queues.VolumesWrittenOut,
    )
    @volumes.mapping.post
    def write_volumes(self, request: Request, pk: str) -> Response:
        """Write volumes that another system counted.

        Each row is judged by itself: those that cannot be used are named in the answer,
        all others are written. The same rows again change nothing. Imported intervals
        win over what tickets say.
        """
        queue = self.get_object()
        body = inputs.VolumesIn(data=request.data)
        body.is_valid(raise_exception=True)
        at = timezone.now()
        given = body.validated_data
        rows, unread, columns = inputs.read_rows(given["rows"])
        run, refused = post_volumes(
            queue=queue,
            rows=rows,
            columns=columns,
            minutes=given.get("minutes", queue.interval_minutes),
            refused=unread,
            actor=request.user,
            at=at,
        )
        return Response(queues.VolumesWrittenOut(reports.written(run, refused)).data)

    @extend_schema(
        operation_id="capacity_queues_accuracy", responses=forecasts.AccuracyOut
    )
    @action(detail=True, methods=["get"])
    def accuracy(self, request: Request, pk: str) -> Response:
        """Forecasts against what came; by default of the last four weeks."""
        queue, grain = self.get_object(), choice(request, "grain", GRAINS, "day")
        horizon = int(choice(request, "horizon", [str(days) for days in HORIZONS]))
        start, end = past_span(request, queue, grain)
        found = reports.accuracy(queue, start, end, grain, horizon)
        return Response(
            forecasts.AccuracyOut({**of_queue(queue, start, end), **found}).data
        )

    @extend_schema(
        operation_id="capacity_queues_requirement", responses=staffing.RequirementOut
    )
    @action(detail=True, methods=["get"])
    def requirement(self, request: Request, pk: str) -> Response:
        """People needed by the published forecast; by default of seven days from today."""
        queue = self.get_object()
        today = today_of(queue, timezone.now())
        start, end = span_of(request, default=(today, today + WEEK), most=NEED_DAYS)
        need = requirement_of(queue, start, end, at=today)
        return Response(
            staffing.RequirementOut(
                {**of_queue(queue, start, end), **reports.requirement(need)}
            ).data
        )


def today_of(queue: Queue, at: datetime) -> date:
    return at.astimezone(ZoneInfo(queue.time_zone)).date()


def past_span(request: Request, queue: Queue, grain: str) -> tuple[date, date]:
    """Return the days asked for, or the last four weeks with today."""
    end = today_of(queue, timezone.now()) + timedelta(days=1)
    most = INTERVAL_DAYS if grain == "interval" else DAYS
    return span_of(request, default=(end - MONTH, end), most=most)


def choice(
    request: Request, name: str, known: Sequence[str], default: str | None = None
) -> str:
    """Return one of some words, the first unless told. Raises ``ValidationError``."""
    word = request.query_params.get(name) or default or known[0]
    if word not in known:
        raise ValidationError(
            {name: [_("Choose one of: %(known)s.") % {"known": ", ".join(known)}]}
        )
    return word


def of_queue(queue: Queue, start: date, end: date) -> dict[str, Any]:
    return {
        "queue": queue.pk,
        "time_zone": queue.time_zone,
        "start": start,
        "end": end,
    }
