"""Endpoints of policies, calendars and clocks: for reading."""

import django_filters as filters
from django.db.models import Prefetch, QuerySet
from rest_framework import viewsets
from tickets.selectors import tickets_visible_to

from sla.api import serializers
from sla.models import Calendar, Policy, PolicyVersion, SlaClock
from supportops.api.pagination import NewestFirst


class ClockFilter(filters.FilterSet):
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    judged_from = filters.IsoDateTimeFilter(field_name="judged_at", lookup_expr="gte")
    judged_before = filters.IsoDateTimeFilter(field_name="judged_at", lookup_expr="lt")
    state = filters.MultipleChoiceFilter(choices=SlaClock.State.choices)

    class Meta:
        model = SlaClock
        fields = ("ticket", "metric", "policy_version", "is_kept", "is_excluded")


class CalendarViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "sla"
    read_permission = "sla.view_calendar"
    serializer_class = serializers.CalendarOut
    pagination_class = NewestFirst
    queryset = Calendar.objects.prefetch_related(
        "intervals", "holiday_sets", "exceptions"
    )


class PolicyViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "sla"
    read_permission = "sla.view_policy"
    serializer_class = serializers.PolicyOut
    pagination_class = NewestFirst
    queryset = Policy.objects.prefetch_related(
        Prefetch(
            "versions",
            queryset=PolicyVersion.objects.select_related("published_by").order_by(
                "-number"
            ),
        )
    )


class ClockViewSet(viewsets.ReadOnlyModelViewSet):
    """Clocks of the tickets the caller may see."""

    scope = "sla"
    read_permission = "tickets.view_ticket"
    queryset = SlaClock.objects.none()
    serializer_class = serializers.ClockOut
    filterset_class = ClockFilter
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[SlaClock]:
        return SlaClock.objects.filter(ticket__in=tickets_visible_to(self.request.user))
