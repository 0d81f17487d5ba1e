"""How often promises were kept, how sure the counts let us be, and who is worst."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supportops.metrics.core.intervals import share_interval


def attainment_interval(
    met: ArrayLike, total: ArrayLike, *, confidence: float = 0.95
) -> NDArray[np.float64]:
    """Bound the true attainment rate of each group with a Wilson score interval.

    Parameters
    ----------
    met : array_like of int, shape (n,)
        Promises kept in each group.
    total : array_like of int, shape (n,)
        Promises that came due in each group. A group may be empty.
    confidence : float, default 0.95
        Two-sided coverage, strictly between 0 and 1.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        Lower and upper bound per group, as fractions; ``(0.0, 1.0)`` for an empty one.

    Raises
    ------
    ValueError
        As `supportops.metrics.core.intervals.share_interval`, which says why Wilson.

    Examples
    --------
    >>> attainment_interval([81], [263]).round(4)
    array([[0.2553, 0.3662]])
    """
    return share_interval(met, total, confidence=confidence)


def worst_first(met: ArrayLike, total: ArrayLike) -> NDArray[np.intp]:
    """Order groups by how surely they keep too little, surest first.

    Ranking by the plain rate puts the smallest groups on top: one promise of one missed
    is 0 %. Ranking by the upper bound of the interval asks what a group keeps at best.

    Parameters
    ----------
    met : array_like of int, shape (n,)
        Promises kept in each group.
    total : array_like of int, shape (n,)
        Promises that came due in each group.

    Returns
    -------
    ndarray of int, shape (n,)
        Positions of the groups; at equal bounds the larger group first, then the
        earlier one.

    Examples
    --------
    >>> worst_first([0, 60, 99], [1, 100, 100]).tolist()
    [1, 0, 2]
    """
    upper = attainment_interval(met, total)[:, 1]
    size = np.asarray(total, dtype=np.int64)
    return np.lexsort((np.arange(size.size), -size, upper))
