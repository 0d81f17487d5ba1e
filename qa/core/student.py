"""Student's t: distribution, quantile, and how sure a mean is."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.core.incomplete_beta import beta_fraction

Floats = NDArray[np.float64]

_NEWTON_STEPS = 60
# Beyond it the quantile is the normal one and its expansion, good to 1e-11.
_NEARLY_NORMAL = 1e3


@dataclass(frozen=True)
class MeanInterval:
    """A mean and how sure it is.

    ``sd`` is NaN below two values. Without a spread nothing bounds the mean, so ``low``
    and ``high`` are then -inf and inf, and ``half_width`` inf: never NaN.
    """

    n: int
    mean: float
    sd: float
    half_width: float

    @property
    def low(self) -> float:
        return self.mean - self.half_width if self.is_known else -math.inf

    @property
    def high(self) -> float:
        return self.mean + self.half_width if self.is_known else math.inf

    @property
    def is_known(self) -> bool:
        """Whether there were enough values to bound the mean."""
        return math.isfinite(self.half_width)


def mean_interval(
    values: ArrayLike, *, population: int | None = None, confidence: float = 0.95
) -> MeanInterval:
    """Bound the mean of what ``values`` were drawn from, by a simple random draw.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One per drawn item; may be empty.
    population : int, optional
        Items there were to draw from. The half width is multiplied by
        ``sqrt(1 - n/population)``: having looked at everything leaves no doubt.
        Without it the population counts as endless.
    confidence : float, default 0.95
        Two-sided coverage, strictly between 0 and 1.

    Returns
    -------
    MeanInterval
        Mean NaN when there is no value.

    Raises
    ------
    ValueError
        If ``values`` is not one row of finite numbers, or ``population`` is below n.

    References
    ----------
    .. [1] W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley, 1977, section 2.8.

    Examples
    --------
    >>> found = mean_interval([70, 80, 90, 100], population=16)
    >>> round(found.mean, 1), round(found.half_width, 3)
    (85.0, 17.79)
    """
    drawn = np.asarray(values, dtype=np.float64)
    if drawn.ndim != 1 or not np.isfinite(drawn).all():
        raise ValueError("values need one row of finite numbers")
    n = drawn.size
    mean = float(drawn.mean()) if n else math.nan
    sd = float(drawn.std(ddof=1)) if n > 1 else math.nan
    width = half_width(sd, n, population=population, confidence=confidence)
    return MeanInterval(n, mean, sd, width)


def half_width(
    sd: float, n: int, *, population: int | None = None, confidence: float = 0.95
) -> float:
    """Return how far the mean of ``n`` drawn values may be from the true one.

    Parameters
    ----------
    sd : float
        Standard deviation (n - 1) of the values, in their unit.
    n : int
        Values drawn.
    population, confidence
        As in `mean_interval`.

    Returns
    -------
    float
        ``t · sd / sqrt(n) · sqrt(1 - n/population)``; 0.0 when everything was drawn,
        inf below two values.

    Raises
    ------
    ValueError
        If ``n`` is negative or above ``population``, or ``confidence`` out of range.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    if n < 0 or (population is not None and population < n):
        raise ValueError(f"n must lie between 0 and the population: {n}, {population}")
    if n and n == population:
        return 0.0
    if n < 2:
        return math.inf
    left = 1.0 if population is None else 1.0 - n / population
    return t_quantile(0.5 + confidence / 2, n - 1) * sd * math.sqrt(left / n)


def t_quantile(p: float, df: float) -> float:
    """Return the value that Student's t stays below with probability ``p``.

    Parameters
    ----------
    p : float
        Strictly between 0 and 1.
    df : float
        Degrees of freedom, above 0; need not be whole; inf is the normal distribution.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If ``p`` or ``df`` is out of range.

    Examples
    --------
    >>> round(t_quantile(0.975, 10), 6)
    2.228139
    """
    return float(t_quantiles(p, np.array([df]))[0])


def t_cdf(x: float, df: float) -> float:
    """Return the probability that Student's t is at most ``x``.

    Parameters
    ----------
    x : float
        May be infinite.
    df : float
        Degrees of freedom, above 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If ``df`` is not above 0 or ``x`` is NaN.
    """
    return float(t_cdfs(np.array([x]), df)[0])


