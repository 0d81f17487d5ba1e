import math

import numpy as np
import pytest

from workforce.capacity.core.accuracy import (
    bias,
    coverage,
    mase,
    naive_scale,
    noise_floor,
    wape,
)


def test_wape_divides_absolute_errors_by_volume():
    assert wape([10, 0, 30], [12, 2, 26]) == pytest.approx(8 / 40)


def test_wape_leaves_out_pairs_with_an_unknown_value():
    assert wape([10, math.nan, 30], [15, 7, 30]) == pytest.approx(5 / 40)


def test_wape_is_unknown_without_volume():
    assert math.isnan(wape([0, 0], [1, 2]))
    assert math.isnan(wape([], []))


def test_bias_is_positive_when_the_forecast_was_too_high():
    assert bias([10, 30], [14, 30]) == pytest.approx(0.1)
    assert bias([10, 30], [6, 30]) == pytest.approx(-0.1)


def test_mase_compares_with_the_naive_error():
    assert mase([10, 20], [12, 16], scale=6) == pytest.approx(0.5)
    assert math.isnan(mase([10], [12], scale=0))


def test_naive_scale_is_the_mean_step_between_same_weekdays():
    values = np.array([[1.0, 2.0], [5.0, 5.0], [4.0, 8.0], [5.0, np.nan]])
    weekdays = np.array([0, 1, 0, 1])
    # |4-1|, |8-2|, |5-5|; the last pair is unknown.
    assert naive_scale(values, weekdays) == pytest.approx(3.0)


def test_coverage_counts_the_bounds_themselves():
    assert coverage([1, 5, 9, 3], [0, 5, 0, 4], [2, 6, 8, 9]) == pytest.approx(0.5)


def test_errors_refuse_arrays_of_different_lengths():
    with pytest.raises(ValueError, match="differ in length: 2 and 3"):
        wape([1, 2], [1, 2, 3])


@pytest.mark.parametrize(
    ("rate", "floor"),
    [(1.0, 2 * math.exp(-1)), (0.5, 2 * math.exp(-0.5)), (4.0, 0.390733629)],
)
def test_noise_floor_equals_the_closed_form(rate, floor):
    assert noise_floor([rate]) == pytest.approx(floor, rel=1e-8)


@pytest.mark.parametrize("rate", [0.3, 2.7, 25.0, 255.9, 256.0, 900.5, 40_000.0])
def test_noise_floor_equals_the_sum_over_the_distribution(rate):
    counts = np.arange(int(rate + 60 * math.sqrt(rate) + 60))
    logs = np.array([k * math.log(rate) - rate - math.lgamma(k + 1) for k in counts])
    expected = float((np.exp(logs) * np.abs(counts - rate)).sum()) / rate
    assert noise_floor([rate]) == pytest.approx(expected, rel=1e-6)


def test_noise_floor_is_what_a_perfect_forecast_of_poisson_arrivals_shows():
    rates = np.array([0.4, 3.0, 12.0, 80.0])
    counts = np.random.default_rng(5).poisson(rates, size=(100_000, 4))
    assert wape(counts, np.broadcast_to(rates, counts.shape)) == pytest.approx(
        noise_floor(rates), rel=0.01
    )


def test_noise_floor_of_nothing_is_unknown_and_a_negative_rate_refused():
    assert math.isnan(noise_floor([0.0, 0.0]))
    with pytest.raises(ValueError, match="negative"):
        noise_floor([1.0, -1.0])
