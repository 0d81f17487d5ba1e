"""History made ready: one-off days and events out, calendar beside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from workforce.capacity.core.forecast.calendar import Calendar, build_calendar
from workforce.capacity.core.forecast.cleaning import clean, marked
from workforce.capacity.core.forecast.events import (
    coming_factors,
    hidden_days,
    learn,
    without_events,
)
from workforce.capacity.core.forecast.levels import Doubt, Levelled, level_out
from workforce.capacity.core.forecast.members import LOW_VOLUME, YEARLY_DAYS
from workforce.capacity.core.forecast.opening import Mask, unseen_weekdays
from workforce.capacity.core.forecast.records import (
    CalendarEvent,
    EventEffect,
    Floats,
    Ints,
    Outlier,
)
from workforce.capacity.core.forecast.series import Series, as_days, weekdays

SHORT_DAYS = 112
"""Days of history, 16 weeks, below which a forecast is marked as resting on little."""

LEAST_LEAN = 0.05
"""By how much more of the level bounds must reach to one side to be noted."""

RECENT_DAYS = 56
Drivers = Mapping[str, Mapping[date, float]]


@dataclass(frozen=True)
class Context:
    """What is known besides the volumes."""

    holidays: Ints
    events: tuple[CalendarEvent, ...] = ()
    keep: frozenset[date] = frozenset()
    drop: frozenset[date] = frozenset()
    drivers: Drivers = field(default_factory=dict)


@dataclass(frozen=True)
class Training:
    """Volumes as members take them, with the days to be forecast.

    Attributes
    ----------
    calendar : Calendar
        Of the ``n`` past days and the coming ones.
    values : float64, shape (n, s)
        Cleaned volumes without events, at the level of today.
    scale : float64, shape (n,)
        By what past days were multiplied to be at the level of today.
    open : bool, shape (n, s)
        Slots that count on each past day.
    factors : float64, shape (d,)
        By how much events multiply each coming day.
    level_doubt : Doubt
        Of a level that has stepped lately or may have, see `levels.level_out`.
    """

    calendar: Calendar
    values: Floats
    totals: Floats
    scale: Floats
    open: Mask
    factors: Floats
    effects: dict[str, EventEffect]
    outliers: tuple[Outlier, ...]
    notes: tuple[str, ...]
    low_volume: bool
    level_doubt: Doubt

    @property
    def known(self) -> int:
        return int(self.totals.size)

    @property
    def ahead(self) -> int:
        return int(self.factors.size)

    def ahead_of(self, origin: int, count: int) -> Floats:
        """Return the calendar days from the last known day to each of the next ones."""
        days = self.calendar.days
        after: Floats = np.subtract(
            days[origin : origin + count], days[origin - 1], dtype=np.float64
        )
        return after


def _suspicions(doubt: Doubt) -> list[str]:
    """Name a doubt of the level that shows: bounds reach further to one side."""
    lean = doubt.above**0.5 - doubt.below**0.5
    if abs(lean) < LEAST_LEAN:
        return []
    return ["rise_suspected" if lean > 0 else "drop_suspected"]


def make_context(
    holidays: Collection[date],
    events: Sequence[CalendarEvent],
    keep: Collection[date],
    drop: Collection[date],
    drivers: Drivers | None = None,
) -> Context:
    """Return the context of a forecast from what callers pass."""
    numbers = sorted(np.datetime64(day, "D").astype(np.int64) for day in holidays)
    return Context(
        holidays=np.array(numbers, dtype=np.int64),
        events=tuple(events),
        keep=frozenset(keep),
        drop=frozenset(drop),
        drivers=dict(drivers or {}),
    )


def train(series: Series, coming: Ints, pattern: Mask, context: Context) -> Training:
    """Return the history cleaned, with the calendar of past and coming days."""
    every = np.concatenate([series.days, coming])
    calendar = build_calendar(
        every, context.holidays, _driver_columns(every, series.days.size, context)
    )
    raw = series.totals
    plain = without_events(calendar, raw, context.events)
    kept = marked(series.days, context.keep) | hidden_days(series.days, context.events)
    dropped = marked(series.days, context.drop)
    cleaned = clean(calendar, plain, keep=kept, drop=dropped)
    low = _is_low(series.days, cleaned.totals)
    if low:  # Chance makes steps of a few contacts: left to the members.
        levelled = Levelled(np.ones(plain.size), (), Doubt())
    else:
        levelled = level_out(calendar, cleaned.totals, plain, cleaned.replaced)
    totals = cleaned.totals * levelled.scale
    effects = learn(series.days, raw, cleaned.totals, context.events)
    notes = _notes(series, pattern, context, cleaned.totals, low)
    if cleaned.replaced.any():
        notes.append("outliers")
    if cleaned.shifted or levelled.steps:
        notes.append("level_shift")
    notes += _suspicions(levelled.doubt)
    return Training(
        calendar=calendar,
        values=_rescaled(series.values, raw, totals),
        totals=totals,
        scale=levelled.scale,
        open=series.present | pattern[weekdays(series.days)],
        factors=coming_factors(coming, context.events, effects),
        effects=effects,
        outliers=_outliers(series.days, plain, cleaned.totals, cleaned.replaced),
        notes=tuple(notes),
        low_volume=low,
        level_doubt=levelled.doubt,
    )


def _rescaled(values: Floats, before: Floats, after: Floats) -> Floats:
    """Scale each day's slots to its cleaned total; an empty day is spread as others."""
    usual = values.sum(axis=0)
    usual = usual / usual.sum() if usual.sum() > 0 else np.full(usual.size, 0.0)
    empty = (before <= 0) & (after > 0)
    scale = np.where(before > 0, after / np.where(before > 0, before, 1.0), 1.0)
    scaled: Floats = values * scale[:, None]
    scaled[empty] = after[empty, None] * usual
    return scaled


