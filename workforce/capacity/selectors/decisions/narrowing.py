"""Which tickets a figure of a decision counts: those of its queues, or all, and says so."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from supportops.metrics.catalogue import Grain, Metric
from supportops.metrics.registry import dimensions, segment_kind
from workforce.capacity.models import Decision

Filters = Mapping[str, frozenset[int]]
OF_TICKETS = frozenset(
    {
        Grain.PROMISE, Grain.CREATED, Grain.RESOLVED, Grain.NOW, Grain.REVIEW,
        Grain.AGENT_WEEK, Grain.AGENT_DAY,
    }
)  # fmt: skip
"""Figures without a segment of these grains are narrowed as tickets are."""
OF_QUEUES = frozenset({Grain.QUEUE_DAY, Grain.INTERVAL})


def filters_of(decision: Decision) -> dict[str, frozenset[int]]:
    """Narrow figures to the queues of the decision, as far as all of them say how.

    A queue without ticket channels, or of every team, leaves that side open.
    """
    queues = list(decision.queues.prefetch_related("channels", "teams"))
    channels = [frozenset(each.pk for each in queue.channels.all()) for queue in queues]
    teams = [frozenset(each.pk for each in queue.teams.all()) for queue in queues]
    found = {}
    if channels and all(channels):
        found["channel"] = frozenset[int]().union(*channels)
    if teams and all(teams):
        found["team"] = frozenset[int]().union(*teams)
    return found


def fitting(metric: Metric, filters: Filters) -> dict[str, frozenset[int]]:
    """Keep of the queues' filters those that the facts of a metric have."""
    if metric.segment:
        known = segment_kind(metric.segment).dimensions
        return {name: held for name, held in filters.items() if name in known}
    return dict(filters) if metric.grain in OF_TICKETS else {}


def scope_words(metric: Metric, filters: Filters) -> str:
    """Say what a figure counts: “queues of this decision (channel: Chat)”, “all tickets”."""
    if filters:
        return _("queues of this decision (%(filters)s)") % {
            "filters": filters_words(filters)
        }
    if metric.grain in OF_QUEUES:
        return _("all queues")
    if metric.grain is Grain.CALCULATION:
        return _("the calculation used elsewhere")
    if metric.grain in OF_TICKETS or metric.grain is Grain.RATED_TWICE:
        return _("all tickets")
    return _("the whole help centre")


def filters_words(filters: Filters) -> str:
    """Write filters out: “channel: Chat, Phone; team: Billing”."""
    known = dimensions()
    parts = []
    for name, numbers in sorted(filters.items()):
        names = known[name].names(sorted(numbers))
        listed = ", ".join(names.get(each, str(each)) for each in sorted(numbers))
        parts.append(f"{known[name].label}: {listed}")
    return "; ".join(parts)
