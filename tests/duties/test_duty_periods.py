"""Periods of duties: where they begin and when something in them is due."""

from datetime import date, timedelta

import pytest

from supportops.duties.periods import due_on, next_period, period_start


@pytest.mark.parametrize(
    ("cadence", "day", "start", "due", "after"),
    [
        ("WEEKLY", (2026, 3, 1), (2026, 2, 23), (2026, 2, 27), (2026, 3, 2)),
        ("WEEKLY", (2026, 3, 2), (2026, 3, 2), (2026, 3, 6), (2026, 3, 9)),
        ("WEEKLY", (2027, 1, 1), (2026, 12, 28), (2027, 1, 1), (2027, 1, 4)),
        ("MONTHLY", (2024, 2, 29), (2024, 2, 1), (2024, 2, 29), (2024, 3, 1)),
        ("MONTHLY", (2026, 12, 31), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1)),
        ("QUARTERLY", (2026, 3, 31), (2026, 1, 1), (2026, 3, 31), (2026, 4, 1)),
        ("QUARTERLY", (2026, 4, 1), (2026, 4, 1), (2026, 6, 30), (2026, 7, 1)),
        ("QUARTERLY", (2026, 11, 22), (2026, 10, 1), (2026, 12, 31), (2027, 1, 1)),
        ("ANNUAL", (2026, 1, 1), (2026, 1, 1), (2026, 12, 31), (2027, 1, 1)),
    ],
)
def test_periods_begin_and_end_where_the_calendar_says(cadence, day, start, due, after):
    found = period_start(date(*day), cadence)
    assert found == date(*start)
    assert due_on(found, cadence) == date(*due)
    assert next_period(found, cadence) == date(*after)


@pytest.mark.parametrize("cadence", ["WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL"])
def test_each_day_of_four_years_is_in_one_period(cadence):
    for offset in range(1461):
        day = date(2024, 1, 1) + timedelta(days=offset)
        start = period_start(day, cadence)
        assert start <= day < next_period(start, cadence)
        assert period_start(next_period(start, cadence), cadence) > day


@pytest.mark.parametrize(
    ("start", "due_day", "cadence", "due"),
    [
        (date(2026, 3, 2), 1, "WEEKLY", date(2026, 3, 2)),
        (date(2026, 3, 2), 9, "WEEKLY", date(2026, 3, 8)),
        (date(2026, 4, 1), 1, "MONTHLY", date(2026, 4, 1)),
        (date(2024, 2, 1), 29, "MONTHLY", date(2024, 2, 29)),
        (date(2024, 2, 1), 31, "MONTHLY", date(2024, 2, 29)),
        (date(2026, 1, 1), 40, "QUARTERLY", date(2026, 2, 9)),
        (date(2026, 1, 1), 90, "QUARTERLY", date(2026, 3, 31)),
        (date(2026, 1, 1), 365, "ANNUAL", date(2026, 12, 31)),
    ],
)
def test_due_day_is_counted_from_the_first_and_is_the_last_at_the_latest(
    start, due_day, cadence, due
):
    assert due_on(start, cadence, due_day=due_day) == due


@pytest.mark.parametrize(
    ("start", "due_day", "due"),
    [
        (date(2026, 11, 1), 7, date(2026, 11, 6)),
        (date(2026, 11, 1), 15, date(2026, 11, 13)),
        (date(2026, 2, 1), 28, date(2026, 2, 27)),
        (date(2026, 2, 1), None, date(2026, 2, 27)),
        (date(2026, 8, 1), 1, date(2026, 8, 3)),
        (date(2026, 8, 1), 2, date(2026, 8, 3)),
        (date(2026, 11, 1), 1, date(2026, 11, 2)),
    ],
)
def test_weekend_gives_way_to_the_weekday_before_within_the_period(start, due_day, due):
    assert due_on(start, "MONTHLY", due_day=due_day) == due


def test_what_is_ongoing_has_no_period():
    for of in (period_start, next_period, due_on):
        with pytest.raises(KeyError):
            of(date(2026, 3, 2), "ONGOING")
