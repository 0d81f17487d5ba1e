"""What may be said of a goal: enough cases first, then the bound, then how sure."""

from datetime import date

import pytest

from qa.coaching.core.goals import (
    Measured,
    Predicate,
    Verdict,
    counted_days,
    milestone_weeks,
)


@pytest.mark.parametrize(
    ("value", "n", "expected"),
    [
        (80.0, 3, "MET"),
        (79.9, 3, "MISSED"),
        (99.0, 2, "NOT_ENOUGH"),
        (None, 0, "NOT_ENOUGH"),
    ],
)
def test_standing_asks_for_cases_before_the_bound(value, n, expected):
    assert Predicate(at_least=80, min_n=3).standing(Measured(value, n)) == expected


def test_upper_bound_itself_passes():
    assert Predicate(at_most=4.0).standing(Measured(4.0, 1)) == Verdict.MET
    assert Predicate(at_most=4.0).standing(Measured(4.1, 1)) == Verdict.MISSED


def test_goal_stays_open_until_its_time_is_over():
    found = Measured(90.0, 5)
    assert Predicate(at_least=80).judge(found, is_over=False) == Verdict.OPEN
    assert Predicate(at_least=80).judge(found, is_over=True) == Verdict.MET


def test_sure_only_when_the_whole_interval_is_on_one_side():
    goal = Predicate(at_least=80)
    assert goal.is_sure(Measured(90, 9, 82, 98)) is True
    assert goal.is_sure(Measured(90, 9, 78, 100)) is False
    assert goal.is_sure(Measured(70, 9, 62, 78)) is True
    assert goal.is_sure(Measured(90, 1)) is False


def test_counted_days_end_today_or_with_the_goal():
    start, end = date(2026, 3, 2), date(2026, 3, 8)
    assert counted_days(start, end, date(2026, 3, 4)) == (start, date(2026, 3, 5))
    assert counted_days(start, end, date(2026, 4, 1)) == (start, date(2026, 3, 9))
    assert counted_days(start, end, date(2026, 3, 1)) == (start, start)


def test_milestones_lie_inside_the_plan():
    assert milestone_weeks(30) == (2, 4)
    assert milestone_weeks(60) == (2, 4, 6, 8)
    assert milestone_weeks(90) == (2, 4, 6, 8, 12)
