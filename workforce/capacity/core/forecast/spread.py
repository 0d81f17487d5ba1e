"""How far actual volume strays from expected volume, learnt from past errors.

An error has three parts: the Poisson noise of a count; what is peculiar to a day or slot;
and a level that a whole window of days is off by. The last is seen only once a window,
so it is what few trials know least about, and it grows with the days ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from workforce.capacity.core.forecast.records import LEVELS, Floats

PRIOR_DAYS = 4.0
"""Days of errors at which what was seen and what is believed beforehand count alike."""

LEVEL_PRIOR = 0.04
"""Relative error of the level believed beforehand, which counts as one window."""

SHAPE_DAYS = 12.0
"""Days at which the seen shape of the errors and the normal one count alike."""

UNSEEN_WINDOWS = 3.0
"""Windows that the level's variance is widened by, over those that were seen."""

GROWTH_START = 14.0
"""Days ahead at which the level's variance is twice that of the very next day."""

SMALLEST = 0.05
"""Variance that is never missing, so that an empty interval has bounds."""

MOST_OFF = 2.0
"""Share beyond which being off says nothing more: nearly nothing was expected."""

MOST_UNITS = 8.0
"""Standard deviations beyond which an error says nothing more."""


@dataclass(frozen=True)
class Errors:
    """One past origin: what came, what was expected, and how many days ahead.

    Attributes
    ----------
    actual, expected, ahead : float64, shape (n,)
        ``ahead`` counts calendar days, 1 being the first day not known.
    """

    actual: Floats
    expected: Floats
    ahead: Floats

    @property
    def off(self) -> float:
        """Share by which the whole window was off, at most `MOST_OFF`."""
        expected = float(self.expected.sum())
        if expected <= 0:
            return 0.0
        return min(float(self.actual.sum()) / expected - 1, MOST_OFF)


@dataclass(frozen=True)
class Spread:
    """Bounds around a mean ``m`` of a day ``a`` days ahead.

    The standard deviation is ``sqrt(m + (own + level * growth(a)) m² + 0.05)``.

    Attributes
    ----------
    own : float
        Squared relative error peculiar to a day or slot.
    level : float
        Squared relative error of the level at the middle of the trials' windows.
    middle : float
        The mean of ``GROWTH_START + a`` in the trials.
    low, high : dict of int to float
        Multiples of the standard deviation by level; ``low <= 0 <= high``.
    """

    own: float
    level: float
    middle: float
    low: dict[int, float]
    high: dict[int, float]

    def bounds(self, mean: Floats, ahead: Floats, level: int) -> tuple[Floats, Floats]:
        """Return the lower and upper bound of each mean, never below 0."""
        deviation = _deviation(mean, ahead, self.own, self.level, self.middle)
        lower = np.maximum(mean + self.low[level] * deviation, 0.0)
        return lower, mean + self.high[level] * deviation


def calibrate(
    errors: Sequence[Errors],
    *,
    level: float,
    windows: float,
    days: float,
    prior: float,
    widening: float = 1.0,
) -> Spread:
    """Return the spread of past errors, drawn towards a prior where they are few.

    Parameters
    ----------
    errors : sequence of Errors
        Of slots or of days, one for each origin.
    level : float
        Squared relative error of the level, see `level_variance`.
    windows : float
        How many windows without overlap the origins amount to.
    days : float
        How many days they look at.
    prior : float
        Relative error of a day or slot believed before any was seen.
    widening : float
        Factor on the distance of every bound from the mean.
    """
    actual, expected, ahead = _joined(errors)
    own = _own_variance(errors)
    own = (days * own + PRIOR_DAYS * prior**2) / (days + PRIOR_DAYS)
    middle = GROWTH_START + (float(ahead.mean()) if ahead.size else 1.0)
    units = (actual - expected) / _deviation(expected, ahead, own, level, middle)
    units = np.clip(units, -MOST_UNITS, MOST_UNITS)
    low, high = (
        {percent: widening * multiple for percent, multiple in side.items()}
        for side in _multiples(units, days / (days + SHAPE_DAYS))
    )
    widened = level * (windows + UNSEEN_WINDOWS) / max(windows, 1.0)
    return Spread(own, widened, middle, low, high)


def level_variance(days: Sequence[Errors], windows: float) -> float:
    """Return the squared relative error of whole windows beyond that of their days.

    The mean square of what windows were off by, less what independent days explain,
    together with one window that was off by `LEVEL_PRIOR`.
    """
    seen = 0.0
    if days:
        own = _own_variance(days)
        explained = [_explained(window, own) for window in days]
        square = [window.off**2 for window in days]
        seen = max(0.0, float(np.mean(square) - np.mean(explained)))
    return (windows * seen + LEVEL_PRIOR**2) / (windows + 1)


def _explained(window: Errors, own: float) -> float:
    total = max(float(window.expected.sum()), 1.0)
    return float((window.expected + own * window.expected**2).sum()) / total**2


def _own_variance(errors: Sequence[Errors]) -> float:
    """Squared relative error beyond noise once each window's level is taken out."""
    above = size = 0.0
    for window in errors:
        meant = window.expected * (1 + max(window.off, -0.9))
        count = window.expected.size
        correction = count / max(count - 1, 1)
        above += float(((window.actual - meant) ** 2).sum()) * correction
        above -= float(meant.sum())
        size += float((meant**2).sum())
    return min(max(0.0, above / size), MOST_OFF**2) if size > 0 else 0.0


def _multiples(
    units: Floats, trust: float
) -> tuple[dict[int, float], dict[int, float]]:
    """Quantiles of standardised errors, drawn towards those of a normal curve."""
    low, high = {}, {}
    for level in LEVELS:
        tail = (100 - level) / 200
        normal = NormalDist().inv_cdf(tail)
        seen = np.quantile(units, [tail, 1 - tail]) if units.size else (normal, -normal)
        low[level] = min(trust * float(seen[0]) + (1 - trust) * normal, 0.0)
        high[level] = max(trust * float(seen[1]) - (1 - trust) * normal, 0.0)
    return low, high


def _joined(errors: Sequence[Errors]) -> tuple[Floats, Floats, Floats]:
    if not errors:
        return np.empty(0), np.empty(0), np.empty(0)
    return (
        np.concatenate([window.actual for window in errors]),
        np.concatenate([window.expected for window in errors]),
        np.concatenate([window.ahead for window in errors]),
    )


def _deviation(
    mean: Floats, ahead: Floats, own: float, level: float, middle: float
) -> Floats:
    relative = own + level * (GROWTH_START + ahead) / middle
    deviation: Floats = np.sqrt(mean + relative * mean**2 + SMALLEST)
    return deviation
