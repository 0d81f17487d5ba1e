"""The fewest people to hire that close the gap, and how to split them by level.

The rule, month by month from the nearest: who is to close a month's gap carries a full
load when the month begins. People on their ramp never count towards closing it. Each
month takes the fewest whole people that are still missing after those suggested for
earlier months. A month that nobody hired today could be at full load for stays open and
is said so: hiring more to make up for half-trained people would leave too many later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, isclose

import numpy as np

from workforce.capacity.core.hiring.people import Cohort, effective, ramp_days
from workforce.capacity.core.hiring.projection import Month, Team, days_of
from workforce.capacity.core.hiring.timing import LeadTime, Timing, add_months, timing

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Suggested:
    """So many people who join on a day; ``needed_until`` set when only for a while."""

    people: int
    timing: Timing
    month: date
    needed_until: date | None


@dataclass(frozen=True)
class Suggestion:
    """What to hire; ``open_months`` are those that hiring today cannot close."""

    hires: tuple[Suggested, ...]
    open_months: tuple[date, ...]

    @property
    def people(self) -> int:
        return sum(each.people for each in self.hires)


def suggest(
    team: Team, months: Sequence[Month], *, today: date, lead: LeadTime
) -> Suggestion:
    """Return the fewest people that close every gap that can still be closed.

    Parameters
    ----------
    team : Team
        Ramp and attrition, which those suggested are subject to as well.
    months : sequence of Month
        As from ``project``, with the hires that are planned already.
    today : date
    lead : LeadTime
        Nobody joins before ``today`` and the shorter time.

    Notes
    -----
    It is the smallest number: only those at full load by a month may close it, later
    joiners have lost fewer to attrition, so moving somebody to an earlier month never
    helps a later one.
    """
    first_day = add_months(today, lead.low)
    chosen: list[tuple[int, date, Month]] = []
    still_open = []
    for month in months:
        missing = _missing(team, month, chosen, today)
        if missing <= TOLERANCE:
            continue
        joins_on = _joins_for(month.start, team)
        if joins_on < first_day:
            still_open.append(month.start)
            continue
        each = _carried(team, joins_on, month, today)
        chosen.append((_whole(missing / each), joins_on, month))
    hires = [
        Suggested(people, timing(joins_on, lead, team.ramp), month.start, None)
        for people, joins_on, month in chosen
    ]
    until = _needed_until(team, chosen, months, today)
    return Suggestion(_marked(hires, until), tuple(still_open))


def _missing(
    team: Team, month: Month, chosen: list[tuple[int, date, Month]], today: date
) -> float:
    """Return what a month lacks beside those at full load among the chosen."""
    if month.gap is None:
        return 0.0
    there = sum(
        people * _carried(team, joins_on, month, today)
        for people, joins_on, _ in chosen
    )
    return month.gap - there


def _carried(team: Team, joins_on: date, month: Month, today: date) -> float:
    one = Cohort(1, joins_on)
    days = days_of(month.start, today)
    return float(effective(days, one, team.attrition, team.ramp).mean())


def _joins_for(month_start: date, team: Team) -> date:
    return month_start - timedelta(days=ramp_days(team.ramp))


def _whole(people: float) -> int:
    return max(1, ceil(people - TOLERANCE))


def _needed_until(
    team: Team,
    chosen: list[tuple[int, date, Month]],
    months: Sequence[Month],
    today: date,
) -> list[date | None]:
    """Return, person by person in order of joining, when nobody needs them any more.

    Somebody is needed in a month that those before them do not cover alone. ``None``
    for those who are needed in the last month known.
    """
    before = np.zeros(len(months))
    gaps = np.array([month.gap or 0.0 for month in months])
    found: list[date | None] = []
    for people, joins_on, of in chosen:
        each = np.array(
            [
                _carried(team, joins_on, month, today)
                if month.start >= of.start
                else 0.0
                for month in months
            ]
        )
        for _ in range(people):
            last = int(np.flatnonzero(gaps - before > TOLERANCE).max())
            found.append(None if last == len(months) - 1 else months[last].end)
            before += each
    return found


def _marked(
    hires: Sequence[Suggested], until: Sequence[date | None]
) -> tuple[Suggested, ...]:
    """Split each group by when its people are needed until."""
    found: list[Suggested] = []
    place = 0
    for group in hires:
        mine = until[place : place + group.people]
        place += group.people
        found += [
            Suggested(mine.count(end), group.timing, group.month, end)
            for end in dict.fromkeys(mine)
        ]
    return tuple(found)


# Levels -----------------------------------------------------------------------------------

STAGES: dict[str, dict[str, float]] = {
    "BLUEPRINT": {"L1": 0.65, "L2": 0.30, "L3": 0.05},
    "EARLY": {"L1": 5 / 8, "L2": 2 / 8, "L3": 1 / 8},
    "GROWTH": {"L1": 8 / 12, "L2": 3 / 12, "L3": 1 / 12},
    "SCALE": {"L1": 10 / 14, "L2": 3 / 14, "L3": 1 / 14},
    "ENTERPRISE": {"L1": 6 / 12, "L2": 4 / 12, "L3": 2 / 12},
}
"""Shares of the levels by stage of the company; the first by share of tickets solved."""


def checked_ratios(ratios: Mapping[str, float]) -> dict[str, float]:
    """Return ratios that add up to 1.

    Raises
    ------
    ValueError
        For a share below 0, or a sum that is not 1 within a thousandth.
    """
    if any(share < 0 for share in ratios.values()):
        raise ValueError("a share is not below 0")
    if not isclose(sum(ratios.values()), 1.0, abs_tol=1e-3):
        raise ValueError("the shares of the levels add up to 1")
    return dict(ratios)


def split(
    people: int, ratios: Mapping[str, float], now: Mapping[str, float] | None = None
) -> dict[str, int]:
    """Return how many of the people to hire at each level.

    Each further person goes to the level that is furthest below its share of the team
    with that person; of equals, to the one named first.

    Parameters
    ----------
    people : int
    ratios : mapping of str to float
        Share of each level; adds up to 1.
    now : mapping of str to float, optional
        People at each level today.
    """
    shares = checked_ratios(ratios)
    have = {level: float((now or {}).get(level, 0)) for level in shares}
    hired = dict.fromkeys(shares, 0)
    for _ in range(people):
        size = sum(have.values()) + 1
        level = max(shares, key=lambda each: shares[each] * size - have[each])
        have[level] += 1
        hired[level] += 1
    return hired
