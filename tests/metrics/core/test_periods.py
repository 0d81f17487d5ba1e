from datetime import date

import pytest

from supportops.metrics.core.periods import (
    Period,
    Preset,
    Step,
    add_months,
    bucket_starts,
    preset,
    step_for,
)

SATURDAY = date(2026, 5, 9)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        (Preset.TODAY, (2026, 5, 9), (2026, 5, 10)),
        (Preset.YESTERDAY, (2026, 5, 8), (2026, 5, 9)),
        (Preset.DAYS_7, (2026, 5, 3), (2026, 5, 10)),
        (Preset.DAYS_30, (2026, 4, 10), (2026, 5, 10)),
        (Preset.DAYS_90, (2026, 2, 9), (2026, 5, 10)),
        (Preset.LAST_MONTH, (2026, 4, 1), (2026, 5, 1)),
        (Preset.LAST_QUARTER, (2026, 1, 1), (2026, 4, 1)),
        (Preset.MONTHS_12, (2025, 5, 1), (2026, 5, 1)),
    ],
)
def test_preset_means_these_days(kind, start, end):
    period = preset(kind, SATURDAY)

    assert (period.start, period.end) == (date(*start), date(*end))


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (Period(date(2026, 5, 3), date(2026, 5, 10)), (2026, 4, 26), (2026, 5, 3)),
        # Months are as long as they are: the month before March is February.
        (Period(date(2026, 3, 1), date(2026, 4, 1)), (2026, 2, 1), (2026, 3, 1)),
        (Period(date(2026, 1, 1), date(2026, 4, 1)), (2025, 10, 1), (2026, 1, 1)),
    ],
)
def test_previous_period_ends_where_this_one_starts(period, start, end):
    before = period.previous()

    assert (before.start, before.end) == (date(*start), date(*end))


def test_period_refuses_to_be_empty():
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(SATURDAY, SATURDAY)


@pytest.mark.parametrize(
    ("step", "starts"),
    [
        (Step.DAY, [date(2026, 5, day) for day in range(9, 13)]),
        (Step.WEEK, [date(2026, 5, 9), date(2026, 5, 11)]),
        (Step.MONTH, [date(2026, 5, 9)]),
    ],
)
def test_bucket_starts_cut_at_mondays_and_firsts(step, starts):
    assert bucket_starts(SATURDAY, date(2026, 5, 13), step) == starts


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (1, Step.DAY),
        (31, Step.DAY),
        (32, Step.WEEK),
        (370, Step.WEEK),
        (371, Step.MONTH),
    ],
)
def test_step_follows_the_length(days, step):
    assert step_for(days) == step


def test_add_months_crosses_years_both_ways():
    assert add_months(date(2026, 12, 1), 2) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 1), -13) == date(2024, 12, 1)
