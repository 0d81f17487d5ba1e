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
    usual, unseen = _usual_weekdays(series), unseen_weekdays(series)
    for weekday in np.flatnonzero(usual):
        rows = np.flatnonzero(of_day == weekday)[-SLOT_DAYS:]
        found[weekday] = series.present[rows].any(axis=0)
    found[unseen & _as_the_seen(usual)] = found.any(axis=0)
    return found


def unseen_weekdays(series: Series) -> Mask:
    """Return on which weekdays a history under a week says nothing, shape (7,)."""
    return np.asarray(_possible(series, _recent_weeks(series)) == 0)


def _as_the_seen(usual: Mask) -> Mask:
    """Which unseen weekdays to take as open: work days, and a weekend if half of it is."""
    return np.array([True] * 5 + [bool(usual[5:].any())] * 2)


def _usual_weekdays(series: Series) -> Mask:
    """Which weekdays had data at least half as often as the one that had most."""
    recent = _recent_weeks(series)
    rows = (series.days + 3) // 7 >= recent[0]
    counts = np.bincount(weekdays(series.days[rows]), minlength=7)
    often = counts / np.maximum(_possible(series, recent), 1)
    usual: Mask = np.asarray(often >= 0.5 * often.max())
    return usual


def _recent_weeks(series: Series) -> Ints:
    weeks: Ints = np.unique((series.days + 3) // 7)[-RECENT_WEEKS:]
    return weeks


def _possible(series: Series, recent: Ints) -> Ints:
    """How many of the recent weeks could have held each weekday.

    The first and the last week may be cut.
    """
    first, last = int(series.days[0]), int(series.days[-1])
    possible = [
        sum(first <= week * 7 - 3 + weekday <= last for week in recent.tolist())
        for weekday in range(7)
    ]
    return np.array(possible, dtype=np.int64)


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


def check_horizon(horizon: int | timedelta, step: int) -> None:
    """Refuse a horizon that is no span of at least one interval.

    Raises
    ------
    ValueError
        If it is neither a whole number nor a span, below one interval of ``step``
        seconds, or a span of more than `MAX_DAYS_AHEAD` days.
    """
    if isinstance(horizon, timedelta):
        if horizon < timedelta(seconds=step):
            raise ValueError(f"horizon must be at least one interval: {horizon}")
        if horizon > timedelta(days=MAX_DAYS_AHEAD):
            raise ValueError(
                f"a horizon reaches at most {MAX_DAYS_AHEAD} days ahead: {horizon}"
            )
        return
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer):
        raise ValueError(  # noqa: TRY004 - one kind of error for every bad input
            f"horizon must be a number of intervals or a span: {horizon!r}"
        )
    if horizon < 1:
        raise ValueError(f"horizon must be at least one interval: {horizon}")


def look_ahead(
    series: Series, horizon: int | timedelta, holidays: Ints, pattern: Mask
) -> Future:
    """Return the coming open days and slots that a horizon asks for.

    Parameters
    ----------
    horizon : int or timedelta
        So many open intervals after the last known one, or a calendar span that starts
        on the day after that.

    Raises
    ------
    ValueError
        For a horizon as in `check_horizon`, or one that reaches more than `MAX_DAYS_AHEAD` days.
    """
    check_horizon(horizon, series.step)
    last = max(int(series.days[-1]), series.last_moment // DAY)
    if isinstance(horizon, timedelta):
        return _span(series, horizon, holidays, pattern, last)
    start = max(last, int(series.days[-1]) + 1)
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
    end = (last + 1) * DAY + int(span.total_seconds())
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
