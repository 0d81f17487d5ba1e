"""A draw as it would be taken: what could be drawn, what is, by whom it is reviewed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from qa.core import sampling
from qa.core.sampling.draw import (
    GOLD_WHY,
    OVERLAP_WHY,
    RANDOM_WHY,
    RULE_WHY,
    DrawInputs,
    DrawnItem,
    draw,
)
from qa.core.sampling.precision import half_width
from qa.models import SamplingPlan
from qa.selectors import sampling as selectors
from qa.selectors.sampling import frame as frames
from qa.services.sampling.refusals import (
    NoPublishedScorecard,
    NotAMonday,
    PeriodNotOver,
    SeedInvalid,
)

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class StratumRow:
    """One stratum over all agents; ``spread`` in points, ``None`` where unknown."""

    label: str
    size: int
    drawn: int
    spread: float | None


@dataclass(frozen=True, slots=True)
class AgentRow:
    """What one agent gets: ``half`` is the half-width it buys, in points."""

    agent: int
    available: int
    quota: int
    items: tuple[DrawnItem, ...]
    half: float
    spread: selectors.Spread

    @property
    def drawn(self) -> int:
        return sum(item.why == RANDOM_WHY for item in self.items)

    @property
    def flagged(self) -> int:
        return sum(item.why == RULE_WHY for item in self.items)


@dataclass(frozen=True, slots=True)
class LoadRow:
    """What one reviewer gets, by reason."""

    reviewer: int
    random: int
    flagged: int
    second: int
    gold: int

    @property
    def total(self) -> int:
        return self.random + self.flagged + self.second + self.gold


@dataclass(frozen=True, slots=True)
class DrawPreview:
    """A draw as it would be taken; nothing of it is stored."""

    plan: SamplingPlan
    starts_on: date
    ends_on: date
    seed: int
    inputs: DrawInputs
    items: list[DrawnItem]
    frame_hash: str
    strata: list[StratumRow]
    agents: list[AgentRow]
    load: list[LoadRow]
    uncovered: list[int]

    @property
    def frame_size(self) -> int:
        return len(self.inputs.frame)

    @property
    def unassigned(self) -> int:
        return sum(item.reviewer is None for item in self.items)


def preview_draw(
    *, plan: SamplingPlan, starts_on: date, seed: int, at: datetime
) -> DrawPreview:
    """Return the draw that ``take_draw`` takes with this seed now. Writes nothing.

    Raises ``NotAMonday``, ``PeriodNotOver``, ``SeedInvalid`` or
    ``NoPublishedScorecard``. An empty frame and a plan without reviewers are shown.
    """
    _refuse_period(plan, starts_on, at)
    _refuse_seed(seed)
    if frames.published_version_of(plan) is None:
        raise NoPublishedScorecard(
            _("“%(scorecard)s” has no published version. Publish it, then draw.")
            % {"scorecard": plan.scorecard}
        )
    inputs = frames.draw_inputs(plan, starts_on, at)
    items = draw(inputs, seed)
    agents = _agent_rows(inputs, items, at)
    return DrawPreview(
        plan=plan,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=frames.DAYS),
        seed=seed,
        inputs=inputs,
        items=items,
        frame_hash=sampling.frame_hash(inputs.frame),
        strata=_stratum_rows(inputs, items),
        agents=agents,
        load=_load_rows(inputs, items),
        uncovered=frames.uncovered_agents(
            plan, starts_on, (row.agent for row in agents)
        ),
    )


def _refuse_period(plan: SamplingPlan, starts_on: date, at: datetime) -> None:
    if starts_on.weekday() != 0:
        raise NotAMonday(
            _("A draw covers a week from Monday; %(day)s is none.") % {"day": starts_on}
        )
    _start, end = frames.week_bounds(plan, starts_on)
    if end > at:
        raise PeriodNotOver(
            _("The week from %(day)s is not over yet. Draw an earlier one.")
            % {"day": starts_on}
        )


def _refuse_seed(seed: int) -> None:
    if not 0 <= seed <= LARGEST_SEED:
        raise SeedInvalid(
            _("A seed is a whole number from 0 to %(most)s.") % {"most": LARGEST_SEED}
        )


# What a preview shows ---------------------------------------------------------------------


def _stratum_rows(inputs: DrawInputs, items: Iterable[DrawnItem]) -> list[StratumRow]:
    sizes = Counter(row.stratum for row in inputs.frame)
    drawn = Counter(item.stratum for item in items if item.why == RANDOM_WHY)
    return [
        StratumRow(label, size, drawn[label], inputs.spreads.get(label))
        for label, size in sorted(sizes.items())
    ]


def _agent_rows(
    inputs: DrawInputs, items: Sequence[DrawnItem], at: datetime
) -> list[AgentRow]:
    available = Counter(row.agent for row in inputs.frame)
    found: dict[int, list[DrawnItem]] = {agent: [] for agent in available}
    for item in items:
        if item.why in {RANDOM_WHY, RULE_WHY}:
            found[item.agent].append(item)
    spreads = selectors.score_spreads(agent_ids=available, at=at)
    return [
        AgentRow(
            agent=agent,
            available=available[agent],
            quota=inputs.quotas.get(agent, 0),
            items=tuple(sorted(drawn, key=lambda item: (item.why, item.ticket))),
            half=half_width(
                spreads[agent].points,
                sum(item.why == RANDOM_WHY for item in drawn),
                available[agent],
            ),
            spread=spreads[agent],
        )
        for agent, drawn in sorted(found.items())
    ]


def _load_rows(inputs: DrawInputs, items: Iterable[DrawnItem]) -> list[LoadRow]:
    given = Counter((item.reviewer, item.why) for item in items)
    return [
        LoadRow(
            person,
            given[person, RANDOM_WHY],
            given[person, RULE_WHY],
            given[person, OVERLAP_WHY],
            given[person, GOLD_WHY],
        )
        for person in sorted({*inputs.reviewers, *inputs.trainees})
    ]
