"""The incomplete beta function, and the F distribution that follows from it."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TINY = 1e-300
# Below it the fraction's own rounding decides: for a of 10,000 that is some 1e-14.
_NEAR = 1e-12
_FRACTION_STEPS = 20_000
_HALVINGS = 200


def beta_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """Return the continued fraction of the incomplete beta function.

    ``I_x(a, b) = x^a (1-x)^b / (a B(a, b))`` times it. It converges quickly for
    ``x < (a + 1)/(a + b + 2)``; beyond, use ``I_x(a, b) = 1 - I_{1-x}(b, a)``.

    Parameters
    ----------
    a, b, x : ndarray of float64, shape (n,)
        a and b above 0, x in [0, 1).

    Returns
    -------
    ndarray of float64, shape (n,)

    References
    ----------
    .. [1] NIST Digital Library of Mathematical Functions, 8.17.22, by the method of
       W. J. Lentz, Appl. Opt. 15 (3), 668-671, 1976.
    """
    c = np.ones_like(x)
    d = 1 / _kept(1 - (a + b) * x / (a + 1))
    value = d.copy()
    last = math.inf
    for m in range(1, _FRACTION_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _kept(1 + term * d)
            c = _kept(1 + term / c)
            value *= c * d
        step = float(np.abs(c * d - 1).max())
        if step < 1e-15 or last <= step < _NEAR:
            break
        last = step
    return value


def f_quantile(p: float, df1: float, df2: float) -> float:
    """Return the value that Snedecor's F stays below with probability ``p``.

    Parameters
    ----------
    p : float
        Strictly between 0 and 1.
    df1, df2 : float
        Degrees of freedom above and below the line, above 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> round(f_quantile(0.95, 3, 10), 4)
    3.7083
    """
    if not (0.0 < p < 1.0 and df1 > 0 and df2 > 0):
        raise ValueError(f"need 0 < p < 1 and degrees above 0: {p}, {df1}, {df2}")
    low, high = -700.0, 700.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if f_cdf(math.exp(middle), df1, df2) < p:
            low = middle
        else:
            high = middle
        if high - low < 1e-15 * max(1.0, abs(middle)):
            break
    return math.exp((low + high) / 2)


def f_cdf(x: float, df1: float, df2: float) -> float:
    """Return the probability that Snedecor's F is at most ``x``.

    Parameters
    ----------
    x : float
        0 or more.
    df1, df2 : float

    Returns
    -------
    float
    """
    if x <= 0:
        return 0.0
    return _incomplete_beta(
        df1 / 2, df2 / 2, x / (x + df2 / df1), 1 / (1 + df1 * x / df2)
    )


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """I_x(a, b), with ``rest`` = 1 - x given apart, as it may be tiny."""
    if not rest or not x:
        return 0.0 if not x else 1.0
    log_front = a * math.log(x) + b * math.log(rest)
    log_front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log_front) / a * _fraction(a, b, x)
    return 1.0 - math.exp(log_front) / b * _fraction(b, a, rest)


def _fraction(a: float, b: float, x: float) -> float:
    return float(beta_fraction(np.array([a]), np.array([b]), np.array([x]))[0])


def _kept(values: Floats) -> Floats:
    """Keep a denominator away from 0, as Lentz's method asks."""
    return np.where(np.abs(values) < _TINY, _TINY, values)
