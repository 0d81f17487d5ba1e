import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.capacity.core.intraday import (
    DEFAULT_RATIO,
    learn_ratio,
    reforecast,
    window_of,
)


def test_reforecast_keeps_what_came_and_moves_the_rest_by_half_the_deviation():
    day = reforecast([10.0, 20.0, 30.0, 40.0], [25.0, 30.0])
    moved = math.exp(0.5 * math.log((55 + 5) / (30 + 5)))
    assert day == pytest.approx([25, 30, 30 * moved, 40 * moved])


def test_reforecast_looks_at_the_last_intervals_only():
    day = reforecast([10.0, 20.0, 30.0], [95.0, 20.0], window=1)
    assert day == pytest.approx([95, 20, 30])


def test_reforecast_keeps_the_forecast_where_nothing_is_known():
    assert reforecast([10.0, 20.0], []) == pytest.approx([10, 20])
    day = reforecast([10.0, 20.0, 30.0], [math.nan, 20.0], ratio=1)
    assert day == pytest.approx([10, 20, 30])


def test_reforecast_with_no_ratio_leaves_the_rest_alone():
    assert reforecast([10.0, 20.0], [50.0], ratio=0) == pytest.approx([50, 20])


@pytest.mark.parametrize(
    ("expected", "actual", "extra", "words"),
    [
        ([1.0], [1.0, 2.0], {}, "2 intervals are known of a day of 1"),
        ([1.0, 2.0], [-1.0], {}, "never negative"),
        ([1.0, 2.0], [1.0], {"window": 0}, "at least one interval"),
        ([1.0, 2.0], [1.0], {"ratio": math.nan}, "must be a number"),
    ],
)
def test_reforecast_refuses_what_makes_no_sense(expected, actual, extra, words):
    with pytest.raises(ValueError, match=words):
        reforecast(expected, actual, **extra)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=20),
    st.floats(0, 1.2),
    st.integers(0, 20),
)
def test_any_reforecast_is_a_number_and_never_negative(expected, ratio, known):
    actual = expected[: min(known, len(expected))][::-1]
    day = reforecast(expected, actual, ratio=ratio)
    assert np.isfinite(day).all()
    assert (day >= 0).all()


def past_days(lasting, days=200, seed=3):
    """Days whose morning and afternoon share ``lasting`` of the morning's deviation."""
    rng = np.random.default_rng(seed)
    expected = np.full((days, 8), 1e5)
    off = rng.normal(0, 0.1, days)
    morning = expected[:, :4] * np.exp(off)[:, None]
    afternoon = expected[:, 4:] * np.exp(lasting * off)[:, None]
    return expected, np.concatenate([morning, afternoon], axis=1)


@pytest.mark.parametrize(("lasting", "ratio"), [(0.0, 0.0), (0.4, 0.4), (1.0, 1.0)])
def test_learn_ratio_finds_how_much_lasts(lasting, ratio):
    found, n = learn_ratio(*past_days(lasting), cut=4)
    assert found == pytest.approx(ratio, abs=0.01)
    assert n == 200


def test_learn_ratio_is_the_least_squares_line_through_the_origin():
    rng = np.random.default_rng(8)
    expected = rng.uniform(5, 50, (30, 6))
    actual = rng.poisson(expected).astype(float)
    x = np.log((actual[:, 1:3].sum(1) + 5) / (expected[:, 1:3].sum(1) + 5))
    y = np.log((actual[:, 3:].sum(1) + 5) / (expected[:, 3:].sum(1) + 5))
    slopes = np.linspace(0, 1.2, 120_001)
    errors = (y**2).sum() - 2 * slopes * (x @ y) + slopes**2 * (x @ x)
    found, _ = learn_ratio(expected, actual, cut=3, window=2)
    assert found == pytest.approx(slopes[errors.argmin()], abs=1e-5)


@pytest.mark.parametrize(("lasting", "ratio"), [(3.0, 1.2), (-2.0, 0.0)])
def test_learn_ratio_is_held_within_bounds(lasting, ratio):
    assert learn_ratio(*past_days(lasting), cut=4)[0] == ratio


def test_learn_ratio_falls_back_with_few_days_or_no_deviation():
    expected, actual = past_days(0.4, days=9)
    assert learn_ratio(expected, actual, cut=4) == (DEFAULT_RATIO, 9)
    flat = np.full((30, 4), 10.0)
    assert learn_ratio(flat, flat, cut=2) == (DEFAULT_RATIO, 30)


def test_learn_ratio_leaves_out_days_with_unknown_intervals():
    expected, actual = past_days(0.4, days=20)
    actual[3, 5] = math.nan
    assert learn_ratio(expected, actual, cut=4)[1] == 19


@pytest.mark.parametrize("cut", [0, 8, 9])
def test_learn_ratio_refuses_a_cut_at_the_ends(cut):
    with pytest.raises(ValueError, match="part before and after"):
        learn_ratio(*past_days(0.4), cut=cut)


def test_window_of_is_two_hours():
    assert [window_of(step) for step in (900, 1800, 3600, 86_400)] == [8, 4, 2, 1]
