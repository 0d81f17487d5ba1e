"""Endpoints of planned people and of events."""

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint
from workforce.capacity.api.filters import CapacityEventFilter, PlannedStaffFilter
from workforce.capacity.api.inputs import CapacityEventIn
from workforce.capacity.api.serializers.events import CapacityEventOut
from workforce.capacity.api.serializers.staffing import PlannedStaffOut
from workforce.capacity.models import Event, PlannedStaff
from workforce.capacity.selectors.events import events_visible_to
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.services.events import create_event

NUMBER = "[0-9]{1,18}"


class PlannedStaffViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """People planned by the time of the week, of the queues that the caller sees."""

    scope = "capacity"
    read_permission = "capacity.view_plannedstaff"
    queryset = PlannedStaff.objects.none()
    serializer_class = PlannedStaffOut
    filterset_class = PlannedStaffFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[PlannedStaff]:
        seen = queues_visible_to(self.request.user).values("pk")
        return PlannedStaff.objects.filter(queue__in=seen).select_related("queue")


class CapacityEventViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Events of every queue, and those of queues that the caller sees."""

    scope = "capacity"
    read_permission = "capacity.view_event"
    write_permission = "capacity.add_event"
    queryset = Event.objects.none()
    serializer_class = CapacityEventOut
    filterset_class = CapacityEventFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Event]:
        # Instead of every queue of an event, which may name some that nobody asked for.
        seen = Prefetch("queues", queryset=queues_visible_to(self.request.user))
        events = events_visible_to(self.request.user)
        return events.prefetch_related(None).prefetch_related(seen)

    @extend_schema(
        operation_id="capacity_events_create",
        request=CapacityEventIn,
        responses={201: CapacityEventOut},
    )
    def create(self, request: Request) -> Response:
        """Enter an event: forecasts computed from now on know of it."""
        body = CapacityEventIn(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        event = create_event(queues=values.pop("queues"), values=values)
        return Response(CapacityEventOut(event).data, status=201)
