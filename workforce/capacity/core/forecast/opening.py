"""When a queue is open: learnt from the days and slots that had data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from workforce.capacity.core.forecast.records import Floats, Ints
from workforce.capacity.core.forecast.series import DAY, Series, weekdays

Mask = np.ndarray[Any, np.dtype[np.bool_]]

RECENT_WEEKS = 8
"""Weeks that decide whether a weekday is open: opening hours change."""

SLOT_DAYS = 13
"""Last same weekdays within which a slot must have had a row to be open."""

MAX_DAYS_AHEAD = 800


@dataclass(frozen=True)
class Future:
    """Coming open days and which of their slots are open.

    Attributes
    ----------
    days : int64, shape (d,)
    slots : bool, shape (d, s)
        Slots of each day that are asked for.
    share_of : bool, shape (d, s)
        Slots over which the day's whole volume is spread. It differs from ``slots`` on
        a day that has begun and on a last day cut by the horizon.
    """

    days: Ints
    slots: Mask
    share_of: Mask


def open_slots(series: Series) -> Mask:
    """Return which slots are open on each weekday, shape (7, s)."""
    found = np.zeros((7, series.present.shape[1]), dtype=bool)
    of_day = weekdays(series.days)
    usual = _usual_weekdays(series)
    for weekday in np.flatnonzero(usual):
        rows = np.flatnonzero(of_day == weekday)[-SLOT_DAYS:]
        found[weekday] = series.present[rows].any(axis=0)
    return found


def _usual_weekdays(series: Series) -> Mask:
    """Which weekdays had data at least half as often as the one that had most."""
    weeks = (series.days + 3) // 7
    recent = np.unique(weeks)[-RECENT_WEEKS:]
    rows = weeks >= recent[0]
    counts = np.bincount(weekdays(series.days[rows]), minlength=7)
    # The first and the last week may be cut, so each weekday is judged by the weeks
    # that could have held it.
    first, last = int(series.days[0]), int(series.days[-1])
    possible = np.array(
        [
            sum(first <= week * 7 - 3 + weekday <= last for week in recent.tolist())
            for weekday in range(7)
        ]
    )
    often = counts / np.maximum(possible, 1)
    usual: Mask = np.asarray(often >= 0.5 * often.max())
    return usual


def closed_holidays(
    series: Series, usual: Mask, holidays: Ints, upcoming: Ints
) -> Ints:
    """Return those of the upcoming days that are holidays on which the queue closes.

    A holiday is closed if the same one (by date, or by weekday of the month) was, else
    if most past holidays on open weekdays were. With none in the past it is open: the
    data knows no closed day.
    """
    past = holidays[(holidays >= series.days[0]) & (holidays <= series.days[-1])]
    past = past[usual[weekdays(past)]]
    if not past.size:
        return upcoming[:0]
    was_closed = ~np.isin(past, series.days)
    names = [_names(int(day)) for day in past]
    verdicts = []
    for day in upcoming.tolist():
        alike = np.array([bool(_names(day) & other) for other in names])
        judged = was_closed[alike] if alike.any() else was_closed
        verdicts.append(bool(judged.mean() >= 0.5))
    shut: Ints = upcoming[np.array(verdicts, dtype=bool)]
    return shut


def _names(day: int) -> set[tuple[str, int, int, int]]:
    """The two ways in which a holiday comes back: 25 December, first Monday of May."""
    when = np.datetime64(day, "D").item()
    week = (when.day - 1) // 7
    return {
        ("date", when.month, when.day, 0),
        ("weekday", when.month, when.weekday(), week),
    }


def look_ahead(
    series: Series, horizon: int | timedelta, holidays: Ints, pattern: Mask
) -> Future:
    """Return the coming open days and slots that a horizon asks for.

    Parameters
    ----------
    horizon : int or timedelta
        So many open intervals after the last one, or a calendar span that starts on
        the day after the last.

    Raises
    ------
    ValueError
        If the horizon is not above 0, or reaches more than `MAX_DAYS_AHEAD` days.
    """
    last = max(int(series.days[-1]), series.partial or 0)
    if isinstance(horizon, timedelta):
        return _span(series, horizon, holidays, pattern, last)
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer):
        raise ValueError(  # noqa: TRY004 - one kind of error for every bad input
            f"horizon must be a number of intervals or a span: {horizon!r}"
        )
    if horizon < 1:
        raise ValueError(f"horizon must be at least one interval: {horizon}")
    start = last if series.partial is not None else last + 1
    days = _open_days(series, start, last + 1 + MAX_DAYS_AHEAD, holidays, pattern)
    share_of = pattern[weekdays(days)]
    slots = share_of & (_starts(days, share_of.shape[1], series) > series.last_moment)
    upto = np.cumsum(slots.ravel()).reshape(slots.shape)
    slots &= upto <= horizon
    if not upto.size or upto.flat[-1] < horizon:
        raise ValueError(
            f"a horizon of {horizon} open intervals reaches more than "
            f"{MAX_DAYS_AHEAD} days ahead"
        )
    asked = slots.any(axis=1)
    return Future(days[asked], slots[asked], share_of[asked])


def _span(
    series: Series, span: timedelta, holidays: Ints, pattern: Mask, last: int
) -> Future:
    seconds = int(span.total_seconds())
    if seconds < series.step:
        raise ValueError(f"horizon must be at least one interval: {span}")
    if seconds > MAX_DAYS_AHEAD * DAY:
        raise ValueError(
            f"a horizon reaches at most {MAX_DAYS_AHEAD} days ahead: {span}"
        )
    end = (last + 1) * DAY + seconds
    days = _open_days(series, last + 1, -(-end // DAY), holidays, pattern)
    share_of = pattern[weekdays(days)]
    slots = share_of & (_starts(days, share_of.shape[1], series) < end)
    return Future(days, slots, share_of)


def _open_days(
    series: Series, start: int, end: int, holidays: Ints, pattern: Mask
) -> Ints:
    usual: Mask = np.asarray(pattern.any(axis=1))
    days = np.arange(start, end, dtype=np.int64)
    days = days[usual[weekdays(days)]]
    upcoming = days[np.isin(days, holidays)]
    shut = closed_holidays(series, usual, holidays, upcoming)
    return days[~np.isin(days, shut)]


def _starts(days: Ints, slots: int, series: Series) -> Ints:
    starts: Ints = days[:, None] * DAY + np.arange(slots) * series.step
    return starts


def spread_over(shares: Floats, mask: Mask) -> Floats:
    """Return shares restricted to a mask that sum to 1 a day; even where all are 0."""
    kept = np.where(mask, shares, 0.0)
    sums = kept.sum(axis=1, keepdims=True)
    even = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1)
    return np.where(sums > 0, kept / np.where(sums > 0, sums, 1.0), even)
