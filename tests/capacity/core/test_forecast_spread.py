import numpy as np
import pytest

from workforce.capacity.core.forecast.opening import spread_over
from workforce.capacity.core.forecast.profile import shares, weekday_profiles
from workforce.capacity.core.forecast.spread import (
    Errors,
    calibrate,
    level_variance,
)


def windows(count, days, *, mean, level, own, seed=1):
    """Past errors whose level and days stray by known relative amounts."""
    rng = np.random.default_rng(seed)
    ahead = np.arange(1.0, days + 1)
    expected = np.full(days, mean)
    found = []
    for _ in range(count):
        rate = mean * (1 + level * rng.normal()) * (1 + own * rng.normal(size=days))
        found.append(Errors(rng.poisson(rate).astype(float), expected, ahead))
    return found


def test_level_variance_separates_windows_from_days():
    errors = windows(400, 10, mean=1e4, level=0.10, own=0.05)
    assert level_variance(errors, 400.0) == pytest.approx(0.01, rel=0.15)


def test_level_variance_of_pure_noise_is_nearly_nothing():
    errors = windows(400, 10, mean=400.0, level=0.0, own=0.0)
    assert level_variance(errors, 400.0) < 0.0002


def test_bounds_hold_what_they_should_when_much_is_known():
    errors = windows(400, 10, mean=400.0, level=0.08, own=0.06)
    level = level_variance(errors, 400.0)
    spread = calibrate(errors, level=level, windows=400.0, days=4000.0, prior=0.1)
    fresh = windows(2000, 10, mean=400.0, level=0.08, own=0.06, seed=2)
    for wanted in (80, 95):
        inside = [
            ((e.actual >= low) & (e.actual <= high)).mean()
            for e in fresh
            for low, high in [spread.bounds(e.expected, e.ahead, wanted)]
        ]
        assert np.mean(inside) == pytest.approx(wanted / 100, abs=0.025)


def test_bounds_equal_the_quantiles_of_standardised_errors():
    errors = windows(200, 5, mean=300.0, level=0.0, own=0.2)
    spread = calibrate(errors, level=0.0, windows=200.0, days=1e9, prior=0.1)
    residuals = np.concatenate([e.actual - e.expected for e in errors])
    low, high = spread.bounds(np.array([300.0]), np.array([3.0]), 80)
    assert [low[0] - 300, high[0] - 300] == pytest.approx(
        np.quantile(residuals, [0.1, 0.9]), rel=1e-6
    )


def test_bounds_widen_with_fewer_windows_and_further_ahead():
    errors = windows(3, 10, mean=400.0, level=0.1, own=0.05)
    few, many = (
        calibrate(errors, level=0.01, windows=w, days=30.0, prior=0.1)
        for w in (1.0, 9.0)
    )
    mean = np.array([400.0, 400.0])
    ahead = np.array([1.0, 60.0])
    assert (few.bounds(mean, ahead, 95)[1] > many.bounds(mean, ahead, 95)[1]).all()
    upper = many.bounds(mean, ahead, 80)[1]
    assert upper[1] - 400 > 1.5 * (upper[0] - 400)


def test_without_errors_the_prior_gives_normal_bounds():
    spread = calibrate([], level=0.0, windows=0.0, days=0.0, prior=0.3)
    low, high = spread.bounds(np.array([100.0]), np.array([1.0]), 95)
    deviation = np.sqrt(100 + 0.09 * 100**2 + 0.05)
    assert [low[0], high[0]] == pytest.approx(
        [100 - 1.959964 * deviation, 100 + 1.959964 * deviation]
    )


def test_errors_where_nothing_was_expected_do_not_blow_bounds_up():
    errors = [Errors(np.full(7, 100.0), np.full(7, 1e-6), np.arange(1.0, 8))]
    level = level_variance(errors, 1.0)
    spread = calibrate(errors, level=level, windows=1.0, days=7.0, prior=0.1)
    assert spread.bounds(np.array([100.0]), np.array([1.0]), 95)[1][0] < 5000


def test_profiles_of_one_weekday_are_decayed_mean_shares():
    values = np.random.default_rng(3).poisson(50_000, (10, 4)).astype(float)
    found = weekday_profiles(values, np.zeros(10, dtype=np.int64))
    weights = 0.5 ** (np.arange(9, -1, -1) / 6)
    sums = weights @ values
    assert found[0] == pytest.approx(sums / sums.sum())
    assert not found[1:].any()


def test_profiles_keep_weekdays_of_another_shape_apart():
    of_day = np.arange(140) % 7
    early, late = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.2, 0.7])
    values = 10_000 * np.where((of_day < 5)[:, None], early, late)
    found = weekday_profiles(values, of_day)
    assert found[0] == pytest.approx(early)
    assert found[6] == pytest.approx(late)


def test_profiles_of_few_contacts_borrow_from_similar_weekdays():
    rng = np.random.default_rng(7)
    true = np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    of_day = np.arange(140) % 7
    borrowed = alone = 0.0
    for _ in range(20):
        values = rng.poisson(20 * true, (140, 5)).astype(float)
        borrowed += np.abs(weekday_profiles(values, of_day) - true).sum()
        for weekday in range(7):
            own = values[of_day == weekday]
            found = weekday_profiles(own, np.zeros(20, dtype=np.int64))[0]
            alone += np.abs(found - true).sum()
    assert borrowed < 0.7 * alone


def test_shares_sum_to_one_over_open_slots_even_where_nothing_is_known():
    profiles = np.zeros((7, 4))
    profiles[0] = [0.5, 0.3, 0.2, 0.0]
    mask = np.array([[True, True, False, False], [False, True, True, False]])
    found = shares(profiles, np.array([0, 3]), mask)
    assert found == pytest.approx(np.array([[0.625, 0.375, 0, 0], [0, 0.5, 0.5, 0]]))
    assert spread_over(np.zeros((1, 2)), np.zeros((1, 2), bool)).tolist() == [[0, 0]]
