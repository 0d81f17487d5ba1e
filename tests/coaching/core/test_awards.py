"""Periods of awards, and who leads by what can be claimed."""

from datetime import date

from qa.coaching.core.awards import (
    Candidate,
    best_by_lower_bound,
    next_start,
    quarter_start,
    week_start,
)


def test_two_lucky_reviews_do_not_beat_twenty_good_ones():
    lucky = Candidate(1, low=70.0, value=98.0, high=100.0, n=5)
    steady = Candidate(2, low=86.0, value=90.0, high=94.0, n=20)
    assert best_by_lower_bound([lucky, steady], min_n=5) == [steady, lucky]


def test_nobody_below_the_least_number_is_named():
    few = Candidate(1, low=95.0, value=97.0, high=99.0, n=4)
    assert best_by_lower_bound([few], min_n=5) == []


def test_equal_lower_ends_go_to_more_reviews():
    first = Candidate(1, 80, 85, 90, n=6)
    second = Candidate(2, 80, 86, 92, n=9)
    assert best_by_lower_bound([first, second], min_n=5)[0] is second


def test_starts_of_weeks_and_quarters():
    assert week_start(date(2026, 3, 8)) == date(2026, 3, 2)
    assert quarter_start(date(2026, 12, 31)) == date(2026, 10, 1)
    assert next_start(date(2026, 11, 1), 3) == date(2027, 2, 1)
    assert next_start(date(2026, 1, 1), -3) == date(2025, 10, 1)
