"""Days without data that lack nothing: public holidays, and days that a calendar closes."""

from collections.abc import Mapping, Sequence
from datetime import date

from workforce.capacity.core.volumes.slots import day_bounds
from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.hours import OpenHours, open_hours_of
from workforce.capacity.selectors.training import holidays_of


def without_closed_days(
    queues: Sequence[Queue], gaps: Mapping[int, Sequence[date]]
) -> dict[int, list[date]]:
    """Return the days of each queue on which it was open, by the queue's key.

    A queue without a country has no holidays, and one without a calendar is never
    closed. Four queries if a queue that has such days has a calendar, else none.
    """
    lacking = [queue for queue in queues if gaps[queue.pk]]
    if not lacking:
        return {queue.pk: [] for queue in queues}
    latest = max(max(gaps[queue.pk]) for queue in lacking)
    hours = open_hours_of(lacking, latest)
    return {
        queue.pk: _open_days(queue, gaps[queue.pk], hours.get(queue.pk))
        for queue in queues
    }


def _open_days(
    queue: Queue, days: Sequence[date], hours: OpenHours | None
) -> list[date]:
    if not days:
        return []
    holidays = holidays_of(queue, min(days).year, max(days).year)
    return [
        day for day in days if day not in holidays and not _is_closed(queue, day, hours)
    ]


def _is_closed(queue: Queue, day: date, hours: OpenHours | None) -> bool:
    if hours is None or hours.calendar is None:
        return False
    start, end = day_bounds(queue.time_zone, day)
    return not hours.calendar.between_many([start], [end])[0]
