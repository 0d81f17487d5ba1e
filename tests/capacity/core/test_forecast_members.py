import datetime as dt

import numpy as np
import pytest

from tests.capacity.core.forecast_series import weekly
from tests.capacity.core.test_forecast_ridge import calendar_of
from workforce.capacity.core.forecast import SEEDS, forecast
from workforce.capacity.core.forecast.calendar import build_calendar
from workforce.capacity.core.forecast.members import (
    MEMBERS,
    RIDGES,
    SMOOTHING,
    historical_average,
    holiday_effect,
    moving_average,
    recent_weekdays,
    seasonal,
    smoothed_level,
    trend,
    weekday_index,
)


def test_historical_average_is_the_median_of_eight_same_weekdays():
    days, volumes = weekly(100, seed=4)
    found = historical_average(calendar_of(days), volumes[:86], 86, 14)
    for row in range(14):
        same = volumes[:86][(np.arange(86) - 86 - row) % 7 == 0]
        assert found[row] == np.median(same[-8:])


def test_moving_average_spreads_the_last_four_weeks_over_weekdays():
    days, means = weekly(84)
    volumes = np.concatenate([means[:42], 2 * means[42:]])
    found = moving_average(calendar_of(days), volumes[:70], 70, 7)
    assert found.sum() == pytest.approx(volumes[42:70].sum() / 4)
    shape = weekday_index(calendar_of(days), volumes, 70)
    assert found / found.sum() == pytest.approx(shape / shape.sum(), abs=0.02)


def test_recent_weekdays_are_the_mean_of_the_last_three_but_holidays():
    days, volumes = weekly(100, seed=4)
    holiday = days[93]
    calendar = calendar_of(days, [holiday])
    found = recent_weekdays(calendar, volumes[:95], 95, 5)
    for row in range(95, 100):
        same = np.arange(row - 7, 0, -7)
        plain = same[(same < 95) & ~calendar.special[same]][:3]
        assert found[row - 95] == pytest.approx(volumes[plain].mean())
    assert calendar.special[[92, 93, 94]].all()


def test_a_new_weekly_shape_is_taken_over_within_eight_weeks():
    wrong = actual = 0.0
    for seed in range(3):
        days, means = weekly(628)
        weekday = (days.astype(np.int64) + 3) % 7
        turned = 100 * np.array([0.45, 0.5, 0.9, 1, 1, 1.3, 1.2])[weekday]
        rates = np.where(np.arange(628) < 600 - 56, means, turned)
        volumes = np.random.default_rng(seed).poisson(rates).astype(float)
        found = forecast(days[:600], volumes[:600], freq="D", horizon=28)
        wrong += np.abs(found.mean - turned[600:]).sum()
        actual += turned[600:].sum()
    assert wrong / actual <= 0.10


def test_trend_carries_a_growth_rate_on():
    days, means = weekly(220)
    grown = means * 1.01 ** (np.arange(220) / 7)
    found = trend(calendar_of(days), grown[:192], 192, 28)
    assert found.sum() == pytest.approx(grown[192:].sum(), rel=0.02)


def test_trend_of_a_flat_queue_is_flat():
    days, means = weekly(220)
    found = trend(calendar_of(days), means[:192], 192, 28)
    assert found == pytest.approx(means[192:], rel=0.01)


def test_trend_needs_four_weeks():
    days, means = weekly(40)
    assert trend(calendar_of(days), means[:20], 20, 7) is None


def test_seasonal_is_last_year_times_growth():
    days, means = weekly(460)
    season = means * (1 + 0.5 * np.sin(2 * np.pi * np.arange(460) / 364))
    grown = np.where(np.arange(460) >= 364, 1.2, 1.0) * season
    found = seasonal(calendar_of(days), grown[:432], 432, 28)
    assert found == pytest.approx(grown[432:], rel=0.04)


def test_seasonal_needs_a_year_and_six_weeks():
    days, means = weekly(420)
    assert seasonal(calendar_of(days), means[:395], 395, 14) is None


def test_smoothed_level_equals_the_recursion_at_its_best_rate():
    days, volumes = weekly(90, seed=9)
    calendar = calendar_of(days)
    shape = np.maximum(weekday_index(calendar, volumes, 83), 1e-3)
    sizes = shape[calendar.weekday[:83]]
    results = []
    for rate in SMOOTHING:
        above, below, error = volumes[:14].sum(), sizes[:14].sum(), 0.0
        for row in range(14, 83):
            error += abs(volumes[row] - above / below * sizes[row])
            above = (1 - rate) * above + rate * 14 * volumes[row]
            below = (1 - rate) * below + rate * 14 * sizes[row]
        results.append((error, above / below))
    expected = min(results)[1] * shape[calendar.weekday[83:]]
    assert smoothed_level(calendar, volumes[:83], 83, 7) == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted(MEMBERS))
