"""Periods of duties: which week, month, quarter or year a day is in, what is due when."""

from datetime import date, timedelta

ONGOING, WEEKLY, MONTHLY, QUARTERLY, ANNUAL = (
    "ONGOING", "WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL",
)  # fmt: skip
_MONTHS = {MONTHLY: 1, QUARTERLY: 3, ANNUAL: 12}
_FRIDAY = 5


def period_start(day: date, cadence: str) -> date:
    """Return the Monday, or first day of the month, quarter or year, that a day is in.

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
    """Return the first day of the period after the one that begins on ``start``.

    Raises
    ------
    KeyError
        For a cadence without periods.
    """
    if cadence == WEEKLY:
        return start + timedelta(days=7)
    index = start.year * 12 + start.month - 1 + _MONTHS[cadence]
    return date(index // 12, index % 12 + 1, 1)


def due_on(start: date, cadence: str, *, due_day: int | None = None) -> date:
    """Return the day of a period on which its duty is due.

    Parameters
    ----------
    start
        First day of the period.
    cadence
        One that has periods.
    due_day
        Day of the period, counted from 1; a day after its last is its last. Without one
        a week's duty is due on Friday, any other on the last day.

    In months and longer periods a Saturday or Sunday gives way to the Friday before, at
    the beginning of a period to the Monday after. Public holidays are not known here.

    Raises
    ------
    KeyError
        For a cadence without periods.
    """
    last = next_period(start, cadence) - timedelta(days=1)
    if due_day is None:
        due_day = _FRIDAY if cadence == WEEKLY else (last - start).days + 1
    found = min(start + timedelta(days=due_day - 1), last)
    return found if cadence == WEEKLY else _on_a_weekday(found, start)


def _on_a_weekday(day: date, start: date) -> date:
    over = max(0, day.isoweekday() - _FRIDAY)
    before = day - timedelta(days=over)
    return before if before >= start else day + timedelta(days=3 - over)
