"""Today of many queues at once: four queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from workforce.capacity.core.bands import NAMES, Total
from workforce.capacity.core.curves import Curve, curve_of
from workforce.capacity.models import (
    Forecast,
    ForecastDay,
    IntervalVolume,
    Queue,
)
from workforce.capacity.selectors.volumes import local_bounds

A_DAY = timedelta(days=1)
DAY_MINUTES = 1440


class Status(StrEnum):
    """What can be said of a queue's day."""

    NO_FORECAST = "no_forecast"
    CLOSED = "closed"
    WHOLE_DAYS = "whole_days"
    NOT_BEGUN = "not_begun"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, eq=False)
class TodayRow:
    """One queue's day: ``until`` is the epoch second up to which volumes are complete."""

    queue: Queue
    day: date
    status: Status
    curve: Curve | None
    until: int
    whole: Total | None = None
    """The day as forecast, with the band of whole days that was published."""

    @property
    def is_alert(self) -> bool:
        return self.curve is not None and self.curve.is_alert


def local_day(queue: Queue, at: datetime) -> date:
    return at.astimezone(ZoneInfo(queue.time_zone)).date()


def overview(queues: Iterable[Queue], at: datetime) -> list[TodayRow]:
    """Return today of each queue, on the queue's own clock."""
    wanted = list(queues)
    if not wanted:
        return []
    days = {queue.pk: local_day(queue, at) for queue in wanted}
    stored = _stored(days)
    came = _came(wanted, days)
    fed = _fed_by_tickets(wanted)
    return [
        _row(queue, days[queue.pk], stored.get(queue.pk), came[queue.pk], fed, at)
        for queue in wanted
    ]


def _stored(days: dict[int, date]) -> dict[int, tuple[dict[str, Any], Total | None]]:
    """Return today's intervals and total of each published forecast that reaches today.

    They are empty where it has no row for the day: the queue is closed.
    """
    published = Forecast.objects.filter(
        queue__in=days, state=Forecast.State.PUBLISHED
    ).values_list("queue_id", "starts_on", "ends_on")
    found: dict[int, tuple[dict[str, Any], Total | None]] = {
        queue_id: ({}, None)
        for queue_id, first, last in published
        if first <= days[queue_id] <= last
    }
    rows = ForecastDay.objects.filter(
        forecast__queue__in=days,
        forecast__state=Forecast.State.PUBLISHED,
        day__in=set(days.values()),
    ).order_by()
    columns = rows.values_list("forecast__queue_id", "day", "intervals", *NAMES)
    return found | {
        queue_id: (intervals, Total(**dict(zip(NAMES, totals, strict=True)), n=1))
        for queue_id, day, intervals, *totals in columns
        if days[queue_id] == day
    }


def _came(
    queues: Sequence[Queue], days: dict[int, date]
) -> dict[int, dict[int, float]]:
    bounds = {
        queue.pk: local_bounds(queue, days[queue.pk], days[queue.pk] + A_DAY)
        for queue in queues
    }
    rows = IntervalVolume.objects.filter(
        queue__in=bounds,
        starts_at__gte=min(first for first, _ in bounds.values()),
        starts_at__lt=max(last for _, last in bounds.values()),
    ).values_list("queue_id", "starts_at", "offered")
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for queue_id, starts_at, offered in rows:
        first, last = bounds[queue_id]
        if first <= starts_at < last:
            found[queue_id][int(starts_at.timestamp())] = float(offered)
    return found


def _fed_by_tickets(queues: Sequence[Queue]) -> set[int]:
    """Return the queues that tickets fill; the others wait for an import."""
    through = Queue.channels.through.objects.filter(queue__in=[q.pk for q in queues])
    return set(through.values_list("queue_id", flat=True))


def _row(
    queue: Queue,
    day: date,
    stored: tuple[dict[str, Any], Total | None] | None,
    came: dict[int, float],
    fed: set[int],
    at: datetime,
) -> TodayRow:
    now = int(at.timestamp())
    seconds = 60 * queue.interval_minutes
    last = max(came, default=0) + seconds if came else 0
    until = now if queue.pk in fed else min(now, last)
    if stored is None:
        return TodayRow(queue, day, Status.NO_FORECAST, None, until)
    intervals, whole = stored
    if not sum(intervals.get("mean", [])):
        return TodayRow(queue, day, Status.CLOSED, None, until)
    if queue.interval_minutes == DAY_MINUTES:
        return TodayRow(queue, day, Status.WHOLE_DAYS, None, until)
    curve = curve_of(intervals, came, until=until, minutes=queue.interval_minutes)
    return TodayRow(queue, day, _status(curve), curve, until, whole)


def _status(curve: Curve) -> Status:
    if not curve.known:
        return Status.NOT_BEGUN
    return Status.OVER if curve.known == len(curve.starts) else Status.RUNNING
