"""How good the invented agents are, how severe their reviewers, and what both lead to.

Nothing here knows the database. The truth is known, so that what the portal estimates
can be held against it: one agent improves after coaching, one reviewer is harsh, one
lenient, and one becomes more lenient month by month until somebody notices.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

AGENTS = {
    # Points above or below the floor, at the start and at the end of the year.
    "mei.tanaka": (3.0, 3.0),
    "ana.moreau": (2.5, 4.0),
    "jonas.weber": (-9.0, -7.0),
    "leila.haddad": (7.0, 7.0),
    "pavel.novak": (-8.0, 3.0),
    "sofia.rossi": (5.0, 5.0),
    "tomas.lindqvist": (0.0, -1.0),
    "iris.okafor": (1.0, 2.0),
}
WEAK_SPOT = {"jonas.weber": "communication", "pavel.novak": "process_adherence"}
STRONG_SPOT = {"leila.haddad": "customer_experience", "sofia.rossi": "solution_quality"}
REVIEWERS = {
    "david.brandt": -3.5,
    "mei.tanaka": 3.0,
    "nora.keller": 0.0,
    "priya.raman": 0.0,
}
DRIFTING = "priya.raman"
DRIFT_POINTS = 9.0
DRIFT_FROM = 0.6
"""Share of the year after which the drift begins; it is complete at its end."""
FLOOR = 85.0
TICKET_SD = 7.0
CRITERION_SD = 0.05
RESIDUAL_SD = 3.5
CRITICAL = {
    "solution_quality": 0.004,
    "communication": 0.003,
    "process_adherence": 0.005,
}
"""Chance that a review finds the worst level of a criterion; a weak spot has thrice it."""
SPOT = 0.13


@dataclass(frozen=True, slots=True)
class Judged:
    """What one reviewer would put down for one ticket."""

    levels: Mapping[str, str]
    is_careful: bool


def agent_level(agent: str, share_of_year: float) -> float:
    """Return an agent's true level at a moment of the year (0–1), in points."""
    start, end = AGENTS.get(agent, (0.0, 0.0))
    return FLOOR + start + (end - start) * share_of_year


def severity(reviewer: str, share_of_year: float) -> float:
    """Return how far a reviewer stands above (+) the truth, in points."""
    drifted = max(0.0, share_of_year - DRIFT_FROM) / (1 - DRIFT_FROM)
    extra = DRIFT_POINTS * drifted if reviewer == DRIFTING else 0.0
    return REVIEWERS.get(reviewer, 0.0) + extra


def ticket_luck(random: np.random.Generator, count: int) -> np.ndarray:
    """Return how well each ticket went, beside its agent: shape (count,), in points."""
    return random.normal(0.0, TICKET_SD, count)


def satisfaction(
    random: np.random.Generator, went: np.ndarray, *, answered: float = 0.28
) -> np.ndarray:
    """Return the customer's 1–5 for each ticket, 0 where nobody answered.

    Parameters
    ----------
    random : Generator
    went : ndarray, shape (n,)
        How well each ticket went, in points above the floor.
    answered : float
        Share of customers who answer; the unhappy a little more often.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    felt = 4.35 + went / 11.0 + random.normal(0.0, 0.9, went.size)
    stars = np.clip(np.rint(felt), 1, 5).astype(np.int64)
    chance = np.where(stars <= 2, 1.5 * answered, answered)
    return np.where(random.random(went.size) < chance, stars, 0)


def judge(
    random: np.random.Generator,
    scale: Mapping[str, Mapping[str, float]],
    *,
    agent: str,
    reviewer: str,
    went: float,
    share_of_year: float,
) -> Judged:
    """Put down a level for each criterion.

    Parameters
    ----------
    random : Generator
    scale : mapping of criterion to mapping of level to its share of the maximum (0–1)
    agent, reviewer : str
        User names of the story.
    went : float
        How well this ticket went beside its agent's level, in points.
    share_of_year : float
        0 at the start of the year, 1 at its end.

    Returns
    -------
    Judged
    """
    points = (
        agent_level(agent, share_of_year)
        + went
        + severity(reviewer, share_of_year)
        + random.normal(0.0, RESIDUAL_SD)
    )
    chosen = {}
    for criterion, levels in scale.items():
        aim = points / 100 + random.normal(0.0, CRITERION_SD)
        if WEAK_SPOT.get(agent) == criterion:
            aim -= SPOT * (1 if agent != "pavel.novak" else 1 - share_of_year)
        if STRONG_SPOT.get(agent) == criterion:
            aim += SPOT
        chance = CRITICAL.get(criterion, 0.0)
        if WEAK_SPOT.get(agent) == criterion:
            chance *= 3
        if random.random() < chance:
            aim = 0.0
        chosen[criterion] = min(levels, key=lambda key: abs(levels[key] - aim))
    return Judged(levels=chosen, is_careful=bool(points > FLOOR + TICKET_SD))
