"""One-off days: found against recent same weekdays, replaced unless a level shifted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from workforce.capacity.core.forecast.calendar import Calendar
from workforce.capacity.core.forecast.records import Floats, Ints

Mask = np.ndarray[Any, np.dtype[np.bool_]]

SPREADS = 4.0
"""Robust standard deviations beyond which a day is a one-off."""

LEAST_CHANGE = 0.25
"""Logarithmic change below which no day is a one-off, however calm the queue is."""

WEEKS = 8
LEAST_WEEKS = 4
LEVEL_DAYS = 10
RECENT_DAYS, RECENT_LEAST = 56, 20
"""Calendar days whose own spread counts where it is larger, and days it needs."""

SHIFT_WINDOW, SHIFT_DAYS = 5, 3
"""A level shifts when three of five days in a row are off on the same side..."""

SHIFT_SUPPORT = 0.5
"""...by at least this share of what makes a one-off day."""


@dataclass(frozen=True)
class Cleaned:
    """Day totals as training takes them.

    Attributes
    ----------
    totals : float64, shape (n,)
    replaced : bool, shape (n,)
        One-off days whose total was replaced.
    shifted : bool
        Whether days of the last four weeks were kept because the level shifted.
    """

    totals: Floats
    replaced: Mask
    shifted: bool


def clean(calendar: Calendar, totals: Floats, *, keep: Mask, drop: Mask) -> Cleaned:
    """Replace one-off days by what recent same weekdays and the recent level expect.

    A day is a one-off when it is more than `SPREADS` robust standard deviations of
    logarithms away. Holidays and the days around them are left alone, and so are days
    that form a new level.

    Parameters
    ----------
    totals : float64, shape (n,)
        The first ``n`` days of the calendar.
    keep, drop : bool, shape (n,)
        Days that people decided: never replaced, always replaced.
    """
    n = totals.size
    usual = _usual(calendar.weekday[:n], totals, calendar.special[:n] | drop)
    judged = np.isfinite(usual)
    change = np.where(
        judged, np.log((totals + 1) / (np.where(judged, usual, 1) + 1)), 0
    )
    level = _recent_level(np.where(judged & ~drop, change, np.nan))
    off = change - level
    plain = judged & ~calendar.special[:n]
    recent = calendar.days[:n] > calendar.days[n - 1] - RECENT_DAYS
    far = off / _bounds(off, usual, judged, recent)
    odd = plain & (np.abs(far) > 1)
    shift = _shifting(plain & (np.abs(far) > SHIFT_SUPPORT), far)
    replaced = (odd & ~shift & ~keep) | drop
    expected = np.where(judged, (usual + 1) * np.exp(level) - 1, np.nan)
    expected = _without_gaps(expected, calendar.weekday[:n], totals, replaced)
    cleaned = np.where(replaced, np.maximum(expected, 0.0), totals)
    return Cleaned(cleaned, replaced, bool((shift & odd)[-28:].any()))


def local_expectation(calendar: Calendar, totals: Floats, hidden: Mask) -> Floats:
    """Return what each hidden day would have had: nearby same weekdays on both sides.

    The median of the four nearest plain same weekdays before and after, times how its
    neighbourhood compares with the same medians. Days that are not hidden keep theirs.
    """
    n = totals.size
    plain = ~hidden & ~calendar.special[:n]
    if not plain.any():
        plain = ~hidden
    if not plain.any():
        return totals.copy()
    expected = totals.copy()
    for row in np.flatnonzero(hidden):
        expected[row] = _nearby(calendar, totals, plain, int(row))
    return expected


def _nearby(calendar: Calendar, totals: Floats, plain: Mask, row: int) -> float:
    same = plain & (calendar.weekday[: totals.size] == calendar.weekday[row])
    rows = np.flatnonzero(same if same.sum() >= 2 else plain)
    at = int(np.searchsorted(rows, row))
    return float(np.median(totals[rows[max(0, at - 4) : at + 4]]))


def _usual(of_day: Ints, totals: Floats, skip: Mask) -> Floats:
    """Median of the last eight earlier same weekdays; NaN before the fifth."""
    usual = np.full(totals.size, np.nan)
    for weekday in range(7):
        every = np.flatnonzero(of_day == weekday)
        plain = np.flatnonzero((of_day == weekday) & ~skip)
        medians = _trailing_median(totals[plain], WEEKS, LEAST_WEEKS)
        earlier = np.searchsorted(plain, every)
        usual[every] = medians[earlier]
    return usual


def _trailing_median(values: Floats, window: int, least: int) -> Floats:
    """Median of the up to ``window`` values before each position, and after the last."""
    found = np.full(values.size + 1, np.nan)
    for count in range(least, min(window, values.size + 1)):
        found[count] = np.median(values[:count])
    if values.size >= window:
        found[window:] = np.median(sliding_window_view(values, window), axis=1)
    return found


def _recent_level(changes: Floats) -> Floats:
    """Median change of the ten days before each; 0 where fewer than five are known."""
    padded = np.concatenate([np.full(LEVEL_DAYS, np.nan), changes[:-1]])
    windows = np.sort(sliding_window_view(padded, LEVEL_DAYS), axis=1)
    known = LEVEL_DAYS - np.isnan(windows).sum(axis=1)
    rows = np.arange(changes.size)
    low, high = np.maximum(known - 1, 0) // 2, np.maximum(known, 1) // 2
    middle = (windows[rows, low] + windows[rows, np.minimum(high, LEVEL_DAYS - 1)]) / 2
    return np.where(known > 4, middle, 0.0)


def _bounds(off: Floats, usual: Floats, judged: Mask, recent: Mask) -> Floats:
    """How far off a one-off day is; further where a queue became noisy of late."""
    busy = judged & (usual > 0)
    spread = np.full(off.size, _robust(off[busy]) if busy.any() else 1.0)
    if (busy & recent).sum() >= RECENT_LEAST:
        spread[recent] = np.maximum(spread[recent], _robust(off[busy & recent]))
    count = 0.8 / np.sqrt(np.maximum(np.where(judged, usual, 1.0), 1.0))
    bounds: Floats = SPREADS * np.maximum(
        np.maximum(spread, count), LEAST_CHANGE / SPREADS
    )
    return bounds


def _robust(off: Floats) -> float:
    """Standard deviation about 0 from the median, for which one-offs hardly count."""
    return 1.4826 * float(np.median(np.abs(off)))


def _shifting(off: Mask, far: Floats) -> Mask:
    """Which days lie in some window of five with three that are off on their side."""
    found = np.zeros(off.size, dtype=bool)
    for side in (1.0, -1.0):
        marked = (off & (np.sign(far) == side)).astype(np.int64)
        sums = np.convolve(marked, np.ones(SHIFT_WINDOW, dtype=np.int64), "full")
        # sums[k] counts the window that ends on day k; a day is in those of k..k+4.
        crowded = sliding_window_view(sums, SHIFT_WINDOW)[: off.size] >= SHIFT_DAYS
        found |= (marked > 0) & crowded.any(axis=1)
    return found


def _without_gaps(
    expected: Floats, of_day: Ints, totals: Floats, replaced: Mask
) -> Floats:
    """Fill the expectation of replaced days that had no earlier weeks."""
    filled = expected.copy()
    for row in np.flatnonzero(replaced & ~np.isfinite(expected)):
        same = ~replaced & (of_day == of_day[row])
        others = totals[same] if same.any() else totals[~replaced]
        filled[row] = np.median(others) if others.size else totals[row]
    return filled


def marked(days: Ints, chosen: Collection[date]) -> Mask:
    """Return which days are among the chosen dates."""
    numbers = np.array([np.datetime64(day, "D") for day in chosen], "datetime64[D]")
    return np.isin(days, numbers.astype(np.int64))
