"""How promise lists of the API are narrowed."""

import django_filters as filters

from sla.models import PolicyVersion, SlaClock
from supportops.api.filters import AnyOf, IdFilter, MomentFilter


class ClockFilter(filters.FilterSet):
    """Parameters narrow each other; a repeated one holds alternatives."""

    ticket = IdFilter(field_name="ticket_id")
    policy_version = IdFilter(field_name="policy_version_id")
    metric = AnyOf(choices=SlaClock.Metric.choices)
    state = AnyOf(choices=SlaClock.State.choices)
    due_from = MomentFilter(field_name="due_at", lookup_expr="gte")
    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")
    judged_from = MomentFilter(field_name="judged_at", lookup_expr="gte")
    judged_before = MomentFilter(field_name="judged_at", lookup_expr="lt")

    class Meta:
        model = SlaClock
        fields = ("is_kept", "is_excluded")


class VersionFilter(filters.FilterSet):
    policy = IdFilter(field_name="policy_id")
    state = AnyOf(choices=PolicyVersion.State.choices)
    in_force_at = MomentFilter(method="keep_in_force")

    class Meta:
        model = PolicyVersion
        fields = ()

    def keep_in_force(self, queryset, name, value):
        since = queryset.filter(
            state=PolicyVersion.State.PUBLISHED, effective_from__lte=value
        )
        return since.exclude(effective_to__lte=value)
