"""How ticket lists of the API are narrowed."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from supportops.api.filters import AnyOf, IdFilter, MomentFilter
from tickets.models import (
    Category,
    Message,
    Organisation,
    Priority,
    Severity,
    StatusCategory,
    Ticket,
    TicketEvent,
)


class TicketFilter(filters.FilterSet):
    """Parameters narrow each other; a repeated one holds alternatives."""

    status = filters.CharFilter(field_name="status__code")
    state = AnyOf(choices=StatusCategory.choices)
    priority = AnyOf(choices=Priority.choices)
    severity = AnyOf(choices=Severity.choices)
    tier = filters.CharFilter(method="keep_tier")
    channel = filters.CharFilter(field_name="channel__code")
    tag = filters.CharFilter(field_name="tags__name")
    assignee = IdFilter(field_name="assignee_id")
    team = IdFilter(field_name="team_id")
    organisation = IdFilter(field_name="organisation_id")
    requester = IdFilter(field_name="requester_id")
    category = IdFilter(
        method="keep_category", help_text=_("A category with all beneath it.")
    )
    product_area = IdFilter(field_name="product_area_id")
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")
    updated_from = MomentFilter(field_name="updated_at", lookup_expr="gte")
    due_before = MomentFilter(field_name="next_due_at", lookup_expr="lt")
    unassigned = filters.BooleanFilter(field_name="assignee_id", lookup_expr="isnull")

    class Meta:
        model = Ticket
        fields = ("is_open", "source", "external_id")

    def keep_tier(
        self, queryset: QuerySet[Ticket], name: str, value: str
    ) -> QuerySet[Ticket]:
        # Tested row by row in the order of the page. Joined, a tier's whole past is
        # gathered and sorted first: 1.2 s at a million tickets.
        of_tier = Organisation.objects.filter(tier__code=value)
        if not of_tier.exists():
            return queryset.none()
        return queryset.filter(Exists(of_tier.filter(pk=OuterRef("organisation_id"))))

    def keep_category(
        self, queryset: QuerySet[Ticket], name: str, value: int
    ) -> QuerySet[Ticket]:
        path = Category.objects.values_list("path", flat=True).filter(pk=value).first()
        if path is None:
            return queryset.none()
        beneath = Q(pk=value) | Q(path__startswith=f"{path} / ")
        return queryset.filter(category_id__in=Category.objects.filter(beneath))


class MessageFilter(filters.FilterSet):
    ticket = IdFilter(field_name="ticket_id")
    direction = AnyOf(choices=Message.Direction.choices)

    class Meta:
        model = Message
        fields = ()


class EventFilter(filters.FilterSet):
    ticket = IdFilter(field_name="ticket_id")
    actor = IdFilter(field_name="actor_id")
    kind = AnyOf(choices=TicketEvent.Kind.choices)
    at_from = MomentFilter(field_name="at", lookup_expr="gte")
    at_before = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = TicketEvent
        fields = ()
