"""How many tickets come from which stratum."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

EQUAL, PROPORTIONAL, NEYMAN = "EQUAL", "PROPORTIONAL", "NEYMAN"
SMALLEST_SPREAD = 0.25
"""Share of the pooled spread below which no stratum is taken to vary: one that has not
varied so far would get no tickets, and then never could."""

_TOLERANCE = 1e-9


def targets(
    sizes: Sequence[int],
    n: int,
    method: str = PROPORTIONAL,
    spreads: Sequence[float | None] | None = None,
) -> NDArray[np.float64]:
    """Return how many tickets each stratum should give, not yet rounded.

    The targets are proportional to a weight, but at least one a stratum (where ``n``
    reaches for that) and never more than the stratum has. What one cannot give, the
    others do.

    Parameters
    ----------
    sizes : sequence of int, length h
        Tickets in each stratum, each at least 1.
    n : int
        Tickets to draw, ``0 <= n <= sum(sizes)``.
    method : {"EQUAL", "PROPORTIONAL", "NEYMAN"}
        Weight of a stratum: 1; its size; its size times the spread of its scores.
    spreads : sequence of float or None, length h
        Standard deviation of scores so far, in points; ``None`` where unknown. Only for
        Neyman: an unknown spread is taken to be the pooled one, and a small one to be no
        less than `SMALLEST_SPREAD` of it.

    Returns
    -------
    ndarray of float64, shape (h,)
        Sums to ``n``.

    Raises
    ------
    ValueError
        For an unknown method, a stratum without tickets, or ``n`` out of range.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley 1977, sections 5.5-5.8.
    """
    held = np.asarray(sizes, dtype=np.float64)
    if held.size and held.min() < 1:
        raise ValueError(f"every stratum needs a ticket: {list(sizes)}")
    if not 0 <= n <= held.sum():
        raise ValueError(f"n must lie in 0..{int(held.sum())}: {n}")
    if not held.size:
        return held
    weights = _weights(held, method, spreads)
    least = np.ones_like(held) if n >= held.size else np.zeros_like(held)
    return _fill(weights, least, held, n)


def allocate(
    sizes: Sequence[int],
    n: int,
    method: str = PROPORTIONAL,
    spreads: Sequence[float | None] | None = None,
) -> list[int]:
    """Return whole numbers of tickets by stratum: `targets` by largest remainder.

    Each target is rounded down; what is missing goes one by one to the largest
    remainders. Of equal remainders the larger stratum is first, then the earlier one.
    A stratum gets at least one ticket when ``n`` is at least the number of strata.

    Examples
    --------
    >>> allocate([50, 30, 20], 10)
    [5, 3, 2]
    >>> allocate([96, 3, 1], 5)
    [3, 1, 1]
    >>> allocate([50, 50], 12, "NEYMAN", [5.0, 15.0])
    [3, 9]
    """
    wanted = targets(sizes, n, method, spreads)
    whole = np.floor(wanted + _TOLERANCE).astype(np.int64)
    remainders = np.round(wanted - whole, 9)
    order = sorted(range(len(sizes)), key=lambda h: (-remainders[h], -sizes[h], h))
    for stratum in order[: n - int(whole.sum())]:
        whole[stratum] += 1
    return [int(number) for number in whole]


def _weights(
    sizes: NDArray[np.float64], method: str, spreads: Sequence[float | None] | None
) -> NDArray[np.float64]:
    if method == EQUAL:
        return np.ones_like(sizes)
    if method == PROPORTIONAL:
        return sizes
    if method == NEYMAN:
        return sizes * _usable(sizes, spreads)
    raise ValueError(f"unknown allocation: {method}")


def _usable(
    sizes: NDArray[np.float64], spreads: Sequence[float | None] | None
) -> NDArray[np.float64]:
    """Fill unknown spreads with the pooled one, and lift those that are too small."""
    given = np.array(
        [np.nan if s is None else s for s in (spreads or [None] * sizes.size)],
        dtype=np.float64,
    )
    known = ~np.isnan(given)
    if not known.any() or not (given[known] > 0).any():
        return np.ones_like(sizes)
    pooled = float(np.sqrt(np.average(given[known] ** 2, weights=sizes[known])))
    filled = np.where(known, given, pooled)
    lifted: NDArray[np.float64] = np.maximum(filled, SMALLEST_SPREAD * pooled)
    return lifted


def _fill(
    weights: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    n: int,
) -> NDArray[np.float64]:
    """Return ``clip(level * weights, least, most)`` with the level at which it sums to n.

    The sum grows with the level along straight lines between the levels at which a
    stratum leaves its least or reaches its most, so it is read off those.
    """
    levels = np.unique(np.concatenate([least / weights, most / weights]))
    sums = np.array([np.clip(at * weights, least, most).sum() for at in levels])
    level = float(np.interp(n, sums, levels))
    filled: NDArray[np.float64] = np.clip(level * weights, least, most)
    return filled
