"""What a forecast learns from: a queue's history as a regular series of local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sla.core.public_holidays import public_holidays
from workforce.capacity.core.volumes.history import (
    calendar_pattern,
    dense_series,
    observed_pattern,
)
from workforce.capacity.core.volumes.slots import wall_clock
from workforce.capacity.models import DayVolume, Queue
from workforce.capacity.selectors.volumes import intervals

DAYS = 1100
"""Three years and a bit: enough to see every season twice."""


@dataclass(frozen=True, slots=True)
class History:
    """Contacts offered by interval, with zeros inside the open hours of known days.

    ``timestamps`` are local wall-clock starts; the hour that comes twice when clocks go
    back is there twice. ``gaps`` are days without data between the first and the last.
    """

    timestamps: NDArray[np.datetime64]
    offered: NDArray[np.float64]
    first: date | None
    last: date | None
    n_days: int
    gaps: list[date]


def history(queue: Queue, until: date, days: int = DAYS) -> History:
    """Return what is known of the queue in the ``days`` local days before ``until``."""
    start = until - timedelta(days=days)
    known = _known_days(queue, start, until)
    if not known:
        nothing = np.empty(0)
        return History(nothing.astype("datetime64[s]"), nothing, None, None, 0, [])
    series = intervals(queue, start, until)
    clock = wall_clock(queue.time_zone, series.starts)
    pattern = _calendar_hours(queue) | observed_pattern(
        clock, series.offered, queue.interval_minutes
    )
    stamps, offered = dense_series(
        queue.time_zone, clock, series.offered, known, pattern
    )
    every = {known[0] + timedelta(days=n) for n in range((known[-1] - known[0]).days)}
    return History(
        stamps, offered, known[0], known[-1], len(known), sorted(every - set(known))
    )


def open_pattern(queue: Queue, until: date, days: int = DAYS) -> NDArray[np.bool_]:
    """Weekday × slot in which the queue is staffed or something has ever come in."""
    series = intervals(queue, until - timedelta(days=days), until)
    clock = wall_clock(queue.time_zone, series.starts)
    return _calendar_hours(queue) | observed_pattern(
        clock, series.offered, queue.interval_minutes
    )


def holidays_of(queue: Queue, start_year: int, end_year: int) -> frozenset[date]:
    """Return the public holidays of the queue's country in these years, both included."""
    return country_holidays(queue.country, start_year, end_year)


def country_holidays(code: str, start_year: int, end_year: int) -> frozenset[date]:
    """Return the holidays of a code such as DE or DE-BE; none for an empty one."""
    return frozenset(_named_holidays(code, start_year, end_year))


def holiday_names(queue: Queue, start: date, end: date) -> dict[date, str]:
    """Return the public holidays of the queue's country in ``[start, end)`` by day."""
    found = _named_holidays(queue.country, start.year, end.year)
    return {day: name for day, name in found.items() if start <= day < end}


def _named_holidays(code: str, start_year: int, end_year: int) -> Mapping[date, str]:
    if not code:
        return {}
    country, _dash, part = code.partition("-")
    return public_holidays(country, part, start_year, end_year)


def _known_days(queue: Queue, start: date, until: date) -> list[date]:
    rows = DayVolume.objects.filter(queue=queue, day__gte=start, day__lt=until)
    return list(rows.order_by("day").values_list("day", flat=True))


def _calendar_hours(queue: Queue) -> NDArray[np.bool_]:
    """The calendar's weekly hours; without one, nothing beyond what was observed."""
    weekly: list[tuple[int, int, int]] = []
    if queue.calendar and queue.calendar.is_always_open:
        weekly = [(weekday, 0, 1440) for weekday in range(7)]
    elif queue.calendar:
        hours = queue.calendar.intervals.values_list(
            "weekday", "starts_minute", "ends_minute"
        )
        weekly = list(hours)
    return calendar_pattern(weekly, queue.interval_minutes)
