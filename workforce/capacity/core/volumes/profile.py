"""What a queue's past looks like: missing days, sums by week, the mean week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


def missing_days(known: NDArray[np.bool_], first_weekday: int) -> NDArray[np.bool_]:
    """Days without data between known ones, of weekdays that usually have some.

    Parameters
    ----------
    known : bool[n]
        Whether each of n days in a row has data.
    first_weekday : int
        Weekday of the first, 0 = Monday.

    Returns
    -------
    bool[n]
        A weekday without data in more than half of its weeks is closed, not missing.
    """
    missing = np.zeros(len(known), dtype=bool)
    if not known.any():
        return missing
    inside = np.flatnonzero(known)
    span = slice(int(inside[0]), int(inside[-1]) + 1)
    weekdays = (np.arange(len(known)) + first_weekday) % 7
    missing[span] = ~known[span]
    for weekday in range(7):
        here = np.flatnonzero(weekdays[span] == weekday) + span.start
        if here.size and known[here].mean() <= 0.5:
            missing[here] = False
    return missing


def weekly_means(values: Floats) -> Floats:
    """Mean of the known days of each seven, the last seven last; NaN for none known.

    Parameters
    ----------
    values : f8[n]
        One value a day, NaN where unknown; what does not fill a week in front is left out.
    """
    weeks = values[len(values) % 7 :].reshape(-1, 7)
    known = ~np.isnan(weeks)
    counts = known.sum(axis=1)
    sums = np.where(known, weeks, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


@dataclass(frozen=True, slots=True)
class WeekProfile:
    """Mean contacts by slot of the day (rows) and weekday (columns).

    ``days`` counts the days that each weekday's mean is of.
    """

    mean: Floats
    days: NDArray[np.int64]


def week_profile(
    weekdays: NDArray[np.int64],
    slots: NDArray[np.int64],
    offered: Floats,
    known_weekdays: NDArray[np.int64],
    slots_a_day: int,
) -> WeekProfile:
    """The mean week of a queue.

    Parameters
    ----------
    weekdays, slots : i8[n]
        Of each interval that has a row.
    offered : f8[n]
    known_weekdays : i8[d]
        Weekday of each day that has data: an interval without a row is a zero of it.
    slots_a_day : int

    Returns
    -------
    WeekProfile
        NaN for a weekday without data.
    """
    sums = np.zeros((slots_a_day, 7))
    np.add.at(sums, (slots, weekdays), offered)
    days = np.bincount(known_weekdays, minlength=7)[:7]
    mean = np.where(days > 0, sums / np.maximum(days, 1), np.nan)
    return WeekProfile(mean, days)
