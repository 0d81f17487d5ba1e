"""Periods of content duties."""

from datetime import date

import pytest

from kb.core.duties import due_on, next_period, period_start


@pytest.mark.parametrize(
    ("cadence", "day", "start", "due", "after"),
    [
        ("WEEKLY", (2026, 3, 1), (2026, 2, 23), (2026, 2, 27), (2026, 3, 2)),
        ("WEEKLY", (2026, 3, 2), (2026, 3, 2), (2026, 3, 6), (2026, 3, 9)),
        ("MONTHLY", (2024, 2, 29), (2024, 2, 1), (2024, 2, 29), (2024, 3, 1)),
        ("MONTHLY", (2026, 12, 31), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1)),
        ("QUARTERLY", (2026, 11, 5), (2026, 10, 1), (2026, 12, 31), (2027, 1, 1)),
    ],
)
def test_periods_begin_and_end_where_the_calendar_says(cadence, day, start, due, after):
    found = period_start(date(*day), cadence)
    assert found == date(*start)
    assert due_on(found, cadence) == date(*due)
    assert next_period(found, cadence) == date(*after)


def test_what_is_ongoing_has_no_period():
    with pytest.raises(KeyError):
        period_start(date(2026, 3, 2), "ONGOING")
