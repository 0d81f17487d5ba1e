"""The shortest path through a corridor: a string pulled taut between two curves."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float]


def taut_string(times: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the values of the shortest path from (0, 0) to the last lower bound.

    Of all paths between the bounds that end there it has the smallest greatest slope and
    the smallest sum of squared slopes by time, and of any other convex cost of the slope.

    Parameters
    ----------
    times : ndarray of float64, shape (m,)
        Strictly increasing, above 0.
    lower, upper : ndarray of float64, shape (m,)
        Bounds at those times, ``lower <= upper``, neither falling, at least 0. Between
        the times the path is straight and the bounds do not count.

    Returns
    -------
    ndarray of float64, shape (m,)
        Never falling.

    Notes
    -----
    The funnel of the shortest-path problem: from the last fixed knot run the lower hull
    of the upper bounds and the upper hull of the lower bounds. When a new bound closes
    the funnel, the knot moves along the hull that was crossed. Every bound enters and
    leaves a hull at most once, so the time is O(m).

    References
    ----------
    .. [1] P. L. Davies, A. Kovac, "Local extremes, runs, strings and multiresolution",
       Annals of Statistics 29 (2001) 1-65.
    .. [2] D. T. Lee, F. P. Preparata, "Euclidean shortest paths in the presence of
       rectilinear barriers", Networks 14 (1984) 393-410.
    """
    if not times.size:
        return np.zeros(0)
    ceiling = upper.copy()
    ceiling[-1] = lower[-1]
    knots = _knots(times.tolist(), lower.tolist(), ceiling.tolist())
    at, values = np.array(knots).T
    return np.clip(np.interp(times, at, values), lower, upper)


def _knots(times: list[float], lower: list[float], upper: list[float]) -> list[Point]:
    start = (0.0, 0.0)
    knots = [start]
    above, below = deque([start]), deque([start])
    for time, low, high in zip(times, lower, upper, strict=True):
        _add(above, below, knots, (time, high), 1.0)
        _add(below, above, knots, (time, low), -1.0)
    knots.append((times[-1], lower[-1]))
    return knots


def _add(
    hull: deque[Point], other: deque[Point], knots: list[Point], new: Point, sign: float
) -> None:
    """Take a bound into its hull; ``sign`` is 1 for the upper side, -1 for the lower."""
    while len(hull) > 1 and sign * _turn(hull[-2], hull[-1], new) <= 0:
        hull.pop()
    if len(hull) == 1:
        while len(other) > 1 and sign * _turn(other[0], other[1], new) < 0:
            other.popleft()
            knots.append(other[0])
            hull[0] = other[0]
    hull.append(new)


def _turn(first: Point, second: Point, third: Point) -> float:
    """Above 0 where the path through the three turns left, that is upwards."""
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (
        third[0] - first[0]
    )
