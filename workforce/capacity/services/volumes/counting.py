"""Filling queues from tickets: one marked day after the other."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from workforce.capacity.core.volumes.counting import count_day as count
from workforce.capacity.core.volumes.slots import day_bounds
from workforce.capacity.models import DayVolume, DirtyVolumeDay, Queue
from workforce.capacity.selectors.ticket_facts import (
    Feed,
    facts_between,
    feeds,
    had_begun,
    open_at,
)
from workforce.capacity.services.volumes.marking import mark_days, mark_new_days
from workforce.capacity.services.volumes.writing import (
    locked_queue,
    write_day,
    write_ticket_rows,
)

ONE_RUN = 1000
"""Days counted by one run of the task: some ten seconds; the rest waits a minute."""

NEXT = timedelta(days=1)


def refresh_dirty(at: datetime, limit: int = ONE_RUN) -> dict[str, int]:
    """Count every marked day again, oldest first, up to ``limit`` of them.

    Safe to run twice and by several workers: a day without a mark is left alone.
    """
    mark_new_days(at)
    done = changed = 0
    while done < limit and (marked := _marked(limit - done)):
        for queue_id, day in marked:
            changed += count_day(queue_id=queue_id, day=day, at=at) or 0
            done += 1
    return {"days": done, "changed": changed}


def _marked(limit: int) -> list[tuple[int, date]]:
    rows = DirtyVolumeDay.objects.order_by("day", "queue").values_list("queue", "day")
    return list(rows.distinct()[:limit])


@transaction.atomic
def count_day(
    *, queue_id: int, day: date, at: datetime, marked_only: bool = True
) -> int | None:
    """Count one local day of a queue; return how many intervals changed.

    ``None`` when another worker has meanwhile removed the day's marks, or the queue is
    gone. The lock comes first, then the marks, then what the queue counts, then the
    tickets: a change that this count may have missed has a mark that it does not remove.

    When the day ends with another backlog than before, or is the first to be known, the
    next day is marked: so a change reaches exactly as far as it matters.
    """
    queue = locked_queue(queue_id)
    marks = DirtyVolumeDay.objects.filter(queue_id=queue_id, day=day)
    seen = list(marks.values_list("pk", flat=True))
    if queue is None or (marked_only and not seen):
        return None
    feed = next(iter(feeds([queue_id])), None)
    changed, backlog, began = _count(queue, feed, day, at)
    moved = write_day(queue, day, began=began, backlog=backlog)
    if feed and began:
        hand_on(queue, day, at, moved)
    for first in range(0, len(seen), 400):
        marks.filter(pk__in=seen[first : first + 400]).delete()
    return changed


def _count(
    queue: Queue, feed: Feed | None, day: date, at: datetime
) -> tuple[int, int | None, bool]:
    """Write the ticket rows; return changes, closing backlog, and whether it began."""
    bounds = day_bounds(queue.time_zone, day)
    start, end = (datetime.fromtimestamp(second, UTC) for second in bounds)
    if feed is None or start > at or not had_begun(feed, end):
        return write_ticket_rows(queue, day, {}), None, False
    counts, backlog = count(
        queue.time_zone,
        bounds,
        queue.interval_minutes,
        facts_between(feed, start, end),
        open_at(feed, start),
    )
    return write_ticket_rows(queue, day, counts), backlog, True


def hand_on(queue: Queue, day: date, at: datetime, moved: bool) -> None:
    """Mark the next day where the day counted gives it another backlog to begin with."""
    today = at.astimezone(ZoneInfo(queue.time_zone)).date()
    following = day + NEXT
    if following > today:
        return
    if moved or not DayVolume.objects.filter(queue=queue, day=following).exists():
        mark_days(queue.pk, [following])
