"""From the intervals that have a row to a regular series, with zeros where it was open."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.volumes.slots import DAY_MINUTES, DAY_SECONDS, exists

Clock = NDArray[np.datetime64]
Pattern = NDArray[np.bool_]
Floats = NDArray[np.float64]


def calendar_pattern(weekly: Iterable[tuple[int, int, int]], minutes: int) -> Pattern:
    """Weekday × slot that weekly hours touch.

    Parameters
    ----------
    weekly : iterable of (weekday, opens, closes)
        0 = Monday; minutes after midnight.
    minutes : int
        Length of a slot.

    Returns
    -------
    bool[7, 1440 / minutes]
        A slot that is open for a part of it is open.
    """
    pattern = np.zeros((7, DAY_MINUTES // minutes), dtype=bool)
    for weekday, opens, closes in weekly:
        pattern[weekday, opens // minutes : -(-closes // minutes)] = True
    return pattern


def observed_pattern(clock: Clock, offered: Floats, minutes: int) -> Pattern:
    """Weekday × slot in which at least one contact has come in.

    Parameters
    ----------
    clock : datetime64[s], shape (n,)
        Local wall-clock starts.
    offered : f8[n]
    minutes : int
        Length of a slot.
    """
    pattern = np.zeros((7, DAY_MINUTES // minutes), dtype=bool)
    seconds = clock.astype("datetime64[s]").astype(np.int64)[offered > 0]
    weekdays = (seconds // DAY_SECONDS + 3) % 7
    pattern[weekdays, seconds % DAY_SECONDS // (60 * minutes)] = True
    return pattern


def dense_series(
    zone: str,
    clock: Clock,
    offered: Floats,
    days: Sequence[date],
    pattern: Pattern,
) -> tuple[Clock, Floats]:
    """Add a zero for every open slot of a known day that has no row.

    Parameters
    ----------
    zone : str
        IANA name: a time that its clocks jump over gets no zero.
    clock : datetime64[s], shape (n,)
        Local wall-clock starts, of known days.
    offered : f8[n]
    days : sequence of date
        Days that have data.
    pattern : bool[7, slots]
        Which slots are open on which weekday.

    Returns
    -------
    datetime64[s], shape (m,)
        In order; a time that comes twice when clocks go back is there twice.
    f8[m]
    """
    known = np.array(days, dtype="datetime64[D]")
    weekdays = (known.astype(np.int64) + 3) % 7
    rows, slots = np.nonzero(pattern[weekdays])
    length = np.timedelta64(DAY_SECONDS // pattern.shape[1], "s")
    midnights: Clock = known[rows].astype("datetime64[s]")
    regular = midnights + slots * length
    missing: Clock = regular[~np.isin(regular, clock)]
    stamps = np.concatenate([clock, missing[exists(zone, missing)]])
    values = np.concatenate([offered, np.zeros(len(stamps) - len(clock))])
    order = np.argsort(stamps, kind="stable")
    return stamps[order], values[order]
