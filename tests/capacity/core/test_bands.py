"""Ranges of sums: between what chance allows and adding the ends."""

import math

import numpy as np
import pytest

from workforce.capacity.core.bands import Z80, Z95, Band, Total, joined, total


def band(mean: list[float], half80: list[float], half95: list[float]) -> Band:
    middle, narrow, wide = np.array(mean), np.array(half80), np.array(half95)
    return Band(middle, middle - narrow, middle + narrow, middle - wide, middle + wide)


def test_one_day_keeps_its_own_range():
    found = total(band([100.0], [20.0], [30.0]))

    assert (found.mean, found.n) == (100.0, 1)
    assert (found.low80, found.high80) == pytest.approx((80.0, 120.0))
    assert (found.low95, found.high95) == pytest.approx((70.0, 130.0))


def test_pure_chance_evens_out_over_days():
    mean = [100.0] * 4
    found = total(band(mean, [Z80 * 10] * 4, [Z95 * 10] * 4))

    # The sum of four Poisson days of 100 has a standard deviation of 20.
    assert found.mean == 400.0
    assert found.high80 - 400 == pytest.approx(Z80 * 20)
    assert 400 - found.low95 == pytest.approx(Z95 * 20)


def test_what_is_not_chance_goes_together():
    half = math.sqrt((Z80 * 10) ** 2 + 30**2)
    found = total(band([100.0] * 4, [half] * 4, [half * 2] * 4))

    assert found.high80 - 400 == pytest.approx(math.sqrt((Z80 * 20) ** 2 + 120**2))
    assert found.high80 - 400 < 4 * half


def test_range_narrower_than_chance_counts_as_chance():
    found = total(band([100.0] * 4, [5.0] * 4, [8.0] * 4))

    assert found.high80 - 400 == pytest.approx(10.0)


def test_unknown_days_are_left_out_and_lower_end_stops_at_nothing():
    found = total(band([1.0, math.nan], [5.0, math.nan], [9.0, math.nan]))

    assert (found.mean, found.n, found.low80) == (1.0, 1, 0.0)


def test_total_of_no_day_is_nothing():
    empty = np.array([])

    assert total(Band(empty, empty, empty, empty, empty)) == Total(0, 0, 0, 0, 0, 0)


def test_what_has_come_moves_a_total_without_widening_it():
    assert Total(10, 8, 12, 7, 13, 2).plus(5) == Total(15, 13, 17, 12, 18, 2)


def test_queues_are_taken_to_miss_together():
    both = joined([Total(10, 8, 12, 7, 13, 2), Total(100, 90, 110, 80, 120, 3)])

    assert both == Total(110, 98, 122, 87, 133, 3)


def test_sum_of_tiny_means_is_as_uncertain_as_a_count_of_the_sum():
    # A day that is closed but for stray contacts: half hours of 1.1 in all. Their own
    # upper ends are sqrt(mean + 0.05) away and more, which 48 of them must not add up.
    mean = np.full(48, 1.1 / 48)
    for upper in (0.3, 0.55, 0.95):
        day = total(Band(mean, 0 * mean, mean + 0.6 * upper, 0 * mean, mean + upper))
        assert day.low95 <= day.low80 <= day.mean <= day.high80 <= day.high95
        # A Poisson count of mean 1.1 is 0 to 4 in 95 of a hundred, 0 to 2 in 80.
        assert day.low95 == day.low80 == 0
        assert 3 < day.high95 < 4
        assert 2 < day.high80 < 3
