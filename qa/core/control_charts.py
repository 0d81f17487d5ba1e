"""Control charts: when a run of figures is more than its usual noise."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

RUN_LENGTH = 8
"""Points on one side of the centre that signal: by chance once in 128 runs of eight."""

# Mean of the range of two normal values over their standard deviation.
_RANGE_OF_TWO = 2 / math.sqrt(math.pi)


@dataclass(frozen=True)
class Chart:
    """A line with its limits, point by point, and the points that signal.

    ``points`` is what is drawn: values, smoothed values or shares. ``beyond`` are the
    points outside the limits; ``runs`` those that end eight or more on one side of the
    centre (none on an EWMA chart, which remembers by itself).
    """

    points: Floats
    centre: float
    lower: Floats
    upper: Floats
    beyond: Flags
    runs: Flags

    @property
    def signals(self) -> Flags:
        """Points with either signal."""
        return self.beyond | self.runs


def ewma(
    values: ArrayLike,
    *,
    centre: float,
    sd: float | ArrayLike,
    weight: float = 0.2,
    width: float = 3.0,
) -> Chart:
    """Smooth values exponentially and bound them, with the exact early limits.

    A shift of one standard deviation shows after about ten points, where a plain chart
    takes over forty.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        In order of time; NaN keeps the last smoothed value, and its weight.
    centre : float
        Where the values ought to be.
    sd : float or array_like of float, shape (n,)
        Standard deviation of one value; by value where the number behind each differs.
    weight : float, default 0.2
        Of the newest value, in (0, 1].
    width : float, default 3
        Of the limits, in standard deviations of the smoothed value.

    Returns
    -------
    Chart
        With one ``sd``, the limits are ``centre ± width·sd·sqrt(w/(2-w)·(1-(1-w)^2t))``.

    Raises
    ------
    ValueError
        If the values are not one row, or ``weight``, ``width`` or ``sd`` out of range.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4.
    .. [2] D. C. Montgomery, "Introduction to Statistical Quality Control", section 9.2.
    """
    given = _row(values)
    spread = np.broadcast_to(np.asarray(sd, dtype=np.float64), given.shape)
    if not 0.0 < weight <= 1.0 or not width > 0 or not (spread >= 0).all():
        raise ValueError(
            f"need weight in (0, 1], width above 0 and sd 0 or more: {weight}, {width}"
        )
    points, variances = np.empty_like(given), np.empty_like(given)
    smooth, variance = centre, 0.0
    for at, value in enumerate(given):
        if not math.isnan(value):
            smooth = weight * value + (1 - weight) * smooth
            variance = (weight * spread[at]) ** 2 + (1 - weight) ** 2 * variance
        points[at], variances[at] = smooth, variance
    reach = width * np.sqrt(variances)
    return _chart(points, centre, centre - reach, centre + reach, runs=False)


def individuals(
    values: ArrayLike, *, centre: float | None = None, sd: float | None = None
) -> Chart:
    """Chart single values against three standard deviations, with the run rule.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        In order of time; NaN is left out of every rule.
    centre : float, optional
        By default the mean of the values.
    sd : float, optional
        By default the mean moving range over 1.128, which a slow drift does not widen.

    Returns
    -------
    Chart
        Limits NaN, and no point beyond them, with fewer than two values and no ``sd``.

    Raises
    ------
    ValueError
        If the values are not one row or ``sd`` is negative.

    References
    ----------
    .. [1] D. C. Montgomery, "Introduction to Statistical Quality Control", section 6.4
       (individuals) and 5.3 (the Western Electric rules).
    """
    given = _row(values)
    known = given[~np.isnan(given)]
    if centre is None:
        centre = float(known.mean()) if known.size else math.nan
    if sd is None:
        moves = np.abs(np.diff(known))
        sd = float(moves.mean()) / _RANGE_OF_TWO if moves.size else math.nan
    if sd < 0:
        raise ValueError(f"sd must be 0 or more: {sd}")
    reach = np.full(given.shape, 3 * sd)
    return _chart(given, centre, centre - reach, centre + reach)


def p_chart(
    hits: ArrayLike, totals: ArrayLike, *, centre: float | None = None
) -> Chart:
    """Chart shares, such as critical fails a week, with limits by each one's size.

    Parameters
    ----------
    hits, totals : array_like of int, shape (n,)
        In order of time; a total of 0 gives a NaN point that no rule counts.
    centre : float, optional
        The usual share; by default all hits over all totals.

    Returns
    -------
    Chart
        Shares 0–1; limits ``centre ± 3·sqrt(centre·(1-centre)/total)`` kept in 0–1.

    Raises
    ------
    ValueError
        If the shapes differ, hits lie outside 0 to total, or ``centre`` outside 0 to 1.

    References
    ----------
    .. [1] D. C. Montgomery, "Introduction to Statistical Quality Control", section 7.2.
    """
    counted, sizes = _row(hits), _row(totals)
    if counted.shape != sizes.shape or not ((counted >= 0) & (counted <= sizes)).all():
        raise ValueError("hits and totals need one shape and 0 <= hits <= total")
    everything = float(sizes.sum())
    if centre is None:
        centre = float(counted.sum()) / everything if everything else math.nan
    if centre < 0 or centre > 1:
        raise ValueError(f"centre must lie in 0 to 1: {centre}")
    blank = np.full(sizes.shape, np.nan)
    shares = np.divide(counted, sizes, out=blank.copy(), where=sizes > 0)
    variance = np.divide(centre * (1 - centre), sizes, out=blank, where=sizes > 0)
    reach = 3 * np.sqrt(variance)
    return _chart(
        shares, centre, np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)
    )


def _row(values: ArrayLike) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1:
        raise ValueError(f"need one row of numbers, not shape {given.shape}")
    return given


def _chart(
    points: Floats, centre: float, lower: Floats, upper: Floats, *, runs: bool = True
) -> Chart:
    # Rounding must not put a point beyond limits that it lies on.
    slack = 1e-9 * np.maximum(1.0, np.abs(points))
    beyond = (points < lower - slack) | (points > upper + slack)
    found = _run_ends(points, centre) if runs else np.zeros(points.shape, dtype=bool)
    return Chart(points, centre, lower, upper, beyond, found)


def _run_ends(points: Floats, centre: float) -> Flags:
    """Points that are at least the eighth in a row on one side; NaN is passed over."""
    ends = np.zeros(points.shape, dtype=bool)
    side, length = 0.0, 0
    for at, here in enumerate(np.sign(points - centre).tolist()):
        if math.isnan(here):
            continue
        length = length + 1 if here and here == side else int(here != 0)
        side = here
        ends[at] = length >= RUN_LENGTH
    return ends
