"""How lists of quality are narrowed."""

from collections.abc import Sequence

import django_filters as filters
from django.db.models import QuerySet

from qa.models import (
    CalibrationSession,
    Review,
    SampleItem,
    SamplingDraw,
    ScorecardVersion,
)
from qa.selectors.sampling_sight import knows_why
from supportops.api.filters import AnyOf, IdFilter, MomentFilter


class VersionFilter(filters.FilterSet):
    scorecard = IdFilter(field_name="scorecard_id")
    state = AnyOf(choices=ScorecardVersion.State.choices)

    class Meta:
        model = ScorecardVersion
        fields = ()


class ReviewFilter(filters.FilterSet):
    """Parameters narrow each other; a repeated one holds alternatives."""

    agent = IdFilter(field_name="agent_id")
    team = IdFilter(field_name="team_id")
    reviewer = IdFilter(field_name="reviewer_id")
    ticket = IdFilter(field_name="ticket_id")
    scorecard = IdFilter(field_name="version__scorecard_id")
    state = AnyOf(choices=Review.State.choices)
    kind = AnyOf(choices=Review.Kind.choices)
    released_from = MomentFilter(field_name="released_at", lookup_expr="gte")
    released_before = MomentFilter(field_name="released_at", lookup_expr="lt")

    class Meta:
        model = Review
        fields = ("is_current", "basis")


class DrawFilter(filters.FilterSet):
    plan = IdFilter(field_name="plan_id")
    starts_from = filters.DateFilter(field_name="starts_on", lookup_expr="gte")
    starts_before = filters.DateFilter(field_name="starts_on", lookup_expr="lt")

    class Meta:
        model = SamplingDraw
        fields = ()


class ItemFilter(filters.FilterSet):
    draw = IdFilter(field_name="draw_id")
    agent = IdFilter(field_name="agent_id")
    reviewer = IdFilter(field_name="reviewer_id")
    ticket = IdFilter(field_name="ticket_id")
    state = AnyOf(choices=SampleItem.State.choices)
    why = AnyOf(choices=SampleItem.Why.choices, method="of_why")

    class Meta:
        model = SampleItem
        fields = ()

    def of_why(
        self, items: QuerySet[SampleItem], name: str, wanted: Sequence[str]
    ) -> QuerySet[SampleItem]:
        """What a person is not told cannot be found out by narrowing the list either."""
        if not knows_why(self.request.user):
            wanted = [why for why in wanted if why == SampleItem.Why.RULE]
        return items.filter(why__in=wanted)


class CalibrationFilter(filters.FilterSet):
    scorecard = IdFilter(field_name="version__scorecard_id")
    state = AnyOf(choices=CalibrationSession.State.choices)

    class Meta:
        model = CalibrationSession
        fields = ()
