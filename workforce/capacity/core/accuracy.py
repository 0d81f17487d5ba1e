"""How good a forecast was: size of errors, their sign, and what no forecast can beat."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_SMALL = 256
"""Counts up to which logarithms of factorials are tabled."""

_LOG_FACTORIALS = np.array([math.lgamma(k + 1.0) for k in range(_SMALL)])


def wape(actual: ArrayLike, expected: ArrayLike) -> float:
    """Return the sum of absolute errors over the sum of actual volume.

    Pairs of which one is NaN are left out; NaN when there was no volume.

    Examples
    --------
    >>> wape([10, 0, 30], [12, 2, 26])
    0.2
    """
    came, meant = _pairs(actual, expected)
    volume = float(came.sum())
    return float(np.abs(came - meant).sum()) / volume if volume > 0 else math.nan


def bias(actual: ArrayLike, expected: ArrayLike) -> float:
    """Return by what share of actual volume the forecast was too high.

    Examples
    --------
    >>> bias([10, 30], [12, 32])
    0.1
    """
    came, meant = _pairs(actual, expected)
    volume = float(came.sum())
    return float((meant - came).sum()) / volume if volume > 0 else math.nan


def mase(actual: ArrayLike, expected: ArrayLike, scale: float) -> float:
    """Return the mean absolute error over a scale, such as that of last week's value.

    Parameters
    ----------
    scale : float
        Mean absolute error of the naive forecast in training, see `naive_scale`.

    References
    ----------
    .. [1] R. J. Hyndman and A. B. Koehler, "Another look at measures of forecast
       accuracy", International Journal of Forecasting 22 (2006), 679-688.
    """
    came, meant = _pairs(actual, expected)
    if not came.size or not scale > 0:
        return math.nan
    return float(np.abs(came - meant).mean()) / scale


def naive_scale(values: Floats, weekdays: NDArray[np.int64]) -> float:
    """Return the mean absolute difference from the same weekday before.

    Parameters
    ----------
    values : float64, shape (n, s)
        Volume by day and slot, NaN where closed.
    weekdays : int64, shape (n,)
    """
    total, count = 0.0, 0
    for weekday in range(7):
        steps = np.abs(np.diff(values[weekdays == weekday], axis=0))
        total += float(np.nansum(steps))
        count += int(np.isfinite(steps).sum())
    return total / count if count else math.nan


def coverage(actual: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Return the share of actual values within their bounds, both included.

    Examples
    --------
    >>> coverage([1, 5, 9], [0, 5, 0], [2, 6, 8])
    0.6666666666666666
    """
    came = np.asarray(actual, dtype=np.float64)
    below, above = np.asarray(low, np.float64), np.asarray(high, np.float64)
    known = np.isfinite(came) & np.isfinite(below) & np.isfinite(above)
    if not known.any():
        return math.nan
    inside = (came >= below) & (came <= above)
    return float(inside[known].mean())


def noise_floor(rate: ArrayLike) -> float:
    """Return the WAPE of a perfect forecast when arrivals are Poisson with these rates.

    A forecast that knows every rate still misses by the mean absolute deviation of a
    Poisson count, ``2 e^-r r^(k+1) / k!`` with ``k = floor(r)`` [1]_.

    Parameters
    ----------
    rate : array_like
        Expected volume of each interval, at least 0; NaN is left out.

    Returns
    -------
    float
        0.38 means 38 %; NaN when nothing is expected.

    References
    ----------
    .. [1] E. L. Crow, "The mean deviation of the Poisson distribution", Biometrika 45
       (1958), 556-559.

    Examples
    --------
    >>> round(noise_floor([4.0]), 4)
    0.3907
    """
    rates = np.asarray(rate, dtype=np.float64).ravel()
    rates = rates[np.isfinite(rates)]
    if (rates < 0).any():
        raise ValueError("a rate is negative")
    volume = float(rates.sum())
    return float(_mean_deviation(rates).sum()) / volume if volume > 0 else math.nan


def _mean_deviation(rates: Floats) -> Floats:
    positive = np.where(rates > 0, rates, 1.0)
    whole = np.floor(positive)
    logs = (whole + 1) * np.log(positive) - positive - _log_factorial(whole)
    return np.where(rates > 0, 2 * np.exp(logs), 0.0)


def _log_factorial(whole: Floats) -> Floats:
    """Tabled for small counts, else by Stirling's series, which is then exact."""
    tabled = _LOG_FACTORIALS[np.minimum(whole, _SMALL - 1).astype(np.int64)]
    large = np.maximum(whole, 1.0)
    series = 1 / (12 * large) - 1 / (360 * large**3)
    stirling = large * np.log(large) - large + 0.5 * np.log(2 * np.pi * large) + series
    return np.where(whole < _SMALL, tabled, stirling)


def _pairs(actual: ArrayLike, expected: ArrayLike) -> tuple[Floats, Floats]:
    came = np.asarray(actual, dtype=np.float64).ravel()
    meant = np.asarray(expected, dtype=np.float64).ravel()
    if came.shape != meant.shape:
        raise ValueError(
            f"actual and expected differ in length: {came.size} and {meant.size}"
        )
    known = np.isfinite(came) & np.isfinite(meant)
    return came[known], meant[known]
