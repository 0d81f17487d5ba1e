"""Whether bounds hold what they say, on volumes whose future is made up as well."""

import numpy as np
import pytest

from tests.capacity.core.forecast_series import MONDAY, WEEK
from workforce.capacity.core.forecast import forecast

SHAPE = np.array([1, 2, 3, 3, 2, 2, 2, 1, 1, 1]) / 18


def simulate(seed, weeks, ahead, *, mean, noise=0.0, factor=1.0, ago=0, noisy=0.0):
    """Hourly counts: gamma noise of days, a step ``ago`` days before the end.

    ``noisy`` is the noise of days in the last eight known weeks and after.
    """
    rng = np.random.default_rng([20_261_123, seed])
    days = MONDAY + np.arange(7 * weeks + ahead)
    rate = mean * WEEK[(days.astype(np.int64) + 3) % 7]
    rate[7 * weeks - ago :] *= factor
    late = np.arange(days.size) >= 7 * (weeks - 8)
    spread = np.where(late & (noisy > 0), noisy, max(noise, 1e-3))
    rate *= rng.gamma(1 / spread**2, spread**2)
    return days, rng.poisson(rate[:, None] * SHAPE).astype(float)


def run(count, weeks, ahead=14, **kind):
    """Return WAPE of days and what bounds hold of days and hours, over made-up queues."""
    missed, total, inside = 0.0, 0.0, {}
    for seed in range(count):
        days, counts = simulate(seed, weeks, ahead, **kind)
        known = days[: 7 * weeks].astype("datetime64[s]")
        hours = np.arange(8, 18) * np.timedelta64(3600, "s")
        moments = (known[:, None] + hours).ravel()
        past, came = counts[: 7 * weeks].ravel(), counts[7 * weeks :]
        found = forecast(moments, past, freq="h", horizon=came.size)
        sums = came.sum(axis=1)
        missed += np.abs(sums - found.day_mean).sum()
        total += sums.sum()
        for what, actual, lower, upper in (
            ("days", sums, found.day_lower, found.day_upper),
            ("hours", came.ravel(), found.lower, found.upper),
        ):
            for level in (80, 95):
                held = (lower[level] <= actual) & (actual <= upper[level])
                inside.setdefault((what, level), []).append(held.mean())
    return missed / total, {key: float(np.mean(held)) for key, held in inside.items()}


@pytest.mark.parametrize("factor", [0.7, 1.4, 2.0])
def test_bounds_hold_five_days_after_a_step(factor):
    wape, held = run(16, 40, mean=300.0, noise=0.06, factor=factor, ago=5)
    assert wape <= 0.12
    assert 0.70 <= held["days", 80] <= 0.90
    assert held["days", 95] >= 0.88


@pytest.mark.parametrize("ago", [16, 40])
def test_a_step_of_weeks_ago_no_longer_widens_bounds(ago):
    wape, held = run(16, 40, mean=300.0, noise=0.06, factor=1.5, ago=ago)
    assert wape <= 0.085
    assert 0.73 <= held["days", 80] <= 0.87
    assert 0.90 <= held["days", 95] <= 0.985


def test_two_days_of_a_step_widen_bounds_towards_it():
    _, held = run(16, 40, mean=300.0, noise=0.06, factor=1.4, ago=2)
    assert held["days", 95] >= 0.40


@pytest.mark.parametrize("weeks", [3, 5, 8, 12])
def test_bounds_hold_on_short_history(weeks):
    _, held = run(20, weeks, mean=300.0, noise=0.08)
    assert 0.73 <= held["days", 80] <= 0.87
    assert 0.91 <= held["days", 95] <= 0.985
    assert 0.77 <= held["hours", 80] <= 0.83
    assert 0.93 <= held["hours", 95] <= 0.965


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
def test_bounds_hold_on_steady_queues(noise):
    wape, held = run(16, 45, mean=300.0, noise=noise)
    floor = np.sqrt(2 / np.pi * (1 / 300 + noise**2))
    assert wape <= 1.15 * floor
    assert 0.75 <= held["days", 80] <= 0.87
    assert 0.92 <= held["days", 95] <= 0.985


def test_bounds_hold_on_a_queue_that_became_noisy():
    _, held = run(16, 45, mean=300.0, noise=0.02, noisy=0.2)
    assert held["days", 80] >= 0.70
    assert held["days", 95] >= 0.88


def test_bounds_hold_on_few_contacts_a_day():
    _, held = run(24, 60, 28, mean=3.0)
    assert 0.76 <= held["days", 80] <= 0.90
    assert 0.92 <= held["days", 95] <= 0.99
