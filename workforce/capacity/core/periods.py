"""Periods of planning: which month, quarter or year a day is in, and what is due when."""

from datetime import date, timedelta
from typing import Literal

Cadence = Literal["MONTHLY", "QUARTERLY", "ANNUAL"]

_MONTHS: dict[str, int] = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUAL": 12}


def period_start(day: date, cadence: str) -> date:
    """Return the first day of the calendar month, quarter or year that a day is in.

    Raises
    ------
    KeyError
        For a cadence that does not exist.
    """
    months = _MONTHS[cadence]
    first = (day.month - 1) // months * months + 1
    return date(day.year, first, 1)


def next_period(start: date, cadence: str) -> date:
    """Return the first day of the period after the one that begins on ``start``."""
    index = start.year * 12 + start.month - 1 + _MONTHS[cadence]
    return date(index // 12, index % 12 + 1, 1)


def due_on(start: date, due_day: int, cadence: str) -> date:
    """Return the ``due_day``-th day of a period, counted from 1; its last at the latest."""
    last = next_period(start, cadence) - timedelta(days=1)
    return min(start + timedelta(days=due_day - 1), last)
