"""What a week that missed its forecast looks like: facts to start an investigation from.

None of them is a verdict. Each says what can be read from the numbers, so that a person
looks at the right place first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.bands import Band, total

DEVIATION = 0.15
"""A week further than this from its forecast is looked into, if chance cannot explain it."""

LEAST_DAYS = 3
WEEKDAY_WEEKS = 3
LONGER_HANDLING = 0.10
HOURS_SHARE = 0.6
BLOCK_HOURS = 3


@dataclass(frozen=True, eq=False)
class Week:
    """The days of a week that have both a volume and an expectation; f8 of one length."""

    days: tuple[date, ...]
    actual: NDArray[np.float64]
    band: Band

    @property
    def deviations(self) -> NDArray[np.float64]:
        """(actual − expected) ÷ expected of each day; NaN where nothing was expected."""
        mean = self.band.mean
        found: NDArray[np.float64] = np.full(len(mean), np.nan)
        np.divide(self.actual - mean, mean, out=found, where=mean > 0)
        return found

    def without(self, place: int) -> "Week":
        keep = np.arange(len(self.days)) != place
        return Week(
            tuple(day for day, kept in zip(self.days, keep, strict=True) if kept),
            self.actual[keep],
            Band(*(getattr(self.band, name)[keep] for name in Band.__slots__)),
        )


@dataclass(frozen=True)
class Outcome:
    """A week's sums: contacts, the 95 % band of the sum, the share it is off by."""

    actual: float
    expected: float
    low95: float
    high95: float
    n: int

    @property
    def deviation(self) -> float:
        return (self.actual - self.expected) / self.expected if self.expected else 0.0

    @property
    def is_large(self) -> bool:
        return abs(self.deviation) > DEVIATION

    @property
    def is_beyond_chance(self) -> bool:
        return not self.low95 <= self.actual <= self.high95

    @property
    def is_to_be_looked_into(self) -> bool:
        """Both: large enough to matter, and more than the band of the week allows.

        The share alone would open 44 % of the weeks of a queue with 3 contacts a day and
        a perfect forecast; the band alone 5 % of those of a queue with 600, each of them
        off by less than 15 %. Both together open 8 % and none (2,000 simulated weeks
        each), and find a week of half as much again in 63 % and in all.
        """
        return self.is_large and self.is_beyond_chance


def outcome_of(week: Week) -> Outcome:
    """Return the sums of a week and the band of its sum."""
    sums = total(week.band)
    return Outcome(
        float(week.actual.sum()), sums.mean, sums.low95, sums.high95, len(week.days)
    )


@dataclass(frozen=True)
class Cause:
    """One fact: a code, and the values its words need."""

    code: str
    values: Mapping[str, object]


def suspected(
    week: Week,
    earlier: Sequence[Week] = (),
    *,
    hours: Mapping[int, float] | None = None,
    missing: Sequence[date] = (),
    holidays: Mapping[date, str] | None = None,
    handle_times: tuple[float, float] | None = None,
) -> list[Cause]:
    """Return what stands out in a week, the most telling first.

    Parameters
    ----------
    week : Week
        The week looked into.
    earlier : sequence of Week
        The weeks before it, newest first, each against the forecast of its own time.
    hours : mapping of int to float, optional
        Contacts more than expected by hour of the day, over the week.
    missing : sequence of date
        Days that were forecast and have no volume.
    holidays : mapping of date to str, optional
        Public holidays of the week and what they are called.
    handle_times : (float, float), optional
        Mean handle time in seconds of this week, and of the eight weeks before.
    """
    found = [Cause("missing", {"days": tuple(missing)})] if missing else []
    found += [
        Cause("holiday", {"day": day, "name": name})
        for day, name in sorted((holidays or {}).items())
    ]
    found += _days_outside(week)
    found += _level(week, earlier)
    found += _weekdays(week, earlier)
    found += _hours(week, hours or {})
    found += _handling(handle_times)
    return found


