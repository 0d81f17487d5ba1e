"""Events: their past days leave training, their change is learnt and repeated."""

from collections.abc import Sequence

import numpy as np

from workforce.capacity.core.forecast.calendar import Calendar
from workforce.capacity.core.forecast.cleaning import Mask, local_expectation
from workforce.capacity.core.forecast.records import (
    ADJUST,
    EXCLUDE,
    REPEAT,
    CalendarEvent,
    EventEffect,
    Floats,
    Ints,
)

PRIOR_SPREAD = 0.5
"""Standard deviation, in logarithms, that events are believed to have before any data."""

DAY_SPREAD = 0.15
"""Usual logarithmic error of a day's expectation, besides that of a Poisson count."""

SMALLEST_FACTOR = 0.05
"""Volume below this share of normal cannot be scaled back: such days are left out."""


def hidden_days(days: Ints, events: Sequence[CalendarEvent]) -> Mask:
    """Return the past days whose volume training must not take as it is."""
    hidden = np.zeros(days.size, dtype=bool)
    for event in events:
        if event.treatment in (EXCLUDE, REPEAT) or _factor(event) < SMALLEST_FACTOR:
            hidden |= _inside(days, event)
    return hidden


def without_events(
    calendar: Calendar, totals: Floats, events: Sequence[CalendarEvent]
) -> Floats:
    """Return past totals as they would have been without the events."""
    days = calendar.days[: totals.size]
    plain = totals.copy()
    for event in events:
        if event.treatment == ADJUST and _factor(event) >= SMALLEST_FACTOR:
            plain[_inside(days, event)] /= _factor(event)
    hidden = hidden_days(days, events)
    return local_expectation(calendar, plain, hidden) if hidden.any() else plain


def learn(
    days: Ints, actual: Floats, plain: Floats, events: Sequence[CalendarEvent]
) -> dict[str, EventEffect]:
    """Return what the past days of each repeated event taught.

    The logarithm of actual over plain volume, pooled over the event's days, is shrunk
    to 0 by how uncertain it is: ``b = g * s² / (s² + v)`` with the prior variance ``s²``
    and ``v`` the variance of ``n`` days of which each has Poisson and day-to-day error.
    """
    effects = {}
    for key in dict.fromkeys(e.key for e in events if e.treatment == REPEAT):
        rows = np.zeros(days.size, dtype=bool)
        for event in events:
            if event.key == key and event.treatment == REPEAT:
                rows |= _inside(days, event)
        if rows.any():
            effects[key] = _effect(actual[rows], plain[rows])
    return effects


def _effect(actual: Floats, plain: Floats) -> EventEffect:
    expected = float(plain.sum())
    raw = np.log((float(actual.sum()) + 0.5) / (expected + 0.5))
    variance = DAY_SPREAD**2 / actual.size + 1.0 / max(expected, 0.5)
    kept = PRIOR_SPREAD**2 / (PRIOR_SPREAD**2 + variance)
    return EventEffect(float(100 * np.expm1(kept * raw)), int(actual.size))


def coming_factors(
    days: Ints, events: Sequence[CalendarEvent], effects: dict[str, EventEffect]
) -> Floats:
    """Return by how much the events multiply each coming day; several multiply."""
    factors = np.ones(days.size)
    for event in events:
        if event.treatment == EXCLUDE:
            continue
        change = _factor(event)
        if event.percent is None and event.key in effects:
            change = 1 + effects[event.key].percent / 100
        factors[_inside(days, event)] *= change
    return factors


def _factor(event: CalendarEvent) -> float:
    return 1.0 if event.percent is None else 1 + event.percent / 100


def _inside(days: Ints, event: CalendarEvent) -> Mask:
    first = np.datetime64(event.first, "D").astype(np.int64)
    last = np.datetime64(event.last, "D").astype(np.int64)
    inside: Mask = (days >= first) & (days <= last)
    return inside
