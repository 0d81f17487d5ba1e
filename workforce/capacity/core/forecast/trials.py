"""Every method forecast from past origins of the same history, once for all uses.

The errors choose the members' weights, rank the methods and give the bounds. What is
said of one origin never rests on that origin: weights and bounds come from the others.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workforce.capacity.core.forecast.members import (
    ENSEMBLE,
    LOW_VOLUME_ENSEMBLE,
    MEMBERS,
    RIDGES,
    holiday_effect,
)
from workforce.capacity.core.forecast.opening import Mask
from workforce.capacity.core.forecast.profile import shares, weekday_profiles
from workforce.capacity.core.forecast.records import RECIPE, Floats
from workforce.capacity.core.forecast.training import Training

ORIGINS = 8
LEAST_WEEKS = 2
"""Weeks of history that the earliest origin needs."""

HALF_LIFE = 4.0
"""Origins after which errors count half as much, for weights and for bounds."""

SHARPNESS = 8
"""Members weigh by WAPE to the power of minus this: the best two or three count."""


@dataclass(frozen=True)
class Trial:
    """One past origin.

    Attributes
    ----------
    days : dict of str to float64 of shape (d,)
        Day totals by member.
    shares : float64, shape (d, s)
        Expected share of each slot.
    actual : float64, shape (d, s)
    open : bool, shape (d, s)
    ahead : float64, shape (d,)
        Calendar days from the last known day.
    scale : float64, shape (d,)
        By what the counts were multiplied, see `training.Training`.
    age : int
        How many origins are newer.
    """

    days: dict[str, Floats]
    shares: Floats
    actual: Floats
    open: Mask
    ahead: Floats
    scale: Floats
    age: int

    @property
    def weight(self) -> float:
        """How much the errors count beside those of the newest origin, which is 1."""
        return float(0.5 ** (self.age / HALF_LIFE))


@dataclass(frozen=True)
class Trials:
    """All past origins, newest first, and the days that are to be forecast.

    ``windows`` is how many windows without overlap the origins amount to.
    """

    past: tuple[Trial, ...]
    windows: float
    coming: dict[str, Floats]
    errors: dict[str, Floats]
    ensemble: tuple[str, ...]
    seconds: dict[str, float]

    def weights(self, without: int | None = None) -> dict[str, float]:
        """Return the recipe's weights, learnt from all origins but one.

        The newest errors count most: a member that was right before a change may not be.
        """
        kept = [k for k in range(len(self.past)) if k != without]
        counts = np.array([self.past[k].weight for k in kept])
        means = {
            name: _mean_error(self.errors[name][kept], counts)
            for name in self.ensemble
            if name in self.coming
        }
        known = [error for error in means.values() if np.isfinite(error)]
        usual = float(np.median(known)) if known else 1.0
        raw = {
            name: max(error if np.isfinite(error) else usual, 1e-6) ** -SHARPNESS
            for name, error in means.items()
        }
        total = sum(raw.values())
        return {name: share / total for name, share in raw.items()}

    def days(self, method: str, origin: int) -> Floats | None:
        """Return a method's day totals at a past origin."""
        found = self.past[origin].days
        if method != RECIPE:
            return found.get(method)
        return mix(found, self.weights(without=origin))


def mix(members: dict[str, Floats], weights: dict[str, float]) -> Floats | None:
    """Return the weighted mean of the members that are there."""
    names = [name for name in weights if name in members]
    if not names:
        return None
    share = np.array([weights[name] for name in names])
    table = np.array([members[name] for name in names])
    mixed: Floats = share @ table / share.sum()
    return mixed


def run_trials(training: Training, methods: Sequence[str]) -> Trials:
    """Forecast every method and member from past origins and from now."""
    ensemble = LOW_VOLUME_ENSEMBLE if training.low_volume else ENSEMBLE
    names = [m for m in methods if m != RECIPE]
    names = list(dict.fromkeys([*names, *(ensemble if RECIPE in methods else ())]))
    seconds = dict.fromkeys(names, 0.0)
    coming = _members(training, names, training.known, training.ahead, seconds)
    ahead, origins = past_origins(training)
    past = tuple(
        _trial(training, names, origin, age, ahead, seconds)
        for age, origin in enumerate(origins)
    )
    errors = {name: _errors(past, name) for name in names}
    windows = (origins[0] - origins[-1]) / ahead + 1 if origins else 0.0
    return Trials(past, windows, coming, errors, ensemble, seconds)


def past_origins(training: Training) -> tuple[int, list[int]]:
    """Return how many days past origins look ahead, and the origins, newest first.

    A history too short for the horizon is tried on a shorter one.
    """
    per_week = training.calendar.per_week
    least = LEAST_WEEKS * per_week
    spare = training.known - least
    ahead = min(training.ahead, max(per_week, spare // 2), spare)
    if ahead < 1:
        return 0, []
    step = max(per_week, ahead // 3)
    newest = training.known - ahead
    return ahead, list(range(newest, least - 1, -step))[:ORIGINS]


def _trial(
    training: Training,
    names: Sequence[str],
    origin: int,
    age: int,
    ahead: int,
    seconds: dict[str, float],
) -> Trial:
    rows = slice(origin, origin + ahead)
    of_day = training.calendar.weekday
    profiles = weekday_profiles(training.values[:origin], of_day[:origin])
    return Trial(
        days=_members(training, names, origin, ahead, seconds),
        shares=shares(profiles, of_day[rows], training.open[rows]),
        actual=training.values[rows],
        open=training.open[rows],
        ahead=training.ahead_of(origin, ahead),
        scale=training.scale[rows],
        age=age,
    )


def _members(
    training: Training,
    names: Sequence[str],
    origin: int,
    ahead: int,
    seconds: dict[str, float],
) -> dict[str, Floats]:
    found = {}
    asked = (training.calendar, training.totals, origin, ahead)
    effect = holiday_effect(*asked)
    for name in names:
        begin = time.perf_counter()
        days = MEMBERS[name](*asked)
        seconds[name] += time.perf_counter() - begin
        if days is not None and np.isfinite(days).all():
            plain = np.maximum(days, 0.0)
            found[name] = plain if name in RIDGES else plain * effect
    return found


def _errors(past: Sequence[Trial], name: str) -> Floats:
    """WAPE of days by origin; NaN where the member could not forecast."""
    found = np.full(len(past), np.nan)
    for k, trial in enumerate(past):
        if name in trial.days:
            actual = trial.actual.sum(axis=1)
            error = np.abs(actual - trial.days[name]).sum()
            found[k] = error / max(actual.sum(), 1.0)
    return found


def _mean_error(errors: Floats, counts: Floats) -> float:
    """Weighted mean of the known errors; NaN where fewer than two of several are."""
    known = np.isfinite(errors)
    if not known.any() or known.sum() < min(2, errors.size):
        return float("nan")
    return float(np.average(errors[known], weights=counts[known]))
