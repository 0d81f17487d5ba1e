"""What can be said of an experiment: effect, guardrail, split, readers still needed."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil, isnan

from kb.core.arms import split_p_value
from kb.core.sequential import (
    Counts,
    Look,
    Verdict,
    course,
    look,
    readers_needed,
)
from kb.models import Experiment
from kb.selectors.experiments.counting import Tally, tallies

MISMATCH = 0.001
"""Below this p-value the split cannot be chance (see ``core.arms.split_p_value``)."""

EFFECTS = (0.05, 0.1, 0.2)
"""Differences for which the readers still needed are told, as shares."""

Outcome = Experiment.Outcome


@dataclass(frozen=True)
class Standing:
    """One experiment as it stands.

    ``judged`` is the look at the outcome it is judged by, ``guarded`` at the other one.
    ``verdict`` is the guardrail's when either outcome crossed it.
    """

    experiment: Experiment
    tally: Tally
    judged: Look
    guarded: Look
    verdict: Verdict
    split_p: float

    @property
    def is_mismatched(self) -> bool:
        return self.split_p < MISMATCH

    @property
    def other(self) -> Outcome:
        return other_outcome(self.experiment.outcome)

    @property
    def crossed(self) -> list[Outcome]:
        """Outcomes in which B is surely worse than the guardrail allows."""
        drop = float(self.experiment.guardrail_drop)
        looks = ((Outcome(self.experiment.outcome), self.judged), (self.other, self.guarded))  # fmt: skip
        return [outcome for outcome, one in looks if one.upper < -drop]


@dataclass(frozen=True)
class DayPoint:
    """What was known at the end of one day."""

    day: date
    a: Counts
    b: Counts
    effect: float | None
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True)
class Needed:
    """Outcomes that a difference takes in all, those still missing, and days for them."""

    effect: float
    in_all: int
    missing: int
    days: int | None


def other_outcome(outcome: str) -> Outcome:
    return Outcome.NO_TICKET if outcome == Outcome.HELPFUL else Outcome.HELPFUL


def standing_of(experiment: Experiment, *, at: datetime) -> Standing:
    """Judge one experiment."""
    return judge(experiment, tallies([experiment], at=at).get(experiment.pk, Tally()))


def standings(experiments: list[Experiment], *, at: datetime) -> list[Standing]:
    """Judge many, in the queries of one."""
    found = tallies(experiments, at=at)
    return [judge(each, found.get(each.pk, Tally())) for each in experiments]


def judge(experiment: Experiment, tally: Tally) -> Standing:
    judged = _look(experiment, tally, experiment.outcome)
    guarded = _look(experiment, tally, other_outcome(experiment.outcome))
    is_crossed = Verdict.GUARDRAIL in {judged.verdict, guarded.verdict}
    return Standing(
        experiment=experiment,
        tally=tally,
        judged=judged,
        guarded=guarded,
        verdict=Verdict.GUARDRAIL if is_crossed else judged.verdict,
        split_p=split_p_value(tally.b.readers, tally.readers, share=experiment.share_b),
    )


def _look(experiment: Experiment, tally: Tally, outcome: str) -> Look:
    return look(
        tally.a.counts(outcome),
        tally.b.counts(outcome),
        alpha=float(experiment.alpha),
        guardrail=float(experiment.guardrail_drop),
    )


def course_of(standing: Standing, outcome: str) -> list[DayPoint]:
    """Return what was known of an outcome at the end of each day."""
    tally = standing.tally
    days = tally.days(outcome)
    if not days:
        return []
    good_a, known_a = tally.a.by_day(outcome, days)
    good_b, known_b = tally.b.by_day(outcome, days)
    found = course(
        good_a, known_a, good_b, known_b, alpha=float(standing.experiment.alpha)
    )
    return [
        DayPoint(
            day=day,
            a=Counts(int(good_a[place]), int(known_a[place])),
            b=Counts(int(good_b[place]), int(known_b[place])),
            effect=_number(found.effect[place]),
            lower=float(found.lower[place]),
            upper=float(found.upper[place]),
            p_value=float(found.p_value[place]),
        )
        for place, day in enumerate(days)
    ]


def _number(value: float) -> float | None:
    return None if isnan(value) else float(value)


def needed_of(standing: Standing, *, at: datetime) -> list[Needed]:
    """Return what differences of some sizes still take, at the pace so far."""
    experiment = standing.experiment
    a, b = (arm.counts(experiment.outcome) for arm in (standing.tally.a, standing.tally.b))  # fmt: skip
    seen = a.readers + b.readers
    if not a.readers or experiment.started_at is None:
        return []
    past = (experiment.stopped_at or at) - experiment.started_at
    daily = seen / max(past.total_seconds() / 86400, 1.0)
    return needed(
        a.good / a.readers,
        share_b=float(experiment.share_b),
        alpha=float(experiment.alpha),
        seen=seen,
        daily=daily,
    )


def needed(
    base_rate: float, *, share_b: float, alpha: float, seen: int = 0, daily: float
) -> list[Needed]:
    """Return outcomes and days that differences of some sizes take.

    The sign is that which is harder to see and possible at this rate; a rate of 0 or 1
    is read as a hundredth from there, for readers who stay the same tell nothing.
    """
    rate = min(max(base_rate, 0.01), 0.99)
    found = []
    for effect in EFFECTS:
        signs = [sign * effect for sign in (1, -1) if 0 <= rate + sign * effect <= 1]
        if not signs:
            continue
        in_all = max(
            readers_needed(each, base_rate=rate, share_b=share_b, alpha=alpha)
            for each in signs
        )
        missing = max(in_all - seen, 0)
        days = ceil(missing / daily) if daily > 0 else None
        found.append(Needed(effect, in_all, missing, days))
    return found
