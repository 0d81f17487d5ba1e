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
    knots = _knots(times, lower, ceiling)
    at, values = np.array(knots).T
    string: Floats = np.clip(np.interp(times, at, values), lower, upper)
    return string


def _knots(times: Floats, lower: Floats, upper: Floats) -> list[Point]:
    start = (0.0, 0.0)
    knots = [start]
    above, below = deque([start]), deque([start])
    # Held down, the string bends upwards and held up downwards: where bounds bend the
    # other way it is never held, and half of them are gone before the loop.
    holds_down, holds_up = _bends(times, upper) > 0, _bends(times, lower) < 0
    holds_down[-1] = holds_up[-1] = True
    some = np.flatnonzero(holds_down | holds_up)
    columns = (
        part[some].tolist() for part in (times, lower, upper, holds_up, holds_down)
    )
    for time, low, high, is_low, is_high in zip(*columns, strict=True):
        if is_high:
            _add(above, below, knots, (time, high), 1.0)
        if is_low:
            _add(below, above, knots, (time, low), -1.0)
    knots.append((float(times[-1]), float(lower[-1])))
    return knots


def _bends(times: Floats, values: Floats) -> Floats:
    """Above 0 where the line from 0 through the values turns upwards; 0 at its end."""
    steps, rises = np.diff(times, prepend=0.0), np.diff(values, prepend=0.0)
    bends = np.zeros_like(values)
    bends[:-1] = steps[:-1] * rises[1:] - rises[:-1] * steps[1:]
    return bends


def _add(
    hull: deque[Point], other: deque[Point], knots: list[Point], new: Point, sign: float
) -> None:
    """Take a bound into its hull; ``sign`` is 1 for the upper side, -1 for the lower."""
    x, y = new
    while len(hull) > 1:
        (first_x, first_y), (second_x, second_y) = hull[-2], hull[-1]
        # `_turn`, written out: the loop of all loops.
        turn = (second_x - first_x) * (y - first_y) - (second_y - first_y) * (
            x - first_x
        )
        if sign * turn > 0:
            break
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
