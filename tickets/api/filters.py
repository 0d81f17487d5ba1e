"""How ticket lists of the API are narrowed."""

import django_filters as filters
from django.db.models import QuerySet

from tickets.models import Message, Priority, StatusCategory, Ticket, TicketEvent


class TicketFilter(filters.FilterSet):
    status = filters.CharFilter(field_name="status__code")
    state = filters.MultipleChoiceFilter(choices=StatusCategory.choices)
    priority = filters.MultipleChoiceFilter(choices=Priority.choices)
    tier = filters.CharFilter(field_name="organisation__tier__code")
    channel = filters.CharFilter(field_name="channel__code")
    tag = filters.CharFilter(field_name="tags__name")
    created_from = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt"
    )
    due_before = filters.IsoDateTimeFilter(field_name="next_due_at", lookup_expr="lt")
    unassigned = filters.BooleanFilter(method="keep_unassigned")

    class Meta:
        model = Ticket
        fields = (
            "is_open",
            "assignee",
            "team",
            "organisation",
            "requester",
            "category",
            "source",
            "external_id",
        )

    def keep_unassigned(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(assignee__isnull=value)


class MessageFilter(filters.FilterSet):
    class Meta:
        model = Message
        fields = ("ticket", "direction")


class EventFilter(filters.FilterSet):
    from_at = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = TicketEvent
        fields = ("ticket", "kind", "actor")
