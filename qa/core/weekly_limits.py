"""Control limits of means over unequally many scores a week (an x̄ chart)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SIGMAS = 3.0
RUN = 8
"""So many weeks in a row on one side of the centre are no chance."""


@dataclass(frozen=True)
class Limits:
    """Limits of each week, shape (n,); NaN where the spread within weeks is unknown.

    ``beyond`` marks weeks outside their limits, ``run`` the weeks of a run on one side.
    """

    centre: float
    lower: Floats
    upper: Floats
    beyond: Bools
    run: Bools


def weekly_limits(n: Ints, means: Floats, sds: Floats) -> Limits:
    """Bound each week's mean by what the spread within weeks allows.

    Parameters
    ----------
    n : ndarray of int, shape (weeks,)
        Scores of each week; 0 for a week without one.
    means, sds : ndarray of float, shape (weeks,)
        Mean and standard deviation (n − 1) of each; NaN where there is none.

    Returns
    -------
    Limits

    References
    ----------
    .. [1] D. C. Montgomery, "Introduction to Statistical Quality Control", 6th ed.,
       Wiley, 2009, section 6.3.2: x̄ charts with variable sample size.
    """
    count = n.astype(np.float64)
    known = n > 0
    nothing = np.full(len(n), np.nan)
    total = count.sum()
    centre = float((count * np.nan_to_num(means)).sum() / total) if total else np.nan
    freedom = float(np.maximum(count - 1, 0)[known].sum())
    squares = float((np.maximum(count - 1, 0) * np.nan_to_num(sds) ** 2).sum())
    spread = np.sqrt(squares / freedom) if freedom else np.nan
    half = SIGMAS * np.divide(spread, np.sqrt(count), out=nothing, where=known)
    lower, upper = centre - half, centre + half
    with np.errstate(invalid="ignore"):
        beyond = known & ((means < lower) | (means > upper))
    return Limits(
        centre,
        np.maximum(lower, 0.0),
        np.minimum(upper, 100.0),
        beyond,
        _runs(np.sign(np.nan_to_num(means - centre)) * known, known),
    )


def _runs(side: Floats, known: Bools) -> Bools:
    """Mark the weeks of runs of ``RUN`` and more; empty weeks neither break nor count."""
    marked = np.zeros(len(side), dtype=bool)
    streak: list[int] = []
    for place in np.flatnonzero(known).tolist():
        if streak and side[place] != side[streak[-1]]:
            streak = []
        streak = [*streak, place] if side[place] else []
        if len(streak) >= RUN:
            marked[streak] = True
    return marked