def _is_low(days: Ints, totals: Floats) -> bool:
    recent = totals[days > days[-1] - RECENT_DAYS]
    return bool(recent.mean() < LOW_VOLUME)


def _outliers(
    days: Ints, actual: Floats, expected: Floats, replaced: Mask
) -> tuple[Outlier, ...]:
    rows = np.flatnonzero(replaced)
    dates = as_days(days[rows]).tolist()
    return tuple(
        Outlier(day, float(actual[row]), float(expected[row]))
        for day, row in zip(dates, rows.tolist(), strict=True)
    )


def _notes(
    series: Series, pattern: Mask, context: Context, totals: Floats, low: bool
) -> list[str]:
    span = int(series.days[-1] - series.days[0]) + 1
    found = {
        "short_history": span < SHORT_DAYS,
        "no_full_year": span <= YEARLY_DAYS,
        "low_volume": low,
        "all_zero": not totals.any(),
        "gaps": _has_gaps(series, pattern, context),
        "leading_zeros": series.leading_zeros > 0,
        "unknown_slots": series.unknown_slots > 0,
        "unseen_weekdays": bool(unseen_weekdays(series).any()),
        "partial_day": series.partial is not None,
    }
    return [code for code, holds in found.items() if holds]


def _has_gaps(series: Series, pattern: Mask, context: Context) -> bool:
    """Whether days are unknown, also after the last known one."""
    after = series.unknown_days > series.days[-1]
    missing = missing_days(series, pattern, context.holidays)
    return bool(missing.size or after.any())


def missing_days(series: Series, pattern: Mask, holidays: Ints) -> Ints:
    """Return days without data on weekdays that are usually open, holidays aside."""
    every = np.arange(series.days[0], series.days[-1] + 1)
    expected = every[np.asarray(pattern.any(axis=1))[weekdays(every)]]
    absent = expected[~np.isin(expected, series.days)]
    gaps: Ints = absent[~np.isin(absent, holidays)]
    return gaps


def _driver_columns(days: Ints, known: int, context: Context) -> Floats:
    """Logarithms of each driver by day, standardised on the past.

    A day without a value takes the last one before it, or the first one after.
    """
    columns = [_driver(days, name, values) for name, values in context.drivers.items()]
    if not columns:
        return np.zeros((days.size, 0))
    table = np.column_stack(columns)
    spread = table[:known].std(axis=0)
    scaled: Floats = (table - table[:known].mean(axis=0)) / np.where(
        spread > 0, spread, 1.0
    )
    return np.clip(scaled, -5.0, 5.0)


def _driver(days: Ints, name: str, values: Mapping[date, float]) -> Floats:
    if not values:
        raise ValueError(f"driver {name!r} has no values")
    dates = sorted(values)
    amounts = np.array([values[day] for day in dates], dtype=np.float64)
    if not (np.isfinite(amounts).all() and (amounts >= 0).all()):
        raise ValueError(f"driver {name!r} has a value that is negative or missing")
    at = np.array(dates, dtype="datetime64[D]").astype(np.int64)
    rows = np.clip(np.searchsorted(at, days, side="right") - 1, 0, at.size - 1)
    logs: Floats = np.log1p(amounts)[rows]
    return logs
