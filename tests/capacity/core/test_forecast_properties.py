"""What holds for any history whatever: no holes, bounds in order, exact sums."""

import json
import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capacity.core.forecast_series import days_from, weekly, working_half_hours
from workforce.capacity.core.forecast import (
    BEST,
    METHODS,
    RECIPE,
    Backtest,
    CalendarEvent,
    backtest,
    forecast,
)

EVERY = (BEST, *METHODS)


def check(found):
    """Nothing is negative or missing, bounds enclose the mean, days are their sums."""
    for lower, upper, mean in (
        (found.lower, found.upper, found.mean),
        (found.day_lower, found.day_upper, found.day_mean),
    ):
        parts = [mean, *lower.values(), *upper.values()]
        assert all(np.isfinite(part).all() and (part >= 0).all() for part in parts)
        assert (lower[95] <= lower[80]).all()
        assert (lower[80] <= mean).all()
        assert (mean <= upper[80]).all()
        assert (upper[80] <= upper[95]).all()
    assert (np.diff(found.timestamps.astype(np.int64)) > 0).all()
    of_day = np.searchsorted(found.days, found.timestamps.astype("datetime64[D]"))
    sums = np.bincount(of_day, weights=found.mean, minlength=found.days.size)
    assert sums == pytest.approx(found.day_mean, rel=1e-9, abs=1e-9)
    assert sum(found.weights.values()) == pytest.approx(1)


VOLUMES = st.one_of(
    st.just(0.0),
    st.integers(0, 40).map(float),
    st.floats(0, 1e12, allow_nan=False),
    st.just(math.nan),
)


@settings(max_examples=60, deadline=None)
@given(
    volumes=st.lists(VOLUMES, min_size=1, max_size=90),
    gaps=st.lists(st.integers(1, 9), min_size=90, max_size=90),
    horizon=st.integers(1, 60),
    method=st.sampled_from(EVERY),
    data=st.data(),
)
def test_any_daily_history_gives_a_whole_forecast(volumes, gaps, horizon, method, data):
    steps = np.cumsum(gaps[: len(volumes)])
    days = np.datetime64("2023-11-01") + steps
    seed = data.draw(st.integers(0, 999))
    order = np.random.default_rng(seed).permutation(len(volumes))
    shuffled = np.array(volumes)[order]
    if np.isnan(shuffled).all():
        with pytest.raises(ValueError, match="every value is missing"):
            forecast(days[order], shuffled, freq="D", horizon=horizon)
        return
    picked = [day.item() for day in days[::5]]
    found = forecast(
        days[order], shuffled, freq="D", horizon=horizon, method=method,
        holidays=picked, drop=picked[:2], keep=picked[2:4],
        events=[CalendarEvent("e", picked[0], picked[0] + timedelta(days=3))],
    )  # fmt: skip
    check(found)
    assert found.mean.size == horizon


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 40),
    st.floats(0, 30),
    st.sampled_from([("15min", 900), ("30min", 1800), ("h", 3600)]),
    st.integers(0, 2**32 - 1),
    st.sampled_from(EVERY),
)
def test_any_intervals_give_a_whole_forecast(days, mean, freq, seed, method):
    name, step = freq
    rng = np.random.default_rng(seed)
    slots = np.flatnonzero(rng.random(86_400 // step) < 0.4)
    if not slots.size:
        return
    every = days_from("2024-02-01", days).astype("datetime64[s]")[:, None]
    moments = every + slots * np.timedelta64(step, "s")
    volumes = rng.poisson(mean, moments.size).astype(float)
    found = forecast(moments.ravel(), volumes, freq=name, horizon=100, method=method)
    check(found)
    assert found.mean.size == 100
    assert set((found.timestamps.astype(np.int64) % 86_400 // step).tolist()) <= set(
        slots.tolist()
    )


@pytest.mark.parametrize("level", [0.0, 7.0, 1e9])
@pytest.mark.parametrize("method", EVERY)
def test_a_constant_history_is_carried_on(level, method):
    found = forecast(
        days_from("2024-01-01", 150), np.full(150, level), freq="D", horizon=28,
        method=method,
    )  # fmt: skip
    check(found)
    assert found.mean == pytest.approx(np.full(28, level), rel=0.02, abs=0.05)


def test_order_and_scale_of_the_input_do_not_matter():
    moments, volumes = working_half_hours(20)
    order = np.random.default_rng(1).permutation(volumes.size)
    first = forecast(moments, volumes, freq="30min", horizon=80)
    second = forecast(moments[order], volumes[order], freq="30min", horizon=80)
    assert first.mean.tolist() == second.mean.tolist()
    assert first.upper[95].tolist() == second.upper[95].tolist()


@pytest.mark.parametrize("days", [1, 7, 15, 40, 70, 105])
def test_bounds_are_wider_the_shorter_the_history(days):
    short = forecast(
        *weekly(days, seed=1), freq="D", horizon=7, method="historical_average"
    )
    long = forecast(
        *weekly(500, seed=1), freq="D", horizon=7, method="historical_average"
    )
    check(short)
    widths = [((f.upper[95] - f.lower[95]) / f.mean).mean() for f in (short, long)]
    assert "short_history" in short.notes
    if days <= 15:
        assert widths[0] > 1.3 * widths[1]


def test_low_volume_takes_its_own_members():
    days, volumes = weekly(400, mean=3.0, seed=1)
    found = forecast(days, volumes, freq="D", horizon=28, method=RECIPE)
    assert set(found.weights) == {"smoothed_level", "slow_ridge"}
    assert "low_volume" in found.notes
    assert found.day_mean.sum() == pytest.approx(4 * 3 * 5.95, rel=0.15)


def test_gaps_are_noticed():
    days, volumes = weekly(200, seed=1)
    known = np.delete(np.arange(200), range(80, 100))
    found = forecast(days[known], volumes[known], freq="D", horizon=7)
    assert "gaps" in found.notes
    assert "gaps" not in forecast(days, volumes, freq="D", horizon=7).notes


def test_best_is_the_method_of_its_own_backtest():
    days = days_from("2024-01-01", 400)
    walk = np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.05, 400)))
    found = forecast(days, np.round(1000 * walk), freq="D", horizon=14)
    wapes = {name: figures.wape for name, figures in found.backtest.methods.items()}
    assert found.method == found.backtest.best
    assert wapes[found.method] <= min(wapes.values()) / 0.95


