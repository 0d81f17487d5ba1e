"""Scores of agents with what they are worth: interval, number, basis, adjustment.

A score is made of reviews of tickets drawn at random. Tickets chosen for a reason stand
beside it and never inside it. The adjusted score takes out how far each reviewer scores
above or below the others and is drawn towards the mean of all, the more the fewer
reviews there are (``qa.core.severity``). Second, blind reviews help to compare
reviewers; they are part of the adjusted score and not of the plain mean.
"""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Max, Q, Sum

from qa.core.scoreboard import (
    CERTAIN,
    AgentScore,
    Comparison,
    CriterionMean,
    Mean,
    ReviewerLevel,
    Scoreboard,
    Share,
    Step,
    TeamScore,
)
from qa.selectors.scores.rows import everybody, shown
from qa.selectors.scores.table import Table, rated_in, read_table, window

__all__ = [
    "CERTAIN",
    "AgentScore",
    "Comparison",
    "CriterionMean",
    "Mean",
    "ReviewerLevel",
    "Scoreboard",
    "Share",
    "Step",
    "TeamScore",
    "scoreboard",
    "window",
]

CACHED = 32
"""Windows that a worker keeps: three megabytes for 500 agents and 32,500 reviews."""


def scoreboard(
    *,
    start: date,
    end: date,
    team_ids: Collection[int] | None = None,
    agent_ids: Collection[int] | None = None,
    scorecard_id: int | None = None,
) -> Scoreboard:
    """Score everybody reviewed on UTC days ``[start, end)``, by day of release.

    Teams and agents narrow what is shown; reviewers are compared on everything in the
    window, so that a score does not change with the filter. Whose scores a person may
    see is for the caller to decide.
    """
    newest = _newest(start, end, scorecard_id)
    table, known = _read(start, end, scorecard_id, newest)
    return shown(
        table, known, start=start, end=end, team_ids=team_ids, agent_ids=agent_ids
    )


@lru_cache(maxsize=CACHED)
def _read(
    start: date, end: date, scorecard_id: int | None, newest: tuple[Any, ...]
) -> tuple[Table, dict[int, AgentScore]]:
    """Read a window with everybody's scores; filters and names are applied to it."""
    table = read_table(start, end, scorecard_id)
    return table, everybody(table)


def _newest(start: date, end: date, scorecard_id: int | None) -> tuple[Any, ...]:
    """What differs as soon as any review of the window counts differently."""
    found = rated_in(start, end, scorecard_id).aggregate(
        n=Count("pk"),
        changed=Max("changed_at"),
        points=Sum("score"),
        who=Sum(F("agent_id") * 31 + F("reviewer_id")),
        which=Sum("pk"),
        card=Sum("version_id"),
        team=Sum("team_id"),
        random=Count("pk", filter=Q(basis="RANDOM")),
        fails=Count("pk", filter=Q(is_critical_fail=True)),
    )
    return tuple(found.values())


def forget() -> None:
    """Drop what this process has read.

    For measuring how long reading takes, and between tests: what one of them rolls back
    leaves its keys free, so that the next may write other reviews that look the same.
    """
    _read.cache_clear()