def t_quantiles(p: float, df: ArrayLike) -> Floats:
    """Return `t_quantile` of one probability for many degrees of freedom.

    Newton's method on the logarithm of the upper tail against the logarithm of x: that
    curve is concave and falling, so it comes down on the root from one side and cannot
    run away, even where the tail is heavy. Accurate to 1e-9 of the value or better for
    df of 0.5 and more.

    Parameters
    ----------
    p : float
    df : array_like of float, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        If ``p`` or any ``df`` is out of range.
    """
    degrees = np.atleast_1d(np.asarray(df, dtype=np.float64))
    if not 0.0 < p < 1.0:
        raise ValueError(f"p must lie strictly in (0, 1): {p}")
    _check_df(degrees)
    if p == 0.5:
        return np.zeros_like(degrees)
    z = abs(NormalDist().inv_cdf(p))
    found = _expansion(z, degrees)
    heavy = degrees <= _NEARLY_NORMAL
    if heavy.any():
        tail = min(p, 1.0 - p)
        found[heavy] = _upper_quantiles(tail, z, degrees[heavy])
    return found if p > 0.5 else -found


def t_cdfs(x: ArrayLike, df: ArrayLike) -> Floats:
    """Return `t_cdf` elementwise; ``x`` and ``df`` are broadcast together.

    Parameters
    ----------
    x : array_like of float
    df : array_like of float

    Returns
    -------
    ndarray of float64

    Raises
    ------
    ValueError
        If any ``df`` is not above 0 or any ``x`` is NaN.
    """
    at, degrees = np.broadcast_arrays(
        np.asarray(x, dtype=np.float64), np.asarray(df, dtype=np.float64)
    )
    _check_df(degrees)
    if np.isnan(at).any():
        raise ValueError("x must be a number")
    upper = _upper_tail(np.abs(at).ravel(), degrees.ravel()).reshape(at.shape)
    return np.where(at > 0, 1.0 - upper, upper)


def _check_df(degrees: Floats) -> None:
    if not (degrees > 0).all():
        raise ValueError("degrees of freedom must be above 0")


def _expansion(z: float, df: Floats) -> Floats:
    """Cornish and Fisher's expansion of the quantile in 1/df (Abramowitz 26.7.5)."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / df + second / df**2 + third / df**3 + fourth / df**4


def _upper_quantiles(tail: float, z: float, df: Floats) -> Floats:
    x = np.full_like(df, z)
    scale = _log_scale(df)
    for _ in range(_NEWTON_STEPS):
        above = _upper_tail(x, df)
        density = np.exp(scale - (df + 1) / 2 * np.log1p(x**2 / df))
        step = above * np.log(above / tail) / (density * x)
        x *= np.exp(np.clip(step, -2.0, 10.0))
        if np.abs(step).max() < 1e-13:
            break
    return x


def _upper_tail(x: Floats, df: Floats) -> Floats:
    """P(T > x) for x >= 0: half the incomplete beta function at df/(df + x²)."""
    tail = np.zeros_like(x)
    endless = np.isinf(df)
    if endless.any():
        tail[endless] = [0.5 * math.erfc(at / math.sqrt(2)) for at in x[endless]]
    usual = ~endless & np.isfinite(x)
    tail[usual] = _half_beta(x[usual], df[usual])
    return tail


def _half_beta(x: Floats, df: Floats) -> Floats:
    a = df / 2
    square = x**2
    share, rest = df / (df + square), square / (df + square)
    # x^a (1-x)^b / B(a, b) with b = 1/2, by way of the density of t
    front = np.exp(_log_scale(df) - a * np.log1p(square / df)) * x * np.sqrt(share)
    far = share < (a + 1) / (a + 2.5)
    tail = np.empty_like(x)
    half = np.full_like(a, 0.5)
    if far.any():
        tail[far] = 0.5 * (
            2 * front[far] / df[far] * beta_fraction(a[far], half[far], share[far])
        )
    if (~far).any():
        near = ~far
        lower = 2 * front[near] * beta_fraction(half[near], a[near], rest[near])
        tail[near] = 0.5 - 0.5 * lower
    return tail


def _log_scale(df: Floats) -> Floats:
    """log of the density of t at 0: Γ((df+1)/2) / Γ(df/2) / sqrt(π df)."""
    a = df / 2
    # Stirling's series of the ratio; differences of large log-gammas lose digits.
    series = -1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5) + 17 / (14336 * a**7)
    ratio = 0.5 * np.log(a) + series
    for at in np.flatnonzero(a < 30):
        ratio[at] = math.lgamma(a[at] + 0.5) - math.lgamma(a[at])
    return ratio - 0.5 * np.log(np.pi * df)
