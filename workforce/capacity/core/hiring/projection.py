"""Need against have, month by month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.hiring.leavers import leavers_interval
from workforce.capacity.core.hiring.people import (
    RAMP,
    Cohort,
    Days,
    effective,
    not_yet,
    present,
    staying,
)
from workforce.capacity.core.hiring.timing import add_months

Need = Callable[[Sequence[date]], Sequence[float | None]]
"""Full-time equivalents needed in each month, by its first day; ``None`` is unknown."""


@dataclass(frozen=True)
class Month:
    """One month; every number is a full-time equivalent, averaged over its days.

    ``now`` are those here today who are still here, the new ones among them by their
    ramp; ``hires`` what people still to come carry by theirs; ``employed`` all of them
    counted as if each were fully there.
    ``leavers`` are those of today's team expected to be gone by the month's end, between
    ``leavers_low`` and ``leavers_high`` in four of five cases. ``gap`` is need less have:
    above zero somebody is missing.
    """

    start: date
    end: date
    need: float | None
    now: float
    hires: float
    employed: float
    leavers: float
    leavers_low: int
    leavers_high: int
    have_low: float
    have_high: float

    @property
    def have(self) -> float:
        return self.now + self.hires

    @property
    def gap(self) -> float | None:
        return None if self.need is None else self.need - self.have


@dataclass(frozen=True)
class Team:
    """Who is there and how they come and go.

    ``cohorts`` are still to come. ``joined`` are among ``people_now`` already, and are
    known to be new or to leave on a day.
    """

    people_now: float
    attrition: float
    cohorts: tuple[Cohort, ...] = ()
    ramp: tuple[float, ...] = RAMP
    joined: tuple[Cohort, ...] = ()


def months_ahead(today: date, months: int) -> list[date]:
    """Return the first day of this month and of those that follow."""
    return [add_months(today.replace(day=1), index) for index in range(months)]


def days_of(start: date, today: date) -> Days:
    """Return the days of a month that are not over yet."""
    first = np.datetime64(max(start, today), "D")
    return np.asarray(np.arange(first, np.datetime64(add_months(start, 1), "D")))


def project(team: Team, *, today: date, months: int, need: Need) -> list[Month]:
    """Return need and have of this month and of those that follow.

    Each day is computed and the month is their mean, so somebody who joins in mid-month
    counts for the days they are there, at the share of a load that their ramp says. Of
    the current month the days left are averaged.

    Parameters
    ----------
    team : Team
    today : date
    months : int
        How many, the current one included.
    need : callable
        Full-time equivalents by first day of month.

    Raises
    ------
    ValueError
        For attrition that is not within 0 to 1, without 1, and a need that is NaN.
    """
    starts = months_ahead(today, months)
    needs = need(starts)
    if any(needed is not None and not isfinite(needed) for needed in needs):
        raise ValueError("a need is not a number; one that is not known is None")
    return [
        _month(team, today, start, needed)
        for start, needed in zip(starts, needs, strict=True)
    ]


def _month(team: Team, today: date, start: date, needed: float | None) -> Month:
    days = days_of(start, today)
    end = add_months(start, 1)
    staffed = team.people_now * float(staying(days, today, team.attrition).mean())
    new = sum(
        float(not_yet(days, each, team.attrition, team.ramp, today).mean())
        for each in team.joined
    )
    # A team that is typed smaller than those who just joined is nobody, not less.
    now = max(staffed - new, 0.0)
    gone_share = 1 - float(staying(_one(end), today, team.attrition)[0])
    expected = team.people_now * gone_share
    low, high = leavers_interval(expected)
    hires = sum(
        float(effective(days, each, team.attrition, team.ramp).mean())
        for each in team.cohorts
    )
    # As the month's mean and its end differ, the band is moved with the mean.
    mean_gone = team.people_now - staffed
    scale = mean_gone / expected if expected else 0.0
    return Month(
        start=start,
        end=end,
        need=needed,
        now=now,
        hires=hires,
        employed=staffed
        + sum(float(present(days, c, team.attrition).mean()) for c in team.cohorts),
        leavers=expected,
        leavers_low=low,
        leavers_high=high,
        # Whole leavers of a small team can all lie on one side of what is expected.
        have_low=min(max(team.people_now - new - scale * high, 0.0), now) + hires,
        have_high=max(team.people_now - new - scale * low, now) + hires,
    )


def _one(day: date) -> NDArray[np.datetime64]:
    return np.array([day], "datetime64[D]")


def doubled(attrition: float) -> float:
    """Return twice the attrition, below 1."""
    return min(2 * attrition, 0.99)
