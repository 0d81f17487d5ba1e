"""Facts read from a week that missed its forecast."""

from datetime import date, timedelta

import numpy as np
import pytest

from workforce.capacity.core.causes import outcome_of, suspected, week_of

MONDAY = date(2026, 3, 2)


def week(actual, mean=100.0, half=20.0, monday=MONDAY):
    n = len(actual)
    means = np.full(n, mean)
    bands = (
        means,
        means - half * 0.65,
        means + half * 0.65,
        means - half,
        means + half,
    )
    return week_of([monday + timedelta(days=k) for k in range(n)], actual, bands)


def codes(found):
    return [each.code for each in found]


def test_week_of_a_busy_queue_that_is_off_by_five_percent_is_left_alone():
    outcome = outcome_of(week([1050] * 7, mean=1000, half=70))

    assert outcome.deviation == pytest.approx(0.05)
    assert not outcome.is_large
    assert not outcome.is_to_be_looked_into


def test_week_of_a_quiet_queue_within_chance_is_left_alone():
    """Twenty-five came where twenty-one were expected: 19 % more, and nothing to see."""
    outcome = outcome_of(week([3, 4, 3, 4, 4, 3, 4], mean=3, half=3.4))

    assert outcome.is_large
    assert not outcome.is_beyond_chance
    assert not outcome.is_to_be_looked_into


def test_week_beyond_both_is_looked_into():
    outcome = outcome_of(week([140] * 7))

    assert outcome.deviation == pytest.approx(0.4)
    assert outcome.is_to_be_looked_into


def test_exactly_fifteen_percent_is_not_yet_too_much():
    assert not outcome_of(week([115] * 7, half=1)).is_large


def test_single_day_is_named_and_said_to_explain_the_week():
    found = suspected(week([100, 100, 400, 100, 102, 99, 100]))

    assert codes(found) == ["day", "one_day"]
    assert found[0].values["day"] == date(2026, 3, 4)
    assert found[0].values["deviation"] == pytest.approx(3.0)
    assert found[1].values["rest"] == pytest.approx(1 / 600)


def test_all_days_above_is_a_level_and_lasting_once_earlier_weeks_agree():
    this = week([118] * 7)
    before = week([112] * 7, monday=MONDAY - timedelta(days=7))

    alone, after = suspected(this), suspected(this, [before])

    assert codes(alone) == ["level"]
    assert codes(after) == ["lasting_level"]
    assert after[0].values == {
        "n": 7,
        "is_above": True,
        "weeks": 1,
        "median": pytest.approx(0.18),
    }


def test_weekday_that_is_off_for_weeks_is_told_from_the_others():
    earlier = [
        week(
            [130, 100, 99, 101, 100, 98, 100],
            half=40,
            monday=MONDAY - timedelta(weeks=k),
        )
        for k in (1, 2)
    ]

    found = suspected(week([135, 99, 101, 100, 100, 102, 100], half=40), earlier)

    assert codes(found) == ["weekday"]
    assert found[0].values["weekday"] == 0
    assert found[0].values["weeks"] == 3


def test_hours_that_hold_most_of_the_difference_are_named():
    hours = dict.fromkeys(range(8, 18), 2.0) | {9: 60.0, 10: 40.0}

    found = suspected(week([117] * 3 + [117] * 4, half=40), hours=hours)

    assert "hours" in codes(found)
    block = next(each for each in found if each.code == "hours").values
    assert (block["from"], block["until"]) == (9, 11)


def test_missing_days_and_longer_handling_are_told():
    gone = [date(2026, 3, 5)]

    found = suspected(week([100, 101, 99]), missing=gone, handle_times=(480.0, 400.0))

    assert codes(found) == ["missing", "handling"]
    assert found[1].values["change"] == pytest.approx(0.2)


def test_public_holidays_are_told_whether_the_day_stands_out_or_not():
    holidays = {date(2026, 3, 5): "Founding day", date(2026, 3, 3): "Liberation Day"}

    found = suspected(week([98, 101, 103, 99, 97, 102, 100]), holidays=holidays)

    assert [(each.code, each.values["day"]) for each in found] == [
        ("holiday", date(2026, 3, 3)),
        ("holiday", date(2026, 3, 5)),
    ]


def test_ordinary_week_says_nothing():
    assert suspected(week([98, 101, 103, 99, 97, 102, 100])) == []
