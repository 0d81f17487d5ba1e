"""How two figures of the same tickets go together, such as quality and satisfaction."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FISHER, BOOTSTRAP = "fisher", "bootstrap"
# Numbers held at once while drawing.
_BLOCK = 500_000


@dataclass(frozen=True)
class Correlation:
    """Spearman's rank correlation of ``n`` pairs, with bounds.

    ``value`` is NaN below three pairs or where either side does not vary; bounds are
    then -1 and 1, as they are below four pairs: nothing is ruled out. ``method`` is
    ``fisher`` or ``bootstrap``.
    """

    n: int
    value: float
    low: float
    high: float
    method: str


def spearman(
    x: ArrayLike,
    y: ArrayLike,
    *,
    confidence: float = 0.95,
    method: str = FISHER,
    draws: int = 1_000,
    seed: int = 0,
) -> Correlation:
    """Correlate ranks, ties at their mid-rank.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Figures of the same tickets; pairs with a NaN are left out.
    confidence : float, default 0.95
        Of the two-sided bounds.
    method : str, default "fisher"
        ``fisher``: Fisher's z with Bonett and Wright's variance for ranks,
        ``(1 + r²/2)/(n - 3)``. ``bootstrap``: pairs drawn again, ranked anew in each
        draw, percentile bounds; better with many ties, as with satisfaction 1–5.
    draws : int, default 1000
    seed : int, default 0
        Of the bootstrap.

    Returns
    -------
    Correlation

    Raises
    ------
    ValueError
        If the shapes differ, a number is infinite, or another argument out of range.

    References
    ----------
    .. [1] D. G. Bonett, T. A. Wright, "Sample size requirements for estimating Pearson,
       Kendall and Spearman correlations", Psychometrika 65 (1), 23-28, 2000.

    Examples
    --------
    >>> found = spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.8, -0.46, 0.99)
    """
    one, two = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 1:
        raise ValueError(f"x and y need one equal shape (n,): {one.shape}, {two.shape}")
    if np.isinf(one).any() or np.isinf(two).any():
        raise ValueError("x and y must be finite, or NaN where unknown")
    if method not in {FISHER, BOOTSTRAP} or draws < 1 or not 0.0 < confidence < 1.0:
        raise ValueError(
            f"unfit method, draws or confidence: {method}, {draws}, {confidence}"
        )
    both = ~(np.isnan(one) | np.isnan(two))
    one, two = one[both], two[both]
    value = _rank_correlation(one, two)
    low, high = -1.0, 1.0
    if one.size >= 4 and not math.isnan(value):
        if method == FISHER:
            low, high = _fisher(value, one.size, confidence)
        else:
            low, high = _bootstrap(one, two, confidence, draws, seed)
    return Correlation(one.size, value, low, high, method)


def ceiling(reliability_x: float, reliability_y: float) -> float:
    """Return the highest correlation that two unreliable measures can show.

    Parameters
    ----------
    reliability_x, reliability_y : float
        Such as the ICC of a score and that of a survey; below 0 counts as 0, NaN
        (unknown) as 1.

    Returns
    -------
    float
        ``sqrt(reliability_x · reliability_y)``, 0–1.

    Raises
    ------
    ValueError
        If a reliability is above 1.

    References
    ----------
    .. [1] C. Spearman, "The proof and measurement of association between two things",
       Am. J. Psychol. 15 (1), 72-101, 1904.

    Examples
    --------
    >>> ceiling(0.64, 0.25)
    0.4
    """
    product = 1.0
    for reliability in (reliability_x, reliability_y):
        if reliability > 1:
            raise ValueError(f"a reliability is at most 1: {reliability}")
        if not math.isnan(reliability):
            product *= max(reliability, 0.0)
    return math.sqrt(product)


def ranked(values: ArrayLike) -> Floats:
    """Return the rank of each value from 1, ties at their mid-rank.

    Parameters
    ----------
    values : array_like of float, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    _, place, counts = np.unique(
        np.asarray(values, dtype=np.float64), return_inverse=True, return_counts=True
    )
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2)[place]
    return ranks


def _rank_correlation(one: Floats, two: Floats) -> float:
    if one.size < 3:
        return math.nan
    first, second = ranked(one), ranked(two)
    first, second = first - first.mean(), second - second.mean()
    scale = float(first @ first) * float(second @ second)
    if scale <= 0:
        return math.nan
    return min(1.0, max(-1.0, float(first @ second) / math.sqrt(scale)))


def _fisher(value: float, n: int, confidence: float) -> tuple[float, float]:
    # Perfect ranks have no z: take the next lower correlation, two neighbours swapped.
    most = 1 - 12 / (n * (n**2 - 1))
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    reach = z * math.sqrt((1 + value**2 / 2) / (n - 3))
    centre = math.atanh(min(max(value, -most), most))
    low, high = math.tanh(centre - reach), math.tanh(centre + reach)
    return min(low, value), max(high, value)


def _bootstrap(
    one: Floats, two: Floats, confidence: float, draws: int, seed: int
) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    sides = [np.unique(side, return_inverse=True)[1] for side in (one, two)]
    found = np.empty(draws)
    block = max(1, _BLOCK // one.size)
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        picked = rng.integers(0, one.size, (rows, one.size))
        first, second = (_drawn_ranks(side[picked]) for side in sides)
        above = np.einsum("dn,dn->d", first, second)
        below = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
        blank = np.full(rows, np.nan)
        found[start : start + rows] = np.divide(
            above, below, out=blank, where=below > 0
        )
    known = found[~np.isnan(found)]
    if 2 * known.size < draws:
        return -1.0, 1.0
    tail = (1 - confidence) / 2
    low, high = (float(at) for at in np.quantile(known, [tail, 1 - tail]))
    return low, high


def _drawn_ranks(codes: NDArray[np.int64]) -> Floats:
    """Centred mid-ranks of each row of a block, (draws, n), from the values' places."""
    rows, n = codes.shape
    values = int(codes.max()) + 1
    places = codes + np.arange(rows)[:, np.newaxis] * values
    counts = np.bincount(places.ravel(), minlength=rows * values).reshape(rows, values)
    ranks = np.cumsum(counts, axis=1) - (counts - 1) / 2 - (n + 1) / 2
    drawn: Floats = np.take_along_axis(ranks, codes, axis=1)
    return drawn
