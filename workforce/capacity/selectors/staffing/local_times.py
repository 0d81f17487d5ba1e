"""Intervals of a queue in its own zone: which weekday, day and minute each begins on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.models import Queue

DAY_SECONDS = 86400
A_DAY = 1440
# 1970-01-01 was a Thursday, weekday 3.
_EPOCH_WEEKDAY = 3

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LocalTimes:
    """Starts of intervals as epoch seconds, and what a clock on the wall shows then.

    ``days`` counts days since 1970-01-01 and ``minutes`` those after local midnight.
    """

    starts: Ints
    days: Ints
    minutes: Ints

    @property
    def weekdays(self) -> Ints:
        return (self.days + _EPOCH_WEEKDAY) % 7

    def date_of(self, place: int) -> date:
        return day_of(int(self.days[place]))


def day_of(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def number_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the epoch second at which a local day begins."""
    return int(datetime.combine(day, time(), tzinfo=zone).timestamp())


def local_times(starts: Ints, zone: ZoneInfo) -> LocalTimes:
    """Read each moment on the wall clock of a zone.

    The zone's offset is asked for once a UTC day, and once an interval on the few days
    on which it changes: a year of half hours costs milliseconds.
    """
    starts = np.asarray(starts, np.int64)
    if not starts.size:
        return LocalTimes(starts, starts, starts)
    utc_days, place = np.unique(starts // DAY_SECONDS, return_inverse=True)
    first = np.array([_offset(int(d) * DAY_SECONDS, zone) for d in utc_days])
    last = np.array([_offset(int(d + 1) * DAY_SECONDS - 1, zone) for d in utc_days])
    offsets = first[place]
    for row in np.flatnonzero((first != last)[place]):
        offsets[row] = _offset(int(starts[row]), zone)
    wall = starts + offsets
    return LocalTimes(starts, wall // DAY_SECONDS, wall % DAY_SECONDS // 60)


def _offset(epoch: int, zone: ZoneInfo) -> int:
    delta = datetime.fromtimestamp(epoch, UTC).astimezone(zone).utcoffset()
    assert delta is not None  # noqa: S101 -- a zone always has one
    return int(delta.total_seconds())


def day_grid(queue: Queue, start: date, end: date) -> tuple[Ints, Floats]:
    """Return starts and lengths in seconds of every interval of the days [start, end).

    A day on which the clocks change has an hour more or less.
    """
    zone = ZoneInfo(queue.time_zone)
    count = max(0, (end - start).days)
    edges = np.array(
        [midnight(start + timedelta(days=day), zone) for day in range(count + 1)],
        np.int64,
    )
    if queue.interval_minutes == A_DAY:
        return edges[:-1], np.diff(edges).astype(np.float64)
    step = queue.interval_minutes * 60
    starts = np.arange(edges[0], edges[-1], step, dtype=np.int64)
    return starts, np.full(len(starts), float(step))
