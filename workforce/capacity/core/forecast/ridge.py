"""Poisson regression of day totals with a ridge penalty, by iterated least squares."""

from dataclasses import dataclass

import numpy as np

from workforce.capacity.core.forecast.calendar import (
    SPECIAL_COLUMNS,
    YEAR,
    Calendar,
)
from workforce.capacity.core.forecast.records import Floats

LOWEST, HIGHEST = -12.0, 30.0
"""Bounds of the logarithm of a day's mean: far from any volume, close enough for exp."""

ITERATIONS, TOLERANCE = 12, 1e-4
INTERCEPT, WEEKDAY, TREND, FEATURE, SEASON, DRIVER = 1e-6, 0.5, 8.0, 2.0, 0.3, 1.0
"""Penalties: what a coefficient costs in units of a day's information."""

TREND_AHEAD = 0.25
"""Years after which a trend is no longer carried on: a quarter."""

FIRST_FEATURE = 9
"""Where `Calendar.features` begin in `design`: after intercept, weekdays and trend."""

LEVEL_DECAY = 0.995
"""How much of the last weeks' deviation is left a day later."""

HALF_LIVES = 6
"""Days older than so many half-lives weigh under 2 % together and are left out."""


@dataclass(frozen=True)
class Ridge:
    """A variant of the regression.

    Attributes
    ----------
    half_life : float
        Days after which a past day counts half.
    level_days : int
        Last open days whose deviation from the fit is carried on.
    yearly : bool
        Whether to learn the season of the year.
    """

    half_life: float
    level_days: int
    yearly: bool = False


def design(
    calendar: Calendar, start: int, origin: int, end: int, yearly: bool
) -> Floats:
    """Return the columns of days ``start`` to ``end``, as seen from ``origin``."""
    rows = slice(start, end)
    ahead = (calendar.days[rows] - calendar.days[origin - 1]) / YEAR
    columns = [
        np.ones((end - start, 1)),
        np.eye(7)[calendar.weekday[rows]],
        np.minimum(ahead, TREND_AHEAD)[:, None],
        calendar.features[rows],
        calendar.drivers[rows],
    ]
    if yearly:
        columns.append(calendar.yearly[rows])
    return np.concatenate(columns, axis=1)


