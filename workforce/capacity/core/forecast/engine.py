"""From trained history to means, bounds and figures of every method."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from workforce.capacity.core.accuracy import (
    bias,
    mase,
    naive_scale,
    noise_floor,
    wape,
)
from workforce.capacity.core.forecast.levels import Doubt
from workforce.capacity.core.forecast.opening import Mask
from workforce.capacity.core.forecast.profile import shares, weekday_profiles
from workforce.capacity.core.forecast.records import (
    LEVELS,
    RECIPE,
    Backtest,
    Figures,
    Floats,
)
from workforce.capacity.core.forecast.series import weekdays
from workforce.capacity.core.forecast.spread import (
    Errors,
    Spread,
    calibrate,
    effective,
    level_variance,
)
from workforce.capacity.core.forecast.training import Training
from workforce.capacity.core.forecast.trials import Trial, Trials, mix, run_trials

FALLBACK = ("historical_average", "moving_average")
"""What is taken where a method cannot be used on this history, in this order."""

PRIOR_ERROR = 0.12
"""Relative error that a rate is believed to have before any error was seen."""

UNTRIED_ERROR = 0.3
"""The same where the history is too short for a single trial."""


MOST_ERRORS = 700
"""Errors of slots that each origin adds: more make quantiles slower, not better."""

CLOSE = 0.05
"""Share by which a method must beat the recipe's WAPE to be taken in its place."""

MORE_LEAN = 0.05
"""Bias beyond the recipe's, as a share of actual volume, with which a method is out."""


@dataclass(frozen=True)
class Solution:
    """All methods on one history.

    ``slot_shares`` says how each coming day spreads, shape (d, s).
    """

    training: Training
    trials: Trials
    slot_shares: Floats

    def day_means(self, method: str) -> Floats | None:
        """Return the coming days' totals with events, None where unavailable."""
        if method == RECIPE:
            plain = mix(self.trials.coming, self.trials.weights())
        else:
            plain = self.trials.coming.get(method)
        return None if plain is None else plain * self.training.factors

    def tried(self, method: str) -> "Tried":
        """Return a method's errors at the past origins where it could forecast."""
        past = self.trials.past
        means = {k: self.trials.days(method, k) for k in range(len(past))}
        known = {k: days for k, days in means.items() if days is not None}
        return Tried(
            slots={k: _slot_errors(past[k], days) for k, days in known.items()},
            days={k: _day_errors(past[k], days) for k, days in known.items()},
            windows_each=self.trials.windows / max(len(past), 1),
            prior=PRIOR_ERROR if past else self.prior_error,
            doubt=self.training.level_doubt,
        )

    def spreads(self, method: str) -> tuple[Spread, Spread]:
        """Return the spread of slots and of days."""
        return self.tried(method).spreads()

    @property
    def ahead(self) -> Floats:
        """How many calendar days ahead each coming day is."""
        return self.training.ahead_of(self.training.known, self.training.ahead)

    @property
    def prior_error(self) -> float:
        """How far days are believed to stray when nothing was tried."""
        totals = self.training.totals
        mean = float(totals.mean())
        seen = float(totals.std()) / mean if mean > 0 and totals.size > 1 else 0.0
        return max(UNTRIED_ERROR, seen)


@dataclass(frozen=True)
class Tried:
    """Errors of one method by past origin.

    ``windows_each`` is how much of a window without overlap an origin amounts to.
    """

    slots: dict[int, Errors]
    days: dict[int, Errors]
    windows_each: float
    prior: float
    doubt: Doubt

    def spreads(self, without: int | None = None) -> tuple[Spread, Spread]:
        """Return the spread of slots and of days, learnt from all origins but one."""
        slots = [errors for k, errors in self.slots.items() if k != without]
        days = [errors for k, errors in self.days.items() if k != without]
        count = effective(days)
        windows = self.windows_each * count
        size = sum(errors.actual.size for errors in days) / max(len(days), 1)
        spread = partial(
            calibrate,
            level=level_variance(days, windows),
            windows=windows,
            days=count * size,
            prior=self.prior,
            # Of today's level: past origins knew theirs no worse than usual.
            doubt=self.doubt if without is None else Doubt(),
        )
        return spread(slots), spread(days)


def solve(training: Training, slots: Mask, methods: Sequence[str]) -> Solution:
    """Run the trials and spread coming days over their slots."""
    known = training.known
    of_day = training.calendar.weekday
    profiles = weekday_profiles(training.values, of_day[:known])
    return Solution(
        training, run_trials(training, methods), shares(profiles, of_day[known:], slots)
    )


def usable(solution: Solution, method: str) -> tuple[str, Floats]:
    """Return the method, or what stands in for it on this history, with its means."""
    for name in (method, *FALLBACK):
        means = solution.day_means(name)
        if means is not None:
            return name, means
    raise ValueError(
        f"no method can forecast {solution.training.known} days of history"
    )


def internal_backtest(
    solution: Solution, methods: Sequence[str], shared_seconds: float
) -> Backtest | None:
    """Return the figures of each method over the trials' origins.

    Weights and bounds used at an origin come from the other origins.
    """
    past = solution.trials.past
    if not past:
        return None
    figures, day_coverage = {}, {}
    for method in methods:
        scored = _score(solution, method)
        if scored is not None:
            seconds = shared_seconds + _own_seconds(solution.trials, method)
            figures[method] = scored.figures(_scale(solution.training), seconds)
            day_coverage[method] = scored.day_coverage()
    if not figures:
        return None
    return Backtest(
        origins=len(past),
        horizon=int(past[0].actual.shape[0]),
        methods=figures,
        noise_floor=_floor(solution, methods),
        best=best_of(figures),
        day_coverage=day_coverage,
    )