@pytest.mark.parametrize("origin", [1, 2, 9, 40, 395, 470])
def test_every_member_uses_only_what_is_before_the_origin(name, origin):
    days, volumes = weekly(500, seed=6)
    changed = volumes.copy()
    changed[origin:] = 1e6
    calendar = calendar_of(days)
    found = [MEMBERS[name](calendar, v, origin, 14) for v in (volumes, changed)]
    if found[0] is None:
        assert found[1] is None
    else:
        assert found[0].tolist() == found[1].tolist()


HOLIDAYS = [
    dt.date(year, month, day)
    for year in (2023, 2024, 2025)
    for month, day in [(1, 1), (3, 8), (5, 1), (6, 19), (8, 15), (10, 3), (12, 25)]
]


def quieter_on_holidays(share):
    """600 days until a week before 15 August 2025, and the two weeks after that."""
    days, means = weekly(614, mean=100, first="2023-12-18")
    volumes = np.where(np.isin(days, np.array(HOLIDAYS, "M8[D]")), share, 1.0) * means
    return days, means, np.random.default_rng(8).poisson(volumes).astype(float)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("method", ["best", *SEEDS])
def test_every_method_has_holidays_as_quiet_as_they_were(method, share):
    days, means, volumes = quieter_on_holidays(share)
    found = forecast(
        days[:600], volumes[:600], freq="D", horizon=14, method=method,
        holidays=HOLIDAYS,
    )  # fmt: skip
    row = found.days.tolist().index(dt.date(2025, 8, 15))
    assert found.mean[row] / means[600 + row] == pytest.approx(share, abs=0.12)
    assert found.lower[95][row] - 1 <= volumes[600 + row] <= found.upper[95][row]
    usual = np.arange(14) != row
    assert found.mean[usual].sum() == pytest.approx(means[600:][usual].sum(), rel=0.06)


def test_the_effect_of_holidays_is_that_of_the_regression():
    days, _means, volumes = quieter_on_holidays(0.2)
    numbers = np.array(HOLIDAYS, "M8[D]").astype(np.int64)
    calendar = build_calendar(days.astype(np.int64), numbers, np.zeros((614, 0)))
    plain = build_calendar(
        days.astype(np.int64), numbers[numbers < 20_300], np.zeros((614, 0))
    )
    effect = holiday_effect(calendar, volumes[:600], 600, 14)
    regression = MEMBERS["regression"]
    ratio = regression(calendar, volumes, 600, 14) / regression(plain, volumes, 600, 14)
    assert effect == pytest.approx(ratio)
    assert (effect == 1).sum() == 11
    assert (holiday_effect(plain, volumes[:600], 600, 14) == 1).all()


def test_ridges_know_holidays_themselves():
    assert set(MEMBERS) - RIDGES == {
        "historical_average", "trend", "seasonal", "moving_average",
        "smoothed_level", "fast_seasonal", "recent_weekdays",
    }  # fmt: skip


@pytest.mark.parametrize("method", SEEDS)
def test_each_seed_method_can_be_asked_for(method):
    found = forecast(*weekly(460, seed=1), freq="D", horizon=14, method=method)
    assert found.method == method
    assert found.weights == {method: 1.0}


def test_a_method_the_history_is_too_short_for_is_replaced_and_said():
    found = forecast(*weekly(60, seed=1), freq="D", horizon=7, method="seasonal")
    assert found.method == "historical_average"
    assert "method_unavailable" in found.notes
    assert "no_full_year" in found.notes


def test_drivers_move_the_regression():
    days, means = weekly(200)
    customers = np.where(np.arange(200) < 100, 1000.0, 2000.0)
    volumes = means * customers / 1000
    by_day = dict(zip(days.tolist(), customers, strict=True))
    by_day[days[186].item()] = 4000.0
    asked = {"freq": "D", "horizon": 7, "method": "regression"}
    plain = forecast(days[:186], volumes[:186], **asked)
    driven = forecast(days[:186], volumes[:186], drivers={"customers": by_day}, **asked)
    assert driven.mean[0] > 1.3 * plain.mean[0]