def penalties(calendar: Calendar, yearly: bool) -> Floats:
    """Return the penalty of each column of `design`."""
    harmonics = np.arange(1, calendar.yearly.shape[1] // 2 + 1)
    parts: list[Floats] = [
        np.array([INTERCEPT]),
        np.full(7, WEEKDAY),
        np.array([TREND]),
        np.full(calendar.features.shape[1], FEATURE),
        np.full(calendar.drivers.shape[1], DRIVER),
    ]
    if yearly:
        parts += [SEASON * harmonics, SEASON * harmonics]
    return np.concatenate(parts)


def fit_poisson(
    columns: Floats,
    volumes: Floats,
    weights: Floats,
    penalty: Floats,
    *,
    robust: bool = False,
    iterations: int = ITERATIONS,
) -> Floats:
    """Return the coefficients that minimise the penalised Poisson deviance.

    The objective is ``sum(w * (exp(X b) - y * X b)) + sum(penalty * b**2) / 2``.

    Parameters
    ----------
    columns : float64, shape (n, p)
        The first is the intercept.
    volumes, weights : float64, shape (n,)
    penalty : float64, shape (p,)
        Above 0 where columns are collinear.
    robust : bool
        Weigh days down whose Pearson residual is beyond 2.5 robust spreads (Huber).
    iterations : int
        At most so many steps of iterated weighted least squares [1]_.

    References
    ----------
    .. [1] P. McCullagh and J. A. Nelder, *Generalized Linear Models*, 2nd ed.,
       Chapman and Hall 1989, section 2.5.
    """
    mean = max(float(np.average(volumes, weights=weights)), 0.05)
    found = np.zeros(columns.shape[1])
    found[0] = np.log(mean)
    linear = np.full(volumes.size, found[0])
    trust, trusted = weights, False
    ridge = np.diag(penalty)
    for step in range(iterations):
        expected = np.exp(linear)
        curvature = trust * expected
        working = curvature * linear + trust * (volumes - expected)
        gram = columns.T @ (columns * curvature[:, None]) + ridge
        updated = np.linalg.solve(gram, columns.T @ working)
        done = np.abs(updated - found).max() < TOLERANCE
        found = updated
        linear = np.clip(columns @ found, LOWEST, HIGHEST)
        if done and (not robust or trusted):
            break
        trusted = robust and (done or step > 1)
        if trusted:
            trust = weights * _huber(volumes, np.exp(linear))
    return found


def _huber(volumes: Floats, expected: Floats) -> Floats:
    residuals = np.abs(volumes - expected) / np.sqrt(expected)
    spread = 1.4826 * np.median(residuals) + 0.5
    weights: Floats = np.minimum(1.0, 2.5 * spread / np.maximum(residuals, 1e-9))
    return weights


def predict(
    calendar: Calendar, totals: Floats, origin: int, ahead: int, variant: Ridge
) -> Floats:
    """Return the means of the ``ahead`` days after ``origin`` known ones."""
    start = _first_day(calendar, origin, variant.half_life)
    columns = design(calendar, start, origin, origin + ahead, variant.yearly)
    known = origin - start
    volumes = totals[start:origin]
    found = _fit(calendar, columns[:known], volumes, start, variant)
    means = np.exp(np.clip(columns @ found, LOWEST, HIGHEST))
    after = calendar.days[origin : origin + ahead] - calendar.days[origin - 1]
    return means[known:] * _level(volumes, means[:known], after, variant.level_days)


def special_effect(
    calendar: Calendar, totals: Floats, origin: int, ahead: int, variant: Ridge
) -> Floats:
    """Return by how much holidays and closures multiply each of the coming days.

    1 on a day that is not special, and where the history knows no day of its kind.
    """
    rows = slice(origin, origin + ahead)
    if not calendar.special[rows].any():
        return np.ones(calendar.special[rows].size)
    start = _first_day(calendar, origin, variant.half_life)
    columns = design(calendar, start, origin, origin, variant.yearly)
    found = _fit(calendar, columns, totals[start:origin], start, variant)
    marks = calendar.features[rows, : SPECIAL_COLUMNS - 1]
    change = marks @ found[FIRST_FEATURE : FIRST_FEATURE + marks.shape[1]]
    effect: Floats = np.exp(np.clip(change, LOWEST, HIGHEST))
    return effect


def _fit(
    calendar: Calendar, columns: Floats, volumes: Floats, start: int, variant: Ridge
) -> Floats:
    """Return the coefficients learnt from the days from ``start`` on."""
    days = calendar.days[start : start + volumes.size]
    weights = 0.5 ** ((days[-1] - days) / variant.half_life)
    weights *= _information(volumes, weights)
    penalty = penalties(calendar, variant.yearly)
    return fit_poisson(columns, volumes, weights, penalty, robust=True)


def _first_day(calendar: Calendar, origin: int, half_life: float) -> int:
    oldest = calendar.days[origin - 1] - HALF_LIVES * half_life
    return int(np.searchsorted(calendar.days[:origin], oldest))


def _information(volumes: Floats, weights: Floats) -> float:
    """How far a day's count says less than a Poisson count of its size would."""
    mean = max(float(np.average(volumes, weights=weights)), 0.05)
    spread = float(np.average((volumes - mean) ** 2, weights=weights))
    return 1.0 / max(1.0, 0.1 * spread / mean)


def _level(volumes: Floats, fitted: Floats, after: Floats, level_days: int) -> Floats:
    """Carry the last weeks' ratio of actual to fitted on, fading."""
    recent = min(volumes.size, level_days)
    weights = 0.5 ** (np.arange(recent)[::-1] / (recent / 2))
    actual, expected = weights @ volumes[-recent:], weights @ fitted[-recent:]
    deviation = np.log((actual + 2) / (expected + 2))
    carried: Floats = np.exp(deviation * LEVEL_DECAY**after)
    return carried
