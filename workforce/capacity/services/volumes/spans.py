"""Counting many days of a queue in one go: what `counting` does day by day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from workforce.capacity.core.volumes.counting import (
    Counted,
    count_day,
    open_before,
)
from workforce.capacity.core.volumes.slots import day_bounds
from workforce.capacity.models import DirtyVolumeDay, Queue
from workforce.capacity.selectors.ticket_facts import (
    Feed,
    facts_between,
    feeds,
    first_moment,
    open_at,
)
from workforce.capacity.services.volumes.counting import hand_on
from workforce.capacity.services.volumes.writing import (
    locked_queue,
    write_days,
    write_ticket_rows,
)

SPAN_DAYS = 28
"""Days counted under one lock: a fraction of a second."""


@transaction.atomic
def count_span(*, queue_id: int, start: date, end: date, at: datetime) -> int:
    """Count the local days ``[start, end)`` of a queue; return how many intervals changed.

    What is written equals `count_day` of one day after the other, and the order of lock,
    marks, feed and tickets is the same. Only the last day can move a backlog that is not
    counted here.
    """
    queue = locked_queue(queue_id)
    if queue is None or start >= end:
        return 0
    marks = DirtyVolumeDay.objects.filter(
        queue_id=queue_id, day__gte=start, day__lt=end
    )
    newest = marks.order_by("-pk").values_list("pk", flat=True).first()
    feed = next(iter(feeds([queue_id])), None)
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    counts, backlogs = _ledger(queue, feed, days, at)
    changed = write_ticket_rows(queue, start, counts, end=end)
    moved = write_days(queue, days, backlogs)
    if days[-1] in backlogs:
        hand_on(queue, days[-1], at, days[-1] in moved)
    if newest is not None:
        marks.filter(pk__lte=newest).delete()
    return changed


def _ledger(
    queue: Queue, feed: Feed | None, days: Sequence[date], at: datetime
) -> tuple[dict[int, Counted], dict[date, int]]:
    """Intervals of the days, and the closing backlog of each day the queue had begun."""
    first = first_moment(feed) if feed else None
    if feed is None or first is None:
        return {}, {}
    bounds = {day: day_bounds(queue.time_zone, day) for day in days}
    known = [
        day
        for day in days
        if bounds[day][0] <= at.timestamp() and first.timestamp() < bounds[day][1]
    ]
    if not known:
        return {}, {}
    begin, finish = bounds[known[0]][0], bounds[known[-1]][1]
    opened = datetime.fromtimestamp(begin, UTC)
    tickets = facts_between(feed, opened, datetime.fromtimestamp(finish, UTC))
    base = open_at(feed, opened)
    counts: dict[int, Counted] = {}
    backlogs: dict[date, int] = {}
    for day in known:
        found, backlogs[day] = count_day(
            queue.time_zone,
            bounds[day],
            queue.interval_minutes,
            [ticket for ticket in tickets if ticket.touches(bounds[day])],
            open_before(tickets, base, begin, bounds[day][0]),
        )
        counts |= found
    return counts, backlogs
