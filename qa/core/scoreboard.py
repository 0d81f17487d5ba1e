"""What a scoreboard says: scores with interval, number, basis and adjustment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from qa.core.severity import SeverityModel

NOTHING = 0.05
"""Points below which a step is not worth a line."""
CERTAIN = 0.95
"""Probability from which on one agent is said to be above another."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of ``n`` values with its 95 % t interval, where two values give one."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n`` with the 95 % Wilson interval; no value where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    hits: int
    n: int


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """Mean of one criterion in percent of its maximum, over random reviews."""

    key: str
    title: str
    mean: Mean


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that moved a score from the plain mean to the adjusted one.

    ``kind`` is ``reviewer`` (``n`` of ``of`` reviews by somebody who scores ``bias``
    points above the others), ``second`` (blind second reviews added), or ``shrink``
    (drawn towards the mean of all).
    """

    kind: str
    points: float
    reviewer_id: int = 0
    n: int = 0
    of: int = 0
    bias: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class ReviewerLevel:
    """How far a reviewer scores above the others, in points, with the interval."""

    reviewer_id: int
    name: str
    n: int
    bias: float
    low: float
    high: float
    component: int

    @property
    def is_certain(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class AgentScore:
    """One agent's score and everything needed to read it rightly."""

    agent_id: int
    name: str
    team_id: int | None
    team: str
    random: Mean
    targeted: Mean
    weighted: float | None
    adjusted: float | None
    low: float | None
    high: float | None
    shrinkage: float | None
    component: int | None
    rank_low: int | None
    rank_high: int | None
    fails: Share
    criteria: tuple[CriterionMean, ...]
    model: SeverityModel | None = field(default=None, repr=False, compare=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What leads from the plain mean to the adjusted score, largest first."""
        if self.model is None or self.adjusted is None or self.random.value is None:
            return ()
        return _steps(self.model, self.agent_id, self.adjusted, self.random)

    @property
    def n(self) -> int:
        return self.random.n + self.targeted.n

    @property
    def share_random(self) -> float | None:
        return self.random.n / self.n if self.n else None

    @property
    def best(self) -> float | None:
        """The adjusted score, or the plain mean where nothing could be adjusted."""
        return self.random.value if self.adjusted is None else self.adjusted

    @property
    def moved(self) -> float | None:
        if self.adjusted is None or self.random.value is None:
            return None
        return self.adjusted - self.random.value


def _steps(
    model: SeverityModel, agent: int, adjusted: float, plain: Mean
) -> tuple[Step, ...]:
    """Itemise a score; the points add up exactly, but for steps too small to tell."""
    place = int(np.searchsorted(model.agent_ids, agent))
    shares = model.itemise(agent)
    of = sum(share.n for share in shares)
    steps = []
    for reviewer, n, bias, points in shares:
        at = int(np.searchsorted(model.reviewer_ids, reviewer))
        low, high = float(model.reviewer_low[at]), float(model.reviewer_high[at])
        steps.append(Step("reviewer", points, reviewer, n, of, bias, low, high))
    start = plain.value or 0.0
    second = float(model.agent_raw[place]) - start
    rest = adjusted - start - second - sum(step.points for step in steps)
    steps += [
        Step("second", second, n=of - plain.n, of=of),
        Step("shrink", rest, of=of),
    ]
    return tuple(step for step in steps if abs(step.points) >= NOTHING)


@dataclass(frozen=True, slots=True)
class TeamScore:
    """One team as its members were in it when they were reviewed."""

    team_id: int | None
    name: str
    agents: int
    random: Mean
    targeted: Mean
    fails: Share


@dataclass(frozen=True, slots=True)
class Comparison:
    """What can be said of two agents. ``p`` is the probability of the first above."""

    first: AgentScore
    second: AgentScore
    p: float | None

    @property
    def verdict(self) -> str:
        """One of ``above``, ``below``, ``unknown``, ``apart`` (no comparison at all)."""
        if self.p is None:
            return "apart"
        if self.p >= CERTAIN:
            return "above"
        return "below" if self.p <= 1 - CERTAIN else "unknown"


@dataclass(frozen=True)
class Scoreboard:
    """Scores of a window, best first; ranks are ranges among those shown.

    ``random``, ``targeted``, ``fails`` and ``criteria`` are over the reviews shown;
    ``level``, the adjusted mean of all, and the spreads are over everybody's.
    """

    start: date
    end: date
    agents: tuple[AgentScore, ...]
    teams: tuple[TeamScore, ...]
    reviewers: Mapping[int, ReviewerLevel]
    random: Mean
    targeted: Mean
    fails: Share
    criteria: tuple[CriterionMean, ...]
    components: int
    level: float | None
    agent_sd: float | None
    reviewer_sd: float | None
    residual_sd: float | None
    model: SeverityModel | None

    @cached_property
    def _by_id(self) -> dict[int, AgentScore]:
        return {row.agent_id: row for row in self.agents}

    def agent(self, agent_id: int) -> AgentScore | None:
        return self._by_id.get(agent_id)

    def compare(self, first_id: int, second_id: int) -> Comparison:
        """Say what is known of two agents; raises ``KeyError`` for one not here."""
        first, second = self._by_id[first_id], self._by_id[second_id]
        same = first.component is not None and first.component == second.component
        p = None
        if same and self.model is not None:
            p = float(self.model.prob_above(first_id, second_id))
        return Comparison(first, second, p)
