"""How lists of capacity are narrowed."""

import django_filters as filters
from django.db.models import Q, QuerySet

from supportops.api.filters import AnyOf, IdFilter, MomentFilter
from workforce.capacity.models import (
    Decision,
    Event,
    Forecast,
    Investigation,
    PlannedStaff,
    Queue,
)


class QueueFilter(filters.FilterSet):
    handling = AnyOf(choices=Queue.Handling.choices)
    team = IdFilter(field_name="teams")

    class Meta:
        model = Queue
        fields = ("channel", "is_active")


class ForecastFilter(filters.FilterSet):
    """Parameters narrow each other; a repeated one holds alternatives."""

    queue = IdFilter(field_name="queue_id")
    state = AnyOf(choices=Forecast.State.choices)
    published_from = MomentFilter(field_name="published_at", lookup_expr="gte")
    published_before = MomentFilter(field_name="published_at", lookup_expr="lt")

    class Meta:
        model = Forecast
        fields = ()


class PlannedStaffFilter(filters.FilterSet):
    queue = IdFilter(field_name="queue_id")
    valid_on = filters.DateFilter(method="keep_valid")

    class Meta:
        model = PlannedStaff
        fields = ()

    def keep_valid(
        self, blocks: QuerySet[PlannedStaff], name: str, value: object
    ) -> QuerySet[PlannedStaff]:
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=value)
        lasts = Q(valid_until__isnull=True) | Q(valid_until__gte=value)
        return blocks.filter(begun & lasts)


class CapacityEventFilter(filters.FilterSet):
    kind = AnyOf(choices=Event.Kind.choices)

    class Meta:
        model = Event
        fields = ("is_active",)


class InvestigationFilter(filters.FilterSet):
    queue = IdFilter(field_name="queue_id")
    owner = IdFilter(field_name="owner_id")
    state = AnyOf(choices=Investigation.State.choices)
    outcome = AnyOf(choices=Investigation.Outcome.choices)
    starts_from = filters.DateFilter(field_name="starts_on", lookup_expr="gte")
    starts_before = filters.DateFilter(field_name="starts_on", lookup_expr="lt")

    class Meta:
        model = Investigation
        fields = ()


class DecisionFilter(filters.FilterSet):
    owner = IdFilter(field_name="owner_id")
    kind = AnyOf(choices=Decision.Kind.choices)
    state = AnyOf(choices=Decision.State.choices)
    changed_from = MomentFilter(field_name="changed_at", lookup_expr="gte")
    changed_before = MomentFilter(field_name="changed_at", lookup_expr="lt")

    class Meta:
        model = Decision
        fields = ()
