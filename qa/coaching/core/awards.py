"""Weeks, months and quarters of awards, and who deserves one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Candidate:
    """One agent's adjusted score with its 95 % interval, in points of 100."""

    agent_id: int
    low: float
    value: float
    high: float
    n: int


def week_start(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    return day.replace(day=1)


def quarter_start(day: date) -> date:
    """Return the first day of the day's calendar quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def next_start(first: date, months: int) -> date:
    """Return the first day of the month that lies ``months`` after ``first``'s.

    Examples
    --------
    >>> next_start(date(2026, 10, 1), 3)
    datetime.date(2027, 1, 1)
    """
    index = 12 * first.year + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def best_by_lower_bound(
    candidates: Iterable[Candidate], *, min_n: int
) -> list[Candidate]:
    """Order candidates by what can be claimed of them.

    Parameters
    ----------
    candidates : iterable of Candidate
    min_n : int
        Reviews below which nobody is named.

    Returns
    -------
    list of Candidate
        By the lower end of the interval, best first: two lucky reviews do not win over
        twenty good ones. Ties go to more reviews, then to the lower id.
    """
    eligible = [each for each in candidates if each.n >= min_n]
    return sorted(eligible, key=lambda each: (-each.low, -each.n, each.agent_id))
