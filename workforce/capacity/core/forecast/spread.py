"""How far actual volume strays from expected volume, learnt from past errors.

An error has three parts: the Poisson noise of a count; what is peculiar to a day or slot;
and a level that a whole window of days is off by. The last is seen only once a window,
so it is what few trials know least about, and it grows with the days ahead. What was seen
lately counts more: a queue becomes noisier or calmer, and errors are not exchangeable.

The method, and where its parts come from:

- Errors of rolling origins in units of their expected deviation, older ones weighing
  less, give the shape: weighted quantiles as in [1]_. Few points lie in a tail; the
  quantile is drawn towards the normal one by how few.
- Variance of the level: a scaled inverse chi-square prior of `PRIOR_WINDOWS` windows, so
  that the level of a new window is distributed as Student's t [2]_. The other parts are
  better known; degrees of freedom of the sum are Satterthwaite's [3]_, which is what
  widens the ends on short history and leaves those of long ones alone.
- Whole counts of which few are expected are spread over the half before and after them, or
  quantiles would come to lie on the counts themselves [4]_.

References
----------
.. [1] R. F. Barber, E. J. Candès, A. Ramdas and R. J. Tibshirani, "Conformal prediction
   beyond exchangeability", *Annals of Statistics* 51 (2023), 816-845.
.. [2] A. Gelman et al., *Bayesian Data Analysis*, 3rd ed., CRC 2013, section 2.6.
.. [3] F. E. Satterthwaite, "An approximate distribution of estimates of variance
   components", *Biometrics Bulletin* 2 (1946), 110-114.
.. [4] C. Czado, T. Gneiting and L. Held, "Predictive model assessment for count data",
   *Biometrics* 65 (2009), 1254-1261.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from workforce.capacity.core.forecast.levels import Doubt
from workforce.capacity.core.forecast.records import LEVELS, Floats

PRIOR_DAYS = 4.0
"""Days of errors at which what was seen and what is believed beforehand count alike."""

LEVEL_PRIOR = 0.04
"""Relative error of the level believed beforehand."""

PRIOR_WINDOWS = 2.0
"""Windows that this belief counts as."""

TAIL_DAYS = 3.0
"""Days in a tail at which the seen shape of the errors and the normal one count alike."""

GROWTH_START = 14.0
"""Days ahead at which the level's variance is twice that of the very next day."""

SMALLEST = 0.05
"""Variance that is never missing, so that an empty interval has bounds."""

MOST_OFF = 2.0
"""Share beyond which being off says nothing more: nearly nothing was expected."""

MOST_UNITS = 8.0
"""Standard deviations beyond which an error says nothing more."""

FEW = 25.0
"""Expected contacts below which it matters that a count is whole."""

NO_DOUBT = Doubt()

GOLDEN = 0.6180339887498949
"""Multiples of it, less whole numbers, fill the interval from 0 to 1 evenly."""


@dataclass(frozen=True)
class Errors:
    """One past origin: what came, what was expected, and how many days ahead.

    Attributes
    ----------
    actual, expected, ahead : float64, shape (n,)
        ``ahead`` counts calendar days, 1 being the first day not known.
    scale : float64, shape (n,), or float
        By what the counts were multiplied, and so the variance of their noise.
    weight : float
        How much the window counts beside others.
    """

    actual: Floats
    expected: Floats
    ahead: Floats
    scale: Floats | float = 1.0
    weight: float = 1.0

    @property
    def off(self) -> float:
        """Share by which the whole window was off, at most `MOST_OFF`."""
        expected = float(self.expected.sum())
        if expected <= 0:
            return 0.0
        return min(float(self.actual.sum()) / expected - 1, MOST_OFF)

    @property
    def noise(self) -> Floats:
        """Variance of each count by chance alone."""
        return self.scale * self.expected

    def units(self, own: float, level: float, middle: float) -> Floats:
        """Return the errors in units of their expected deviation."""
        size = np.arange(self.actual.size)
        within = np.where(self.expected < FEW, size * GOLDEN % 1 - 0.5, 0.0)
        off = self.actual + self.scale * within - self.expected
        growth = (GROWTH_START + self.ahead) / middle
        relative = own + level * growth
        variance = self.noise + relative * self.expected**2 + SMALLEST
        clipped: Floats = np.clip(off / np.sqrt(variance), -MOST_UNITS, MOST_UNITS)
        return clipped


@dataclass(frozen=True)
class Spread:
    """Bounds around a mean ``m`` of a day ``a`` days ahead.

    The variance is ``m + (own + level * growth(a) + doubt) m² + 0.05``; the doubt may
    differ below and above.

    Attributes
    ----------
    own : float
        Squared relative error peculiar to a day or slot.
    level : float
        Squared relative error of the level at the middle of the trials' windows.
    freedom : float
        Degrees of freedom of ``level``.
    middle : float
        The mean of ``GROWTH_START + a`` in the trials.
    doubt : Doubt
        Squared relative error of the level that the trials cannot have seen.
    low, high : dict of int to float
        Multiples of the standard deviation by level; ``low <= 0 <= high``.
    """

    own: float
    level: float
    freedom: float
    middle: float
    doubt: Doubt
    low: dict[int, float]
    high: dict[int, float]

    def bounds(self, mean: Floats, ahead: Floats, level: int) -> tuple[Floats, Floats]:
        """Return the lower and upper bound of each mean, never below 0."""
        of_level = self.level * (GROWTH_START + ahead) / self.middle * mean**2
        variance = mean + self.own * mean**2 + of_level + SMALLEST
        known = of_level**2 / (self.freedom * variance**2)
        wider = student_over_normal(known, level)
        below, above = (np.sqrt(variance + d * mean**2) * wider for d in self.doubt)
        lower = np.maximum(mean + self.low[level] * below, 0.0)
        return lower, mean + self.high[level] * above


