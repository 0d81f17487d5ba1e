"""Periods of planning: where they begin and when something in them is due."""

from datetime import date, timedelta

import pytest

from workforce.capacity.core.periods import due_on, next_period, period_start


@pytest.mark.parametrize(
    ("day", "cadence", "start", "following"),
    [
        (date(2026, 12, 31), "MONTHLY", date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 3, 31), "QUARTERLY", date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 4, 1), "QUARTERLY", date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 11, 22), "QUARTERLY", date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 1, 1), "ANNUAL", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_period_is_that_of_the_calendar(day, cadence, start, following):
    assert period_start(day, cadence) == start
    assert next_period(start, cadence) == following


def test_each_day_of_four_years_is_in_one_period():
    for cadence in ("MONTHLY", "QUARTERLY", "ANNUAL"):
        for offset in range(1461):
            day = date(2024, 1, 1) + timedelta(days=offset)
            start = period_start(day, cadence)
            assert start <= day < next_period(start, cadence)


@pytest.mark.parametrize(
    ("start", "due_day", "cadence", "due"),
    [
        (date(2026, 2, 1), 1, "MONTHLY", date(2026, 2, 1)),
        (date(2026, 2, 1), 28, "MONTHLY", date(2026, 2, 28)),
        (date(2026, 1, 1), 40, "QUARTERLY", date(2026, 2, 9)),
        (date(2026, 1, 1), 90, "QUARTERLY", date(2026, 3, 31)),
        (date(2026, 1, 1), 365, "ANNUAL", date(2026, 12, 31)),
    ],
)
def test_due_day_is_counted_from_the_first(start, due_day, cadence, due):
    assert due_on(start, due_day, cadence) == due
