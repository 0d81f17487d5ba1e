"""When an event that repeats happens again.

Counting is by calendar months, which differ in length. Three rules keep what a person
means by the first occurrence:

* it ends on the last day of a month: so does every other one, and it keeps its length
  in days counted back from there (29 to 31 January, then 26 to 28 February);
* it also begins on the first day of a month: whole months stay whole months;
* otherwise it begins on the same day of the month, on the last one where the month is
  shorter, and keeps its length.
"""

from calendar import monthrange
from datetime import date, timedelta
from itertools import count

MONTHS_BETWEEN = {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12}
"""Calendar months from one occurrence to the next; an event without it is once only."""

DAY = timedelta(days=1)

Span = tuple[date, date]


def occurrences(
    *, starts_on: date, ends_on: date, repeats: str, start: date, end: date
) -> list[Span]:
    """Return the occurrences that touch a period, oldest first.

    Parameters
    ----------
    starts_on, ends_on : date
        First and last day of the first occurrence, both included. Nothing happened
        before it.
    repeats : str
        A key of :data:`MONTHS_BETWEEN`; anything else means once.
    start, end : date
        The period, half-open.

    Returns
    -------
    list of (date, date)
        First and last day of each occurrence, both included and not cut at the period.

    Raises
    ------
    ValueError
        If the last day lies before the first.

    Examples
    --------
    >>> occurrences(starts_on=date(2026, 1, 29), ends_on=date(2026, 1, 31),
    ...             repeats="MONTHLY", start=date(2026, 2, 1), end=date(2026, 3, 1))
    [(datetime.date(2026, 2, 26), datetime.date(2026, 2, 28))]
    """
    if ends_on < starts_on:
        raise ValueError("an event cannot end before it starts")
    step = MONTHS_BETWEEN.get(repeats)
    found = []
    for index in count(_first_index(ends_on, start, step)) if step else (0,):
        span = _shifted(starts_on, ends_on, index * (step or 0))
        if span[0] >= end:
            break
        if span[1] >= start:
            found.append(span)
    return found


def _first_index(ends_on: date, start: date, step: int | None) -> int:
    """Return an occurrence that surely does not lie after the first one wanted."""
    months = (start.year - ends_on.year) * 12 + start.month - ends_on.month
    return max(0, (months - 1) // (step or 1))


def _shifted(first: date, last: date, months: int) -> Span:
    if not months:
        return first, last
    length = last - first
    if last.day == _days_in(last.year, last.month):
        year, month = _month_after(last, months)
        end = date(year, month, _days_in(year, month))
        if first.day == 1:
            year, month = _month_after(first, months)
            return date(year, month, 1), end
        return end - length, end
    year, month = _month_after(first, months)
    start = date(year, month, min(first.day, _days_in(year, month)))
    return start, start + length


def _month_after(day: date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def days_of(spans: list[Span], start: date, end: date) -> list[date]:
    """Return every day of the given spans inside a half-open period, each one once."""
    found = set()
    for first, last in spans:
        day = max(first, start)
        while day <= last and day < end:
            found.add(day)
            day += DAY
    return sorted(found)
