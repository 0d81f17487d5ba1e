"""Endpoints of policies, calendars and clocks: for reading."""

from django.db.models import Prefetch, QuerySet
from rest_framework import viewsets

from sla.api import serializers
from sla.api.filters import ClockFilter, VersionFilter
from sla.models import Calendar, Policy, PolicyVersion, SlaClock
from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint
from tickets.api.visibility import on_visible_tickets

NUMBER = "[0-9]{1,18}"
VERSIONS = PolicyVersion.objects.order_by("-number").defer("definition")


class CalendarViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Business calendars as they are kept now."""

    scope = "sla"
    read_permission = "sla.view_calendar"
    serializer_class = serializers.CalendarOut
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = Calendar.objects.prefetch_related(
        "intervals", "holiday_sets", "exceptions"
    )


class PolicyViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Policies with their versions."""

    scope = "sla"
    read_permission = "sla.view_policy"
    serializer_class = serializers.PolicyOut
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = Policy.objects.prefetch_related(Prefetch("versions", queryset=VERSIONS))


class PolicyVersionViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """What was promised: targets, calendars as frozen, rules, who published it."""

    scope = "sla"
    read_permission = "sla.view_policy"
    serializer_class = serializers.VersionOut
    filterset_class = VersionFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = PolicyVersion.objects.select_related("published_by")


class ClockViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Clocks of the tickets the caller may see."""

    scope = "sla"
    read_permission = "tickets.view_ticket"
    queryset = SlaClock.objects.none()
    serializer_class = serializers.ClockOut
    filterset_class = ClockFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[SlaClock]:
        return on_visible_tickets(SlaClock.objects.all(), self.request.user)