def student_over_normal(inverse: Floats, level: int) -> Floats:
    """Return by how much Student's t lies further out than the normal curve.

    Parameters
    ----------
    inverse : float64, shape (n,)
        One over the degrees of freedom; 0 is the normal curve, at most 1.
    level : int
        Percent between the two ends.

    Notes
    -----
    Expansion 26.7.5 of M. Abramowitz and I. A. Stegun, *Handbook of Mathematical
    Functions*: within 3 % from two degrees of freedom on.
    """
    z = NormalDist().inv_cdf(0.5 + level / 200)
    first = (z**2 + 1) / 4
    second = (5 * z**4 + 16 * z**2 + 3) / 96
    third = (3 * z**6 + 19 * z**4 + 17 * z**2 - 15) / 384
    x = np.minimum(inverse, 1.0)
    found: Floats = 1 + x * (first + x * (second + x * third))
    return found


def effective(errors: Sequence[Errors]) -> float:
    """Return how many windows of equal weight the weighted ones amount to (Kish)."""
    weights = np.array([window.weight for window in errors])
    return float(weights.sum() ** 2 / (weights @ weights)) if weights.size else 0.0


def calibrate(
    errors: Sequence[Errors],
    *,
    level: float,
    windows: float,
    days: float,
    prior: float,
    doubt: Doubt = NO_DOUBT,
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
    doubt : Doubt
        Of the level, see `levels.level_out`.
    """
    own = _own_variance(errors)
    own = (days * own + PRIOR_DAYS * prior**2) / (days + PRIOR_DAYS)
    middle = GROWTH_START + _mean_ahead(errors)
    low, high = _multiples(errors, days, own, level, middle)
    freedom = windows + PRIOR_WINDOWS
    return Spread(own, level, freedom, middle, doubt, low, high)


def level_variance(days: Sequence[Errors], windows: float) -> float:
    """Return the squared relative error of whole windows beyond that of their days.

    The mean square of what windows were off by, less what independent days explain,
    together with `PRIOR_WINDOWS` windows that were off by `LEVEL_PRIOR`.
    """
    seen = 0.0
    if days:
        own = _own_variance(days)
        beyond = [window.off**2 - _explained(window, own) for window in days]
        weights = [window.weight for window in days]
        seen = max(0.0, float(np.average(beyond, weights=weights)))
    believed = PRIOR_WINDOWS * LEVEL_PRIOR**2
    return (windows * seen + believed) / (windows + PRIOR_WINDOWS)


def _explained(window: Errors, own: float) -> float:
    total = max(float(window.expected.sum()), 1.0)
    return float((window.noise + own * window.expected**2).sum()) / total**2


def _own_variance(errors: Sequence[Errors]) -> float:
    """Squared relative error beyond noise once each window's level is taken out."""
    above = size = 0.0
    for window in errors:
        level = 1 + max(window.off, -0.9)
        meant = window.expected * level
        count = window.expected.size
        correction = count / max(count - 1, 1)
        square = float(((window.actual - meant) ** 2).sum()) * correction
        above += window.weight * (square - level * float(window.noise.sum()))
        size += window.weight * float((meant**2).sum())
    return min(max(0.0, above / size), MOST_OFF**2) if size > 0 else 0.0


def _mean_ahead(errors: Sequence[Errors]) -> float:
    if not errors:
        return 1.0
    means = [float(window.ahead.mean()) for window in errors]
    return float(np.average(means, weights=[window.weight for window in errors]))


def _multiples(
    errors: Sequence[Errors], days: float, own: float, level: float, middle: float
) -> tuple[dict[int, float], dict[int, float]]:
    """Quantiles of standardised errors, drawn towards those of a normal curve."""
    parts = [window.units(own, level, middle) for window in errors]
    units = np.concatenate([*parts, np.empty(0)])
    weights = np.repeat([e.weight for e in errors], [e.actual.size for e in errors])
    order = np.argsort(units)
    units, rank = units[order], np.cumsum(weights[order]) - 0.5 * weights[order]
    low, high = {}, {}
    for percent in LEVELS:
        tail = (100 - percent) / 200
        normal = NormalDist().inv_cdf(tail)
        trust = days * tail / (days * tail + TAIL_DAYS)
        seen = _quantiles(units, rank, tail) if units.size else (normal, -normal)
        low[percent] = min(trust * seen[0] + (1 - trust) * normal, 0.0)
        high[percent] = max(trust * seen[1] - (1 - trust) * normal, 0.0)
    return low, high


def _quantiles(units: Floats, rank: Floats, tail: float) -> tuple[float, float]:
    """Both ends of ascending values, the first and last being quantiles 0 and 1."""
    share = (rank - rank[0]) / max(float(rank[-1] - rank[0]), 1e-12)
    low, high = np.interp([tail, 1 - tail], share, units)
    return float(low), float(high)
