"""The rest of today, once part of it is known."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DEFAULT_RATIO = 0.5
"""How much of the deviation so far is believed to last when no past days tell."""

LOWEST_RATIO, HIGHEST_RATIO = 0.0, 1.2
PSEUDO = 5.0
"""Added to both sums, so that a handful of contacts moves little."""

LEAST_DAYS = 10
"""Past days from which a ratio can be learnt."""

WINDOW_SECONDS = 7200
"""Seconds of the part already known that count: the last two hours."""


def window_of(step_seconds: int) -> int:
    """Return how many intervals the last two hours are, at least one."""
    return max(1, WINDOW_SECONDS // step_seconds)


def deviation(expected: ArrayLike, actual: ArrayLike) -> float:
    """Return ``log((sum of actual + 5) / (sum of expected + 5))``."""
    came = float(np.nansum(np.asarray(actual, dtype=np.float64)))
    meant = float(np.nansum(np.asarray(expected, dtype=np.float64)))
    return float(np.log((came + PSEUDO) / (meant + PSEUDO)))


def reforecast(
    expected: ArrayLike,
    actual: ArrayLike,
    *,
    ratio: float = DEFAULT_RATIO,
    window: int | None = None,
) -> Floats:
    """Return the day: what came so far, then the forecast moved by what is lasting.

    The rest is multiplied by ``exp(ratio * deviation)``, the deviation being that of
    the last ``window`` known intervals. With a ratio of 1 the rest would follow the
    morning fully, which on real days is worse than leaving the forecast alone.

    Parameters
    ----------
    expected : array_like, shape (n,)
        The forecast of the whole day.
    actual : array_like, shape (k,)
        What came in the first ``k <= n`` intervals; NaN where unknown, which keeps the
        forecast and does not count.
    ratio : float
        Share of the deviation that lasts, see `learn_ratio`.
    window : int, optional
        Known intervals that count, from the last; all of them if not given.

    Returns
    -------
    float64, shape (n,)

    Raises
    ------
    ValueError
        If more is known than the day has, something is negative, the ratio is not a
        number, or the window is below 1.
    """
    meant = np.array(expected, dtype=np.float64)
    came = np.asarray(actual, dtype=np.float64)
    if came.size > meant.size:
        raise ValueError(f"{came.size} intervals are known of a day of {meant.size}")
    if (meant < 0).any() or (came < 0).any():
        raise ValueError("volume is never negative")
    if not np.isfinite(ratio):
        raise ValueError(f"the ratio must be a number: {ratio}")
    if window is not None and window < 1:
        raise ValueError(f"the window must hold at least one interval: {window}")
    known = np.isfinite(came)
    moved = meant.copy()
    moved[: came.size][known] = came[known]
    used = _last(known, window)
    if used.size:
        lasting = ratio * deviation(meant[used], came[used])
        moved[came.size :] *= np.exp(lasting)
    return moved


def learn_ratio(
    expected_days: ArrayLike,
    actual_days: ArrayLike,
    *,
    cut: int,
    window: int | None = None,
) -> tuple[float, int]:
    """Return how much of a deviation lasted on past days, and how many days tell.

    The least-squares line through the origin of the rest of the day's deviation on that
    of the known part, held within 0 and 1.2.

    Parameters
    ----------
    expected_days, actual_days : array_like, shape (d, n)
        Past days; those with NaN are left out.
    cut : int
        Intervals known at this time of day, ``1 <= cut < n``.
    window : int, optional
        As in `reforecast`.

    Returns
    -------
    ratio : float
        `DEFAULT_RATIO` with fewer than `LEAST_DAYS` days, or when none deviated.
    n : int

    Raises
    ------
    ValueError
        If the tables differ in shape or the cut leaves no part.
    """
    meant = np.atleast_2d(np.asarray(expected_days, dtype=np.float64))
    came = np.atleast_2d(np.asarray(actual_days, dtype=np.float64))
    if meant.shape != came.shape:
        raise ValueError(f"tables differ in shape: {meant.shape} and {came.shape}")
    if not 1 <= cut < meant.shape[1]:
        raise ValueError(f"the cut must leave a part before and after it: {cut}")
    whole = np.isfinite(meant).all(axis=1) & np.isfinite(came).all(axis=1)
    meant, came = meant[whole], came[whole]
    first = 0 if window is None else max(0, cut - window)
    before = _deviations(meant[:, first:cut], came[:, first:cut])
    after = _deviations(meant[:, cut:], came[:, cut:])
    strength = float(before @ before)
    if len(meant) < LEAST_DAYS or strength <= 0:
        return DEFAULT_RATIO, len(meant)
    slope = float(before @ after) / strength
    return float(np.clip(slope, LOWEST_RATIO, HIGHEST_RATIO)), len(meant)


def _last(known: NDArray[np.bool_], window: int | None) -> NDArray[np.int64]:
    rows = np.flatnonzero(known)
    return rows if window is None else rows[rows >= known.size - window]


def _deviations(meant: Floats, came: Floats) -> Floats:
    found: Floats = np.log((came.sum(axis=1) + PSEUDO) / (meant.sum(axis=1) + PSEUDO))
    return found
