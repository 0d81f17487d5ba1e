"""From when until when a queue can be counted, and where its days are missing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from workforce.capacity.models import DayVolume, Queue
from workforce.capacity.selectors.ticket_facts import feeds, tickets_of


def countable_span(
    queue: Queue, *, at: datetime, start: date | None = None, end: date | None = None
) -> tuple[date, date] | None:
    """Return the local days ``[start, end)`` that hold a ticket or a count of the queue.

    What is not given is the first such day, and the day after today. ``None`` where
    there is nothing to count.
    """
    zone = ZoneInfo(queue.time_zone)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    known = DayVolume.objects.filter(queue=queue).aggregate(Min("day"), Max("day"))
    days = [day for day in (known["day__min"], first_ticket_day(queue)) if day]
    if not days:
        return None
    ends = [
        tomorrow,
        *([known["day__max"] + timedelta(days=1)] if known["day__max"] else []),
    ]
    span = max(min(days), start or date.min), min(max(ends), end or date.max)
    return span if span[0] < span[1] else None


def first_ticket_day(queue: Queue) -> date | None:
    """The local day on which the first ticket of the queue came in."""
    for feed in feeds([queue.pk]):
        moments = tickets_of(feed).order_by("created_at")
        if first := moments.values_list("created_at", flat=True).first():
            return first.astimezone(ZoneInfo(feed.time_zone)).date()
    return None
