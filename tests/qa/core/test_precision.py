from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.sampling.precision import half_width, needed_n, needed_to_tell


@pytest.mark.parametrize(
    ("n", "points"), [(3, 29.4), (5, 14.5), (10, 8.1), (20, 5.0), (40, 3.0)]
)
def test_half_width_of_a_week_of_a_hundred_tickets(n, points):
    assert half_width(12, n, 100) == pytest.approx(points, abs=0.05)


def test_half_width_of_a_month_at_five_a_week():
    assert half_width(12, 20, 400) == pytest.approx(5.47, abs=0.005)


@pytest.mark.parametrize(
    ("half", "needed"),
    # 17 of 50 would give 5.01 points, a little more than 5.
    [(5, [18, 21, 24, 25]), (3, [29, 40, 56, 64])],
)
def test_reviews_needed_for_an_exactness(half, needed):
    assert [needed_n(12, half, tickets) for tickets in (50, 100, 400, inf)] == needed


@settings(deadline=None)
@given(
    st.floats(0.5, 40),
    st.floats(0.3, 30),
    st.one_of(st.integers(1, 3000), st.just(inf)),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_needed_is_the_smallest_number_that_is_enough(spread, half, tickets, sure):
    n = needed_n(spread, half, tickets, confidence=sure)

    assert n <= tickets
    assert half_width(spread, n, tickets, confidence=sure) <= half
    if n > 2:
        assert half_width(spread, n - 1, tickets, confidence=sure) > half


def test_telling_85_from_80_counts_what_there_is():
    assert needed_to_tell(85, 80, 12, 100, 7) == 14
    assert needed_to_tell(80, 85, 12, 100, 7) == 14
    assert needed_to_tell(85, 80, 12, 100, 21) == 0
    assert needed_to_tell(85, 84.9, 12, 30, 4) == 26  # only all of them would do


def test_few_reviews_say_nothing_and_all_of_them_everything():
    assert half_width(12, 0, 100) == inf
    assert half_width(12, 1, 100) == inf
    assert half_width(12, 1, 1) == 0
    assert needed_n(12, 5, 1) == 1


def test_precision_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="spread"):
        half_width(-1, 5)
    with pytest.raises(ValueError, match="n must lie"):
        half_width(12, 6, 5)
    with pytest.raises(ValueError, match="confidence"):
        half_width(12, 5, confidence=1.0)
    with pytest.raises(ValueError, match="above 0"):
        needed_n(12, 0)
    with pytest.raises(ValueError, match="above 0"):
        needed_to_tell(85, 85, 12)