def _days_outside(week: Week) -> list[Cause]:
    outside = (week.actual < week.band.low95) | (week.actual > week.band.high95)
    found = [
        Cause(
            "day",
            {
                "day": week.days[place],
                "actual": float(week.actual[place]),
                "expected": float(week.band.mean[place]),
                "deviation": float(week.deviations[place]),
            },
        )
        for place in np.flatnonzero(outside)
    ]
    if len(week.days) >= LEAST_DAYS and outside.any():
        worst = int(np.argmax(np.abs(week.actual - week.band.mean)))
        rest = outcome_of(week.without(worst))
        if not rest.is_large and outcome_of(week).is_large:
            values = {"day": week.days[worst], "rest": rest.deviation}
            found.append(Cause("one_day", values))
    return found


def _level(week: Week, earlier: Sequence[Week]) -> list[Cause]:
    signs = np.sign(week.actual - week.band.mean)
    if len(signs) < LEAST_DAYS or not (signs[0] and (signs == signs[0]).all()):
        return []
    before = []
    for each in earlier:
        past = outcome_of(each).deviation
        if np.sign(past) != signs[0] or abs(past) < DEVIATION / 2:
            break
        before.append(past)
    code = "lasting_level" if before else "level"
    values = {
        "n": len(signs),
        "is_above": bool(signs[0] > 0),
        "weeks": len(before),
        "median": float(np.nanmedian(week.deviations)),
    }
    return [Cause(code, values)]


def _weekdays(week: Week, earlier: Sequence[Week]) -> list[Cause]:
    """Weekdays that are off the same way for weeks while the others are not."""
    rows = np.full((1 + len(earlier), 7), np.nan)
    for index, each in enumerate((week, *earlier)):
        for day, deviation in zip(each.days, each.deviations, strict=True):
            rows[index, day.weekday()] = deviation
    found = []
    for weekday in range(7):
        own = rows[:, weekday][np.isfinite(rows[:, weekday])]
        others = np.delete(rows, weekday, axis=1)
        others = others[np.isfinite(others)]
        if len(own) <= WEEKDAY_WEEKS - 1 or not len(others):
            continue
        same = (np.sign(own) == np.sign(own[0])).all()
        typical = float(np.median(own))
        if (
            same
            and abs(typical) > DEVIATION
            and 2 * abs(np.median(others)) < abs(typical)
        ):
            values = {"weekday": weekday, "median": typical, "weeks": len(own)}
            found.append(Cause("weekday", values))
    return found


def _hours(week: Week, hours: Mapping[int, float]) -> list[Cause]:
    """Say the shortest block of up to three hours that holds most of the difference."""
    difference = float((week.actual - week.band.mean).sum())
    if not difference or len(hours) <= 2 * BLOCK_HOURS:
        return []
    for length in range(1, BLOCK_HOURS + 1):
        best = max(hours, key=lambda first: _share(hours, first, length, difference))
        share = _share(hours, best, length, difference)
        if HOURS_SHARE <= share <= 1:
            values = {"from": best, "until": best + length, "share": share}
            return [Cause("hours", values)]
    return []


def _share(
    hours: Mapping[int, float], first: int, length: int, difference: float
) -> float:
    block = sum(hours.get(hour, 0.0) for hour in range(first, first + length))
    return block / difference


def _handling(times: tuple[float, float] | None) -> list[Cause]:
    if times is None or not times[1]:
        return []
    change = times[0] / times[1] - 1
    if abs(change) < LONGER_HANDLING:
        return []
    values = {"now": times[0], "before": times[1], "change": change}
    return [Cause("handling", values)]


def week_of(
    days: Sequence[date], actual: ArrayLike, bands: Sequence[ArrayLike]
) -> Week:
    """Return a week from its days, contacts and the five columns of ``Band``, in order."""
    columns = (np.asarray(column, dtype="f8") for column in bands)
    return Week(tuple(days), np.asarray(actual, dtype="f8"), Band(*columns))
