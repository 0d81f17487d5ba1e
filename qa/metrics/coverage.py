"""Review coverage: of those who resolved tickets in a week, who was reviewed."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qa.metrics.segments import REVIEWS
from supportops.metrics.catalogue import Figure
from supportops.metrics.scopes import Scope, visible_rows
from tickets.metrics.segments import RESOLVED
from workforce.people.models import User

WEEK = timedelta(days=7)
Pairs = set[tuple[int, int]]


def whole_weeks(start: date, end: date) -> list[tuple[date, date]]:
    """Weeks from Monday inside ``[start, end)``; the period itself if there is none."""
    first = start + timedelta(days=-start.weekday() % 7)
    weeks = []
    while first + WEEK <= end:
        weeks.append((first, first + WEEK))
        first += WEEK
    return weeks or [(start, end)]


def agent_weeks(scope: Scope) -> tuple[Pairs, Pairs]:
    """Pairs of week and agent: those with a resolved ticket, and those of them reviewed.

    Only people who still work here and were not merely named by an import are expected
    to be reviewed.
    """
    found: tuple[Pairs, Pairs] = scope.facts.once(
        ("agent weeks", scope.key), lambda: _agent_weeks(scope)
    )
    return found


def _agent_weeks(scope: Scope) -> tuple[Pairs, Pairs]:
    weeks = whole_weeks(scope.start, scope.end)
    edges = np.array([start.toordinal() for start, _end in weeks])
    last = weeks[-1][1].toordinal()

    def pairs(day: NDArray[np.int64], agent: NDArray[np.int64]) -> Pairs:
        inside = (day >= edges[0]) & (day < last)
        week = np.searchsorted(edges, day[inside], side="right") - 1
        return set(zip(week.tolist(), agent[inside].tolist(), strict=True))

    rows = scope.without("scorecard").select(RESOLVED)
    sight = scope.sight(REVIEWS)
    if sight is not None:
        rows = rows.where(visible_rows(rows, sight))
    reviews = scope.select(REVIEWS)
    people = _reviewed_people(scope)
    expected = {pair for pair in pairs(rows["day"], rows["agent"]) if pair[1] in people}
    return expected, expected & pairs(reviews["day"], reviews["agent"])


def _reviewed_people(scope: Scope) -> set[int]:
    def ask() -> set[int]:
        people = User.objects.filter(
            is_active=True, is_automation=False, imported_from=""
        )
        return set(people.values_list("pk", flat=True))

    found: set[int] = scope.facts.once(("people", "reviewed"), ask)
    return found


def coverage(scope: Scope) -> Figure:
    """The share of agent-weeks with a review; a count of everybody, so no interval."""
    expected, reviewed = agent_weeks(scope)
    if not expected:
        return Figure(value=None, n=0, hits=0)
    return Figure(
        value=len(reviewed) / len(expected), n=len(expected), hits=len(reviewed)
    )
