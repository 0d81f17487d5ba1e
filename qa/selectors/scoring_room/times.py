"""How long a ticket took, beside what its category usually takes."""

from collections.abc import Iterable
from statistics import median

from sla.models import SlaClock
from tickets.models import Ticket

RECENT = 200
"""Tickets of a category that a usual time is taken from, at most."""
ANSWERED = (SlaClock.Metric.FIRST_RESPONSE, SlaClock.Metric.RESOLUTION)


def promises_of(ticket: Ticket) -> dict[str, SlaClock]:
    """Return the last ended first response and resolution of a ticket. One query."""
    clocks = SlaClock.objects.filter(
        ticket=ticket, metric__in=ANSWERED, stopped_at__isnull=False
    )
    return {clock.metric: clock for clock in clocks.order_by("cycle")}


def resolution_times(
    ticket: Ticket, promises: dict[str, SlaClock] | None = None
) -> tuple[float | None, float | None, int]:
    """Return the seconds this ticket took, the usual ones, and of how many tickets.

    Business time without pauses, as the resolution promise counted it: nobody records how
    long an agent's hands were on a ticket. The usual is the median of the latest others
    of the same category. Two queries, one where ``promises`` are read already.
    """
    if promises is None:
        promises = promises_of(ticket)
    clock = promises.get(SlaClock.Metric.RESOLUTION)
    if clock is None or clock.is_excluded or not ticket.resolved_at:
        return None, None, 0
    if not ticket.category_id:
        return float(clock.elapsed_seconds), None, 0
    others = list(_of_category(ticket))
    usual = float(median(others)) if others else None
    return float(clock.elapsed_seconds), usual, len(others)


def _of_category(ticket: Ticket) -> Iterable[int]:
    return (
        SlaClock.objects.filter(
            metric=SlaClock.Metric.RESOLUTION,
            stopped_at__lt=ticket.resolved_at,
            is_excluded=False,
            ticket__category=ticket.category_id,
        )
        .exclude(ticket=ticket)
        .order_by("-stopped_at")
        .values_list("elapsed_seconds", flat=True)[:RECENT]
    )
