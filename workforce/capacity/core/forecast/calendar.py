"""What is known about each day before it comes: weekday, holidays, month, season."""

from dataclasses import dataclass

import numpy as np

from workforce.capacity.core.forecast.records import Floats, Ints
from workforce.capacity.core.forecast.series import weekdays

YEAR = 365.25
HARMONICS = 5
SPECIAL_COLUMNS = 6
"""Leading columns of `Calendar.features` that mark a holiday or its surroundings."""


@dataclass(frozen=True)
class Calendar:
    """Known facts of past and coming open days.

    Attributes
    ----------
    days : int64, shape (n,)
        Past days, then coming ones.
    weekday : int64, shape (n,)
    features : float64, shape (n, 10)
        0/1 columns: holiday, eve, day after, first and last open day around an extra
        closure, Christmas season, then days 1-3, 4-7, 14-16 and the last 3 of a month.
    yearly : float64, shape (n, 10)
        Sines and cosines of the year.
    special : bool, shape (n,)
        Whether one of the first five columns is set.
    drivers : float64, shape (n, k)
        Standardised drivers of volume, such as customers.
    """

    days: Ints
    weekday: Ints
    features: Floats
    yearly: Floats
    special: np.ndarray
    drivers: Floats

    @property
    def per_week(self) -> int:
        """Open days of a usual week."""
        return max(1, np.unique(self.weekday).size)


def build_calendar(days: Ints, holidays: Ints, drivers: Floats) -> Calendar:
    """Return the facts of each day; ``drivers`` has one row a day."""
    of_day = weekdays(days)
    features = np.column_stack(
        [
            *(np.isin(days + shift, holidays) for shift in (0, 1, -1)),
            *_around_closures(days, of_day),
            *_month_columns(days),
        ]
    ).astype(np.float64)
    angle = 2 * np.pi * np.outer(days / YEAR, np.arange(1, HARMONICS + 1))
    return Calendar(
        days=days,
        weekday=of_day,
        features=features,
        yearly=np.concatenate([np.cos(angle), np.sin(angle)], axis=1),
        special=np.asarray(features[:, : SPECIAL_COLUMNS - 1].any(axis=1)),
        drivers=drivers,
    )


def _around_closures(days: Ints, of_day: Ints) -> list[np.ndarray]:
    """First and last open days around a closure longer than the weekday's usual one."""
    gaps = np.diff(days)
    before = np.concatenate([[1], gaps])
    after = np.concatenate([gaps, [1]])
    return [_longer_than_usual(gap, of_day) for gap in (before, after)]


def _longer_than_usual(gaps: Ints, of_day: Ints) -> np.ndarray:
    usual = np.zeros(7)
    for weekday in np.unique(of_day):
        usual[weekday] = np.median(gaps[of_day == weekday])
    longer: np.ndarray = gaps > usual[of_day]
    return longer


def _month_columns(days: Ints) -> list[np.ndarray]:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype(np.int64) + 1
    length = ((months + 1).astype("datetime64[D]") - months).astype(np.int64)
    december = months.astype(np.int64) % 12 == 11
    christmas = december & (day >= 24) & (day != 25)
    return [
        christmas,
        day <= 3,
        (day > 3) & (day <= 7),
        (day >= 14) & (day <= 16),
        day > length - 3,
    ]
