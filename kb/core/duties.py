"""Periods of content duties: which week, month or quarter a day is in, what is due when."""

from datetime import date, timedelta

ONGOING, WEEKLY, MONTHLY, QUARTERLY = "ONGOING", "WEEKLY", "MONTHLY", "QUARTERLY"
_MONTHS = {MONTHLY: 1, QUARTERLY: 3}
_FRIDAY = 4


def period_start(day: date, cadence: str) -> date:
    """Return the Monday, or first day of the month or quarter, that a day is in.

    Raises
    ------
    KeyError
        For a cadence without periods.
    """
    if cadence == WEEKLY:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[cadence]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_period(start: date, cadence: str) -> date:
    """Return the first day of the period after the one that begins on ``start``."""
    if cadence == WEEKLY:
        return start + timedelta(days=7)
    index = start.year * 12 + start.month - 1 + _MONTHS[cadence]
    return date(index // 12, index % 12 + 1, 1)


def due_on(start: date, cadence: str) -> date:
    """Return the Friday of a week, else the last day of the period."""
    if cadence == WEEKLY:
        return start + timedelta(days=_FRIDAY)
    return next_period(start, cadence) - timedelta(days=1)
