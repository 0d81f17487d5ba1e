"""Means of groups with their intervals, and ranks that admit what is not known."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.core.student import t_quantiles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class GroupMeans:
    """One mean a group, shape (size,) throughout; NaN where nothing is known.

    ``low`` and ``high`` need two values; ``sd`` divides by n − 1.
    """

    n: Ints
    value: Floats
    sd: Floats
    low: Floats
    high: Floats


def means_from_sums(
    n: ArrayLike, sums: ArrayLike, squares: ArrayLike, *, confidence: float = 0.95
) -> GroupMeans:
    """Means and t intervals from counts, sums and sums of squares.

    Parameters
    ----------
    n, sums, squares : array_like, shape (size,)
        The squares are best of values already near zero mean: they are subtracted.
    confidence : float, default 0.95

    Returns
    -------
    GroupMeans

    Examples
    --------
    >>> found = means_from_sums([3], [6.0], [14.0])
    >>> float(found.value[0]), float(found.sd[0])
    (2.0, 1.0)
    """
    count = np.asarray(n, dtype=np.int64)
    total = np.asarray(sums, dtype=np.float64)
    nothing = np.full(count.shape, np.nan)
    value = np.divide(total, count, out=nothing.copy(), where=count > 0)
    spread = np.asarray(squares, dtype=np.float64) - total * np.nan_to_num(value)
    variance = np.divide(
        np.maximum(spread, 0.0), count - 1, out=nothing.copy(), where=count > 1
    )
    freedom = np.maximum(count - 1, 1)
    half = t_quantiles(0.5 + confidence / 2, freedom) * np.sqrt(
        np.divide(variance, count, out=nothing.copy(), where=count > 1)
    )
    return GroupMeans(count, value, np.sqrt(variance), value - half, value + half)


def group_means(
    values: ArrayLike,
    groups: NDArray[np.intp],
    size: int,
    *,
    confidence: float = 0.95,
) -> GroupMeans:
    """Mean of each group with its t interval.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    groups : ndarray of int, shape (n,)
    size : int
    confidence : float, default 0.95

    Returns
    -------
    GroupMeans

    Examples
    --------
    >>> found = group_means([80.0, 90.0], np.array([0, 0]), 1)
    >>> [round(float(x), 1) for x in (found.low[0], found.high[0])]
    [21.5, 148.5]
    """
    array = np.asarray(values, dtype=np.float64)
    centre = float(array.mean()) if array.size else 0.0
    shifted = array - centre
    n = np.bincount(groups, minlength=size)
    sums = np.bincount(groups, weights=shifted, minlength=size)
    squares = np.bincount(groups, weights=shifted**2, minlength=size)
    found = means_from_sums(n, sums, squares, confidence=confidence)
    return GroupMeans(
        found.n, found.value + centre, found.sd, found.low + centre, found.high + centre
    )


def weighted_means(
    values: ArrayLike, weights: ArrayLike, groups: NDArray[np.intp], size: int
) -> Floats:
    """Hájek means: sum of weight × value over sum of weights, NaN without weight.

    With weights 1/π each ticket speaks for the tickets that it was drawn from.

    References
    ----------
    .. [1] J. Hájek, comment in V. P. Godambe and D. A. Sprott (eds.), "Foundations of
       Statistical Inference", 1971, p. 236.
    """
    weight = np.asarray(weights, dtype=np.float64)
    sums = np.bincount(
        groups, weights=weight * np.asarray(values, dtype=np.float64), minlength=size
    )
    total = np.bincount(groups, weights=weight, minlength=size)
    means: NDArray[np.float64] = np.divide(
        sums, total, out=np.full(size, np.nan), where=total > 0
    )
    return means


def rank_ranges(
    values: ArrayLike, errors: ArrayLike, *, certainty: float = 0.95
) -> NDArray[np.int64]:
    """Best and worst rank that each value may hold, shape (n, 2); 1 is the highest.

    A value is above another one only when that has probability ``certainty`` or more,
    taking both as independent and normal with standard ``errors``. So equal values all
    share the ranks that their group spans.

    Parameters
    ----------
    values, errors : array_like of float, shape (n,)
    certainty : float, default 0.95

    Returns
    -------
    ndarray of int64, shape (n, 2)

    Examples
    --------
    >>> rank_ranges([90, 80, 60], [4, 4, 1])
    array([[1, 2],
           [1, 2],
           [3, 3]])
    """
    value = np.asarray(values, dtype=np.float64)
    error = np.asarray(errors, dtype=np.float64)
    limit = NormalDist().inv_cdf(certainty)
    gap = value[:, None] - value[None, :]
    needed = limit * np.hypot(error[:, None], error[None, :])
    is_above = (gap > needed) & ~np.eye(len(value), dtype=bool)
    best = 1 + is_above.sum(axis=0)
    worst = len(value) - is_above.sum(axis=1)
    return np.column_stack([best, worst]).astype(np.int64)
