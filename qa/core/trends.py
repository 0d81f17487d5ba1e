"""How fast scores change, agent by agent, so that a change of staff is no trend."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.core.group_means import GroupMeans
from qa.core.student import t_quantiles

DAYS_A_MONTH = 365.25 / 12


def monthly_slopes(
    scores: ArrayLike,
    seconds: ArrayLike,
    agents: NDArray[np.int64],
    groups: NDArray[np.intp],
    size: int,
    *,
    confidence: float = 0.95,
) -> GroupMeans:
    """Least-squares slope in points a month within agents, group by group.

    Every agent has a level of their own, all agents of a group share the slope: who
    joins or leaves moves the mean of a team and not this.

    Parameters
    ----------
    scores : array_like of float, shape (n,)
        Points.
    seconds : array_like, shape (n,)
        Epoch seconds of each score.
    agents : ndarray of int, shape (n,)
    groups : ndarray of int, shape (n,)
    size : int
        How many groups.
    confidence : float, default 0.95

    Returns
    -------
    GroupMeans
        ``value`` is the slope, ``sd`` its standard error; NaN unless some agent has
        scores at two moments and a degree of freedom is left.

    Examples
    --------
    >>> month = round(DAYS_A_MONTH * 86400)
    >>> found = monthly_slopes([70, 72, 74.3, 90, 92.1], [0, month, 2 * month, 0, month],
    ...     np.array([1, 1, 1, 2, 2]), np.zeros(5, dtype=np.intp), 1)
    >>> round(float(found.value[0]), 2)
    2.14
    """
    months = np.asarray(seconds, dtype=np.float64) / (DAYS_A_MONTH * 86400)
    y = np.asarray(scores, dtype=np.float64)
    cells, cell = np.unique(
        np.column_stack([groups, agents]).reshape(-1, 2), axis=0, return_inverse=True
    )
    cell = cell.ravel()
    x, y = _centred(months, cell, len(cells)), _centred(y, cell, len(cells))

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(groups, weights=values, minlength=size).astype(np.float64)

    n = np.bincount(groups, minlength=size)
    levels = np.bincount(cells[:, 0].astype(np.intp), minlength=size)
    freedom = n - levels - 1
    across = total(x * x)
    is_known = (across > 1e-9) & (freedom > 0)
    nothing = np.full(size, np.nan)
    slope = np.divide(total(x * y), across, out=nothing.copy(), where=is_known)
    rest = np.maximum(total(y * y) - np.nan_to_num(slope) ** 2 * across, 0.0)
    error = np.sqrt(
        np.divide(
            rest,
            across * np.maximum(freedom, 1),
            out=nothing.copy(),
            where=is_known,
        )
    )
    half = t_quantiles(0.5 + confidence / 2, np.maximum(freedom, 1)) * error
    return GroupMeans(n, slope, error, slope - half, slope + half)


def _centred(
    values: NDArray[np.float64], cell: NDArray[np.intp], size: int
) -> NDArray[np.float64]:
    n = np.maximum(np.bincount(cell, minlength=size), 1)
    return values - (np.bincount(cell, weights=values, minlength=size) / n)[cell]