def best_of(figures: dict[str, Figures]) -> str:
    """Return the method with the lowest WAPE of those tried at the most origins.

    The recipe, which people see as Automatic, is kept unless another is more than `CLOSE`
    (5 %) better: over a few origins smaller differences are chance, and a mean of several
    members is off less badly. A method that leans much more than the recipe is not taken
    either: WAPE alone rewards medians, which for a queue of few contacts are near 0.
    """
    most = max(entry.origins for entry in figures.values())
    tried = {name: entry for name, entry in figures.items() if entry.origins == most}
    wapes = {
        name: _or_infinity(entry.wape)
        for name, entry in tried.items()
        if _leans_little(entry, tried.get(RECIPE))
    }
    lowest = min(wapes, key=lambda name: wapes[name])
    close = RECIPE in wapes and wapes[RECIPE] * (1 - CLOSE) <= wapes[lowest]
    return RECIPE if close else lowest


def _leans_little(entry: Figures, recipe: Figures | None) -> bool:
    """Whether the bias is small, or little above the recipe's, if that was tried."""
    if recipe is None:
        return True
    usual = _or_infinity(abs(recipe.bias))
    return abs(entry.bias) <= usual + MORE_LEAN or not np.isfinite(entry.bias)


def _or_infinity(value: float) -> float:
    return value if np.isfinite(value) else float("inf")


@dataclass
class Scored:
    """Actual and expected volumes of one method over several origins."""

    actual: list[Floats]
    expected: list[Floats]
    inside: dict[int, list[Floats]]
    days: list[Floats]
    expected_days: list[Floats]
    days_inside: dict[int, list[Floats]]

    @classmethod
    def empty(cls) -> "Scored":
        return cls([], [], {v: [] for v in LEVELS}, [], [], {v: [] for v in LEVELS})

    def add(
        self,
        actual: Floats,
        means: Floats,
        ahead: Floats,
        mask: Mask,
        spreads: tuple[Spread, Spread],
    ) -> None:
        """Add an origin: tables of days by slots, of which the open ones count."""
        slots, whole = spreads
        came, meant = actual[mask], means[mask]
        after = np.broadcast_to(ahead[:, None], means.shape)[mask]
        days, expected_days = (
            np.where(mask, t, 0.0).sum(axis=1) for t in (actual, means)
        )
        self.actual.append(came)
        self.expected.append(meant)
        self.days.append(days)
        self.expected_days.append(expected_days)
        for level in LEVELS:
            self.inside[level].append(_within(came, *slots.bounds(meant, after, level)))
            self.days_inside[level].append(
                _within(days, *whole.bounds(expected_days, ahead, level))
            )

    def figures(self, scale: float, seconds: float) -> Figures:
        actual, expected = np.concatenate(self.actual), np.concatenate(self.expected)
        days, meant = np.concatenate(self.days), np.concatenate(self.expected_days)
        return Figures(
            wape=wape(actual, expected),
            day_wape=wape(days, meant),
            bias=bias(actual, expected),
            mase=mase(actual, expected, scale),
            coverage=_shares(self.inside),
            seconds=seconds,
            origins=len(self.actual),
        )

    def day_coverage(self) -> dict[int, float]:
        return _shares(self.days_inside)


def _within(actual: Floats, low: Floats, high: Floats) -> Floats:
    return ((actual >= low) & (actual <= high)).astype(np.float64)


def _shares(inside: dict[int, list[Floats]]) -> dict[int, float]:
    return {
        level: float(np.concatenate(parts).mean()) for level, parts in inside.items()
    }


def _score(solution: Solution, method: str) -> Scored | None:
    scored = Scored.empty()
    tried = solution.tried(method)
    for k, trial in enumerate(solution.trials.past):
        days = solution.trials.days(method, k)
        if days is not None:
            means = days[:, None] * trial.shares
            spreads = tried.spreads(without=k)
            scored.add(trial.actual, means, trial.ahead, trial.open, spreads)
    return scored if scored.actual else None


def _slot_errors(trial: Trial, days: Floats) -> Errors:
    """Errors of slots; of many, a sample spread evenly over days and slots."""
    day, slot = np.nonzero(trial.open)
    if day.size > MOST_ERRORS:
        rows = np.linspace(0, day.size - 1, MOST_ERRORS).astype(np.int64)
        day, slot = day[rows], slot[rows]
    means = days[day] * trial.shares[day, slot]
    return Errors(
        trial.actual[day, slot],
        means,
        trial.ahead[day],
        trial.scale[day],
        weight=trial.weight,
    )


def _day_errors(trial: Trial, days: Floats) -> Errors:
    return Errors(
        trial.actual.sum(axis=1), days, trial.ahead, trial.scale, weight=trial.weight
    )


def _own_seconds(trials: Trials, method: str) -> float:
    members = trials.ensemble if method == RECIPE else (method,)
    return sum(trials.seconds.get(name, 0.0) for name in members)


def _scale(training: Training) -> float:
    values = np.where(training.open, training.values, np.nan)
    return naive_scale(values, weekdays(training.calendar.days[: training.known]))


def _floor(solution: Solution, methods: Sequence[str]) -> float:
    """Noise floor at the rates that the recipe, or else the first method, expected."""
    method = RECIPE if RECIPE in methods else methods[0]
    rates = [
        (days[:, None] * trial.shares)[trial.open]
        for k, trial in enumerate(solution.trials.past)
        if (days := solution.trials.days(method, k)) is not None
    ]
    return noise_floor(np.concatenate(rates)) if rates else float("nan")
