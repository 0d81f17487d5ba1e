"""The grid of intervals: wall-clock slots of a time zone, also where clocks change.

An interval is known by the moment it starts, in epoch seconds. It starts where the zone's
wall clock shows a multiple of its length since midnight, so a day whose clocks change has
one hour's intervals less or more, and each keeps its own start.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY_SECONDS = 86_400
DAY_MINUTES = 1440

Seconds = NDArray[np.int64]
Days = NDArray[np.datetime64]


def offsets(zone: str, epochs: ArrayLike) -> Seconds:
    """Seconds that the zone's wall clock is ahead of UTC at each moment.

    Parameters
    ----------
    zone : str
        IANA name.
    epochs : array_like of int, shape (n,)
        Epoch seconds, in any order.

    Returns
    -------
    i8[n]
        Seconds east of UTC.
    """
    moments = np.asarray(epochs, dtype=np.int64)
    if not moments.size:
        return np.empty(0, dtype=np.int64)
    first = int(moments.min()) // DAY_SECONDS
    last = int(moments.max()) // DAY_SECONDS
    starts, values = _spans(zone, first, last + 1)
    return values[np.searchsorted(starts, moments, side="right") - 1]


@lru_cache(maxsize=256)
def _spans(zone: str, first: int, last: int) -> tuple[Seconds, Seconds]:
    """Starts of the spans of one offset between two UTC days, and those offsets."""
    tz = ZoneInfo(zone)
    starts, values = [first * DAY_SECONDS], [_offset(tz, first * DAY_SECONDS)]
    for day in range(first, last):
        end = (day + 1) * DAY_SECONDS
        after = _offset(tz, end)
        if after != values[-1]:
            starts.append(_change(tz, day * DAY_SECONDS, end, after))
            values.append(after)
    return np.array(starts, dtype=np.int64), np.array(values, dtype=np.int64)


def _offset(tz: ZoneInfo, epoch: int) -> int:
    shift = datetime.fromtimestamp(epoch, tz).utcoffset() or timedelta()
    return int(shift.total_seconds())


def _change(tz: ZoneInfo, low: int, high: int, after: int) -> int:
    """First second in ``(low, high]`` from which the offset is ``after``."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, middle) == after:
            high = middle
        else:
            low = middle
    return high


def wall_clock(zone: str, epochs: ArrayLike) -> Days:
    """Local wall-clock times of epoch seconds, as datetime64[s] of shape (n,)."""
    moments = np.asarray(epochs, dtype=np.int64)
    return (moments + offsets(zone, moments)).astype("datetime64[s]")


def local_days(zone: str, epochs: ArrayLike) -> Days:
    """Local dates of epoch seconds, as datetime64[D] of shape (n,)."""
    return wall_clock(zone, epochs).astype("datetime64[D]")


def slot_starts(zone: str, epochs: ArrayLike, minutes: int) -> Seconds:
    """Start of the interval that each moment lies in.

    Parameters
    ----------
    zone : str
        IANA name.
    epochs : array_like of int, shape (n,)
    minutes : int
        Length of an interval; a divisor of 1440, which is a whole local day.

    Returns
    -------
    i8[n]
        Epoch seconds.

    Raises
    ------
    ValueError
        If ``minutes`` does not divide a day.
    """
    if minutes < 1 or DAY_MINUTES % minutes:
        raise ValueError(f"an interval divides a day: {minutes} minutes")
    moments = np.asarray(epochs, dtype=np.int64)
    if minutes == DAY_MINUTES:
        days, inverse = np.unique(local_days(zone, moments), return_inverse=True)
        starts = [day_bounds(zone, day)[0] for day in days.tolist()]
        return np.array(starts, dtype=np.int64)[inverse]
    return moments - (moments + offsets(zone, moments)) % (60 * minutes)


def day_bounds(zone: str, day: date) -> tuple[int, int]:
    """First second of a local day and of the next.

    Where clocks jump over midnight, the day starts at the jump.
    """
    tz = ZoneInfo(zone)
    start, end = (
        datetime.combine(each, time(), tzinfo=tz)
        for each in (day, day + timedelta(days=1))
    )
    return int(start.timestamp()), int(end.timestamp())


def slots_of_day(zone: str, day: date, minutes: int) -> Seconds:
    """Starts of all intervals of a local day: 46, 48 or 50 half-hours, for one."""
    start, end = day_bounds(zone, day)
    if minutes == DAY_MINUTES:
        return np.array([start], dtype=np.int64)
    return np.unique(slot_starts(zone, np.arange(start, end, 900), minutes))


def weekday_slots(
    zone: str, epochs: ArrayLike, minutes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Weekday (0 = Monday) and number of the slot in the day, by the wall clock."""
    clock = wall_clock(zone, epochs).astype(np.int64)
    weekdays = (clock // DAY_SECONDS + 3) % 7
    return weekdays, clock % DAY_SECONDS // (60 * minutes)


def exists(zone: str, clock: Days) -> NDArray[np.bool_]:
    """Whether the zone's wall clock ever shows these times: not what clocks jump over.

    Parameters
    ----------
    zone : str
        IANA name.
    clock : datetime64[s], shape (n,)
    """
    local = clock.astype("datetime64[s]").astype(np.int64)
    found = np.zeros(len(local), dtype=bool)
    # Of the offsets in force on the days around, one is right if any is.
    for shift in (-DAY_SECONDS, DAY_SECONDS):
        moments = local - offsets(zone, local + shift)
        found |= moments + offsets(zone, moments) == local
    return found


def local_moments(zone: str, clock: datetime) -> tuple[int, ...]:
    """Moments at which the zone's wall clock shows ``clock``: none, one or two of them.

    Parameters
    ----------
    zone : str
        IANA name.
    clock : datetime
        Without a zone.

    Returns
    -------
    tuple of int
        Epoch seconds in order. Empty for a time that clocks jump over.
    """
    tz = ZoneInfo(zone)
    found = set()
    for fold in (0, 1):
        moment = clock.replace(tzinfo=tz, fold=fold).astimezone(UTC)
        if moment.astimezone(tz).replace(tzinfo=None) == clock.replace(fold=0):
            found.add(int(moment.timestamp()))
    return tuple(sorted(found))
