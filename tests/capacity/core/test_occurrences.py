"""When events repeat, counted by calendar months."""

from datetime import date

import pytest

from workforce.capacity.core.occurrences import days_of, occurrences


def spans(first, last, repeats, start, end):
    return occurrences(
        starts_on=first, ends_on=last, repeats=repeats, start=start, end=end
    )


def test_once_is_there_only_while_it_touches_the_period():
    first, last = date(2026, 3, 30), date(2026, 4, 2)

    touching = spans(first, last, "NEVER", date(2026, 4, 2), date(2026, 5, 1))
    after = spans(first, last, "NEVER", date(2026, 4, 3), date(2026, 5, 1))
    before = spans(first, last, "NEVER", date(2026, 3, 1), date(2026, 3, 30))

    assert touching == [(first, last)]
    assert after == before == []


def test_last_three_days_of_the_month_stay_the_last_three():
    found = spans(
        date(2023, 12, 29),
        date(2023, 12, 31),
        "MONTHLY",
        date(2024, 2, 1),
        date(2024, 5, 1),
    )

    assert found == [
        (date(2024, 2, 27), date(2024, 2, 29)),
        (date(2024, 3, 29), date(2024, 3, 31)),
        (date(2024, 4, 28), date(2024, 4, 30)),
    ]


def test_whole_months_stay_whole_months():
    found = spans(
        date(2025, 2, 1),
        date(2025, 2, 28),
        "YEARLY",
        date(2027, 1, 1),
        date(2028, 12, 31),
    )

    assert found == [
        (date(2027, 2, 1), date(2027, 2, 28)),
        (date(2028, 2, 1), date(2028, 2, 29)),
    ]


def test_thirtieth_moves_to_the_last_day_of_a_shorter_month_and_comes_back():
    found = spans(
        date(2026, 1, 30),
        date(2026, 1, 30),
        "MONTHLY",
        date(2026, 1, 1),
        date(2026, 4, 1),
    )

    assert [first for first, _last in found] == [
        date(2026, 1, 30),
        date(2026, 2, 28),
        date(2026, 3, 30),
    ]


def test_quarterly_comes_every_third_month_and_not_before_it_began():
    found = spans(
        date(2026, 3, 10),
        date(2026, 3, 12),
        "QUARTERLY",
        date(2025, 1, 1),
        date(2026, 12, 31),
    )

    assert [first for first, _last in found] == [
        date(2026, 3, 10),
        date(2026, 6, 10),
        date(2026, 9, 10),
        date(2026, 12, 10),
    ]


@pytest.mark.parametrize("repeats", ["MONTHLY", "QUARTERLY", "YEARLY"])
def test_period_far_away_gives_the_same_as_counting_from_the_first(repeats):
    first, last = date(2020, 12, 28), date(2021, 1, 9)
    whole = spans(first, last, repeats, date(2020, 1, 1), date(2033, 1, 1))

    far = spans(first, last, repeats, date(2031, 1, 5), date(2033, 1, 1))

    assert far == [span for span in whole if span[1] >= date(2031, 1, 5)]
    assert far


def test_days_of_overlapping_spans_are_counted_once():
    found = days_of(
        [(date(2026, 3, 1), date(2026, 3, 3)), (date(2026, 3, 2), date(2026, 3, 5))],
        date(2026, 3, 2),
        date(2026, 3, 5),
    )

    assert found == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]


def test_days_out_of_order_are_refused():
    with pytest.raises(ValueError, match="before it starts"):
        spans(date(2026, 3, 2), date(2026, 3, 1), "NEVER", date.min, date.max)
