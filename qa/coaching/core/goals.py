"""Goals as predicates: what a figure must reach, and what may be said of it yet."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """Stored codes of goals and milestones."""

    OPEN = "OPEN"
    MET = "MET"
    MISSED = "MISSED"
    NOT_ENOUGH = "NOT_ENOUGH"


@dataclass(frozen=True)
class Measured:
    """A figure with what it was made of.

    Parameters
    ----------
    value : float or None
        In the metric's unit; None without cases.
    n : int
        Cases under it.
    low, high : float or None
        95 % interval, where one is defined.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Predicate:
    """Bounds that a figure must keep, from at least ``min_n`` cases. Bounds pass."""

    at_least: float | None = None
    at_most: float | None = None
    min_n: int = 1

    def holds(self, value: float) -> bool:
        """Tell whether ``value`` keeps the bounds."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def standing(self, found: Measured) -> Verdict:
        """Say how a figure stands now, were the time over.

        Parameters
        ----------
        found : Measured

        Returns
        -------
        Verdict
            ``NOT_ENOUGH`` below ``min_n`` cases, however good the value is.
        """
        if found.value is None or found.n < self.min_n:
            return Verdict.NOT_ENOUGH
        return Verdict.MET if self.holds(found.value) else Verdict.MISSED

    def is_sure(self, found: Measured) -> bool:
        """Tell whether the whole interval lies on the side of the value.

        False without an interval: nothing is known then of how sure it is.
        """
        if found.value is None or found.low is None or found.high is None:
            return False
        sides = {self.holds(each) for each in (found.low, found.value, found.high)}
        return len(sides) == 1

    def judge(self, found: Measured, *, is_over: bool) -> Verdict:
        """Return what is stored: ``OPEN`` until the time is over."""
        return self.standing(found) if is_over else Verdict.OPEN


def counted_days(starts_on: date, ends_on: date, today: date) -> tuple[date, date]:
    """Return the days ``[first, after)`` that a goal is counted over as of ``today``.

    Parameters
    ----------
    starts_on, ends_on : date
        Both inside.
    today : date
        Inside, as far as it has gone.

    Returns
    -------
    tuple of date
        Empty (equal) before the goal begins.
    """
    after = min(ends_on, today) + timedelta(days=1)
    return starts_on, max(starts_on, after)


def milestone_weeks(days: int) -> tuple[int, ...]:
    """Return the weeks at which a plan of so many days is looked at.

    Parameters
    ----------
    days : int

    Returns
    -------
    tuple of int
        2, 4, 6 and 8, as far as they lie inside; a plan of 90 days also has week 12.

    Examples
    --------
    >>> milestone_weeks(30)
    (2, 4)
    """
    return tuple(week for week in (2, 4, 6, 8, 12) if 7 * week <= days)
