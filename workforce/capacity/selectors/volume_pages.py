"""One queue's volumes over a period: sums, weeks, the mean week."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.volumes.profile import (
    WeekProfile,
    missing_days,
    week_profile,
)
from workforce.capacity.core.volumes.slots import DAY_MINUTES, weekday_slots
from workforce.capacity.models import DayVolume, Queue
from workforce.capacity.selectors.closed_days import without_closed_days
from workforce.capacity.selectors.volumes import DayTable, days, intervals

PROFILE_DAYS = 91
"""The mean week is of the period's last thirteen weeks: an older week is another one."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Contacts of some days; a share or mean is ``None`` where there is nothing to divide."""

    first: date
    last: date
    days: int
    offered: float
    handled: float
    abandoned: float
    timed: float
    handle_seconds: float
    backlog: float | None

    @property
    def a_day(self) -> float | None:
        return self.offered / self.days if self.days else None

    @property
    def abandoned_share(self) -> float | None:
        return self.abandoned / self.offered if self.offered else None

    @property
    def handle_mean(self) -> float | None:
        return self.handle_seconds / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class QueuePeriod:
    """What the queue's page shows of the local days ``[start, end)``."""

    table: DayTable
    total: Sums
    weeks: list[Sums]
    profile: WeekProfile
    profile_from: date
    gaps: list[date]


def first_and_last(queue: Queue) -> tuple[date, date] | None:
    """The first and the last local day that the queue has data of."""
    known = DayVolume.objects.filter(queue=queue).order_by("day")
    first = known.values_list("day", flat=True).first()
    last = known.values_list("day", flat=True).last()
    return (first, last) if first and last else None


def queue_period(queue: Queue, start: date, end: date) -> QueuePeriod:
    """Return what is known of a period, in two queries, or six to tell closed days."""
    table = days([queue.pk], start, end)
    since = max(start, end - timedelta(days=PROFILE_DAYS))
    places = np.flatnonzero(missing_days(table.known[0], start.weekday()))
    gaps = [start + timedelta(days=int(place)) for place in places]
    return QueuePeriod(
        table=table,
        total=_sums(table, 0, len(table.days)),
        weeks=_weeks(table, start),
        profile=_profile(queue, table, since, end),
        profile_from=since,
        gaps=without_closed_days([queue], {queue.pk: gaps})[queue.pk],
    )


def _weeks(table: DayTable, start: date) -> list[Sums]:
    """Sums of the calendar weeks, newest first; the outer ones may be cut."""
    edges = [0, *range((7 - start.weekday()) % 7 or 7, len(table.days), 7)]
    spans = zip(edges, [*edges[1:], len(table.days)], strict=True)
    weeks = [_sums(table, first, last) for first, last in spans]
    return [week for week in reversed(weeks) if week.days]


def _sums(table: DayTable, first: int, last: int) -> Sums:
    def total(values: NDArray[np.float64]) -> float:
        return float(np.nansum(values[0, first:last]))

    backlogs = table.backlog[0, first:last]
    backlogs = backlogs[~np.isnan(backlogs)]
    start = table.days[0].item() if len(table.days) else date.min
    return Sums(
        first=start + timedelta(days=first),
        last=start + timedelta(days=max(first, last - 1)),
        days=int(table.known[0, first:last].sum()),
        offered=total(table.offered),
        handled=total(table.handled),
        abandoned=total(table.abandoned),
        timed=total(table.timed),
        handle_seconds=total(table.handle_seconds),
        backlog=float(backlogs[-1]) if backlogs.size else None,
    )


def _profile(queue: Queue, table: DayTable, since: date, end: date) -> WeekProfile:
    series = intervals(queue, since, end)
    weekdays, slots = weekday_slots(
        queue.time_zone, series.starts, queue.interval_minutes
    )
    known = table.days[table.known[0] & (table.days >= np.datetime64(since))]
    return week_profile(
        weekdays,
        slots,
        series.offered,
        (known.astype(np.int64) + 3) % 7,
        DAY_MINUTES // queue.interval_minutes,
    )