def test_best_takes_a_plain_method_that_is_clearly_better():
    # Weekday medians of a queue with wild days far from normal: nothing else is as calm.
    rng = np.random.default_rng(11)
    days, means = weekly(200, mean=1000)
    found = backtest(
        days, means * rng.choice([1, 1, 1, 0.6], 200), freq="D", horizon=14,
        methods=("moving_average", "trend", "historical_average"),
    )  # fmt: skip
    wapes = {name: figures.wape for name, figures in found.methods.items()}
    assert found.best == min(wapes, key=wapes.get) == "historical_average"


def test_backtest_knows_nothing_of_the_days_it_judges():
    days, volumes = weekly(300, seed=2)
    asked = {"freq": "D", "horizon": 14, "origins": 1, "first_origin": date(2024, 9, 1)}
    changed = volumes.copy()
    changed[days >= np.datetime64("2024-09-15")] = 1e6
    first, second = (backtest(days, v, **asked) for v in (volumes, changed))
    for name, figures in first.methods.items():
        assert figures.wape == second.methods[name].wape
        assert figures.coverage == second.methods[name].coverage


def test_backtest_figures_equal_those_of_forecasts_made_by_hand():
    days, volumes = weekly(200, seed=2)
    found = backtest(
        days, volumes, freq="D", horizon=7, origins=3, methods=["regression"],
        first_origin=date(2024, 6, 3),
    )  # fmt: skip
    errors = actual = 0.0
    inside = []
    for origin in (154, 161, 168):
        made = forecast(
            days[:origin], volumes[:origin], freq="D", horizon=7, method="regression"
        )
        came = volumes[origin : origin + 7]
        errors += np.abs(came - made.mean).sum()
        actual += came.sum()
        inside += ((came >= made.lower[80]) & (came <= made.upper[80])).tolist()
    figures = found.methods["regression"]
    assert figures.wape == pytest.approx(errors / actual)
    assert figures.coverage[80] == pytest.approx(np.mean(inside))
    assert figures.origins == found.origins == 3


def test_backtest_survives_json():
    found = backtest(*working_half_hours(12), freq="30min", horizon=80, origins=2)
    stored = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert Backtest.from_dict(stored) == found


def test_backtest_says_when_history_has_no_room():
    with pytest.raises(ValueError, match="no room for 28 days ahead"):
        backtest(*weekly(20), freq="D", horizon=28)
    with pytest.raises(ValueError, match="no origin"):
        backtest(*weekly(50), freq="D", horizon=7, first_origin=date(2030, 1, 1))
    with pytest.raises(ValueError, match="too short for seasonal"):
        backtest(*weekly(50), freq="D", horizon=7, methods=["seasonal"])
    with pytest.raises(ValueError, match="unknown methods: magic"):
        backtest(*weekly(50), freq="D", horizon=7, methods=["magic"])


def test_bounds_of_days_hold_what_they_should_on_poisson_arrivals():
    moments, volumes = working_half_hours(40, seed=4)
    found = backtest(
        moments, volumes, freq="30min", horizon=80, origins=12, methods=[RECIPE]
    )
    assert 0.76 <= found.methods[RECIPE].coverage[80] <= 0.87
    assert 0.92 <= found.methods[RECIPE].coverage[95] <= 0.985
    assert 0.70 <= found.day_coverage[RECIPE][80] <= 0.95
    assert found.methods[RECIPE].wape < 1.08 * found.noise_floor
