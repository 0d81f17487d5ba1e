from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tests.capacity.core.forecast_series import days_from, weekly
from workforce.capacity.core.forecast import forecast
from workforce.capacity.core.forecast.opening import look_ahead, open_slots
from workforce.capacity.core.forecast.series import read_series

NONE = np.array([], dtype=np.int64)


def coming(series, horizon, holidays=()):
    numbers = np.array(holidays, dtype="datetime64[D]").astype(np.int64)
    future = look_ahead(series, horizon, numbers, open_slots(series))
    return future.days.astype("datetime64[D]").astype(str).tolist(), future.slots


def test_rows_are_sorted_and_duplicates_summed():
    series = read_series(
        ["2024-01-02T09:30", "2024-01-01T09:00", "2024-01-02T09:30"], [3, 1, 4], "30min"
    )
    assert series.days.astype("datetime64[D]").astype(str).tolist() == [
        "2024-01-01",
        "2024-01-02",
    ]
    assert series.values[1, 19] == 7
    assert series.values.sum() == 8


def test_a_missing_interval_of_an_open_day_is_zero():
    moments = [f"2024-01-0{day}T{hour:02}:00" for day in (1, 2, 3) for hour in (9, 10)]
    series = read_series(moments[:5], [5, 5, 5, 5, 5], "h")
    assert series.values[:, [9, 10]].tolist()[:2] == [[5, 5], [5, 5]]


def test_unknown_intervals_are_filled_from_the_rest_of_the_day():
    moments = [
        f"2024-01-{day:02}T{hour:02}:00" for day in (1, 8, 15) for hour in (9, 10)
    ]
    series = read_series(moments, [10, 5, 10, 5, 20, np.nan], "h")
    assert series.values[2, 10] == pytest.approx(10)


def test_a_day_that_is_mostly_unknown_is_left_out():
    moments = [
        f"2024-01-{day:02}T{hour:02}:00" for day in (1, 8, 15) for hour in (9, 10)
    ]
    series = read_series(moments, [10, 5, 10, 5, np.nan, 5], "h")
    assert series.days.size == 2
    assert series.unknown_days.size == 1


@pytest.mark.parametrize(
    ("moments", "volumes", "freq", "words"),
    [
        (["2024-01-01"], [1], "min", "freq 'min' is not one of 15min, 30min, h, D"),
        ([], [], "D", "at least one time"),
        (["2024-01-01"], [1, 2], "D", "differ in length: 1 and 2"),
        (["2024-01-01", "2024-01-02"], [1, -2], "D", "volume -2 at position 1"),
        (["2024-01-01"], [np.inf], "D", "infinite"),
        (["2024-01-01"], [np.nan], "D", "every value is missing"),
        (["2024-01-01"], ["many"], "D", "cannot be read as numbers"),
        (["first"], [1], "D", "timestamps cannot be read"),
        (np.array(["NaT"], "datetime64[s]"), [1], "D", "NaT"),
        ([datetime(2024, 1, 1, tzinfo=UTC)], [1], "D", "without a time zone"),
    ],
)
def test_bad_input_is_refused_in_words(moments, volumes, freq, words):
    with pytest.raises(ValueError, match=words):
        forecast(moments, volumes, freq=freq, horizon=1)


@pytest.mark.parametrize("horizon", [0, -1, timedelta(0), 2.5, True])
def test_a_horizon_that_is_none_is_refused(horizon):
    with pytest.raises(ValueError, match="horizon must be"):
        forecast(*weekly(60), freq="D", horizon=horizon)


@pytest.mark.parametrize("horizon", [801, timedelta(days=801)])
def test_a_horizon_too_far_is_refused(horizon):
    with pytest.raises(ValueError, match="800"):
        forecast(*weekly(60), freq="D", horizon=horizon)


def test_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method 'arima' is not one of best"):
        forecast(*weekly(60), freq="D", horizon=7, method="arima")


def test_a_queue_open_on_mondays_is_forecast_on_mondays():
    mondays = np.datetime64("2024-01-01") + 7 * np.arange(20)
    found = forecast(mondays, np.full(20, 30.0), freq="D", horizon=3)
    assert found.days.astype(str).tolist() == ["2024-05-20", "2024-05-27", "2024-06-03"]
    assert found.mean == pytest.approx([30, 30, 30], rel=0.02)


def test_one_saturday_does_not_open_saturdays():
    days = days_from("2024-01-01", 56)
    open_days = days[((days.astype(np.int64) + 3) % 7 < 5) | (days == days[33])]
    series = read_series(open_days, np.ones(open_days.size), "D")
    assert open_slots(series).any(axis=1).tolist() == [True] * 5 + [False] * 2


def test_a_span_starts_on_the_day_after_the_last_and_counts_calendar_days():
    days = days_from("2024-01-01", 54)
    open_days = days[(days.astype(np.int64) + 3) % 7 < 5]
    series = read_series(open_days, np.ones(open_days.size), "D")
    assert coming(series, timedelta(days=4))[0] == ["2024-02-26", "2024-02-27"]


def test_a_count_of_intervals_may_end_within_a_day():
    moments = [
        f"2024-01-{day:02}T{hour:02}:00" for day in range(1, 15) for hour in (9, 10)
    ]
    series = read_series(moments, np.ones(28), "h")
    days, slots = coming(series, 3)
    assert days == ["2024-01-15", "2024-01-16"]
    assert slots.sum(axis=1).tolist() == [2, 1]


def test_a_day_that_has_begun_is_forecast_from_where_it_stands():
    moments = [
        f"2024-01-{day:02}T{hour:02}:00" for day in range(1, 16) for hour in (9, 10)
    ]
    found = forecast(moments[:-1], np.ones(29), freq="h", horizon=2)
    assert found.timestamps.astype(str).tolist() == [
        "2024-01-15T10:00:00",
        "2024-01-16T09:00:00",
    ]
    assert "partial_day" in found.notes


def test_holidays_that_were_closed_stay_closed():
    days, volumes = weekly(380)
    closed = days == np.datetime64("2024-05-01")
    series = read_series(days[~closed], volumes[~closed], "D")
    upcoming = [date(2024, 5, 1), date(2025, 1, 20), date(2025, 5, 1)]
    found, _ = coming(series, timedelta(days=120), upcoming)
    assert "2025-01-20" not in found
    assert "2025-05-01" not in found


def test_a_holiday_that_was_open_stays_open():
    days, volumes = weekly(380)
    closed = days == np.datetime64("2024-05-01")
    series = read_series(days[~closed], volumes[~closed], "D")
    listed = [date(2024, 5, 1), date(2024, 3, 4), date(2025, 3, 4), date(2025, 5, 1)]
    found, _ = coming(series, timedelta(days=120), listed)
    assert "2025-03-04" in found
    assert "2025-05-01" not in found


def test_without_past_holidays_a_coming_one_is_open():
    series = read_series(*weekly(60), "D")
    assert "2024-03-05" in coming(series, 10, [date(2024, 3, 5)])[0]


def test_daylight_saving_changes_nothing_in_local_time():
    hours = np.datetime64("2024-03-01T00", "h") + np.arange(24 * 40)
    found = forecast(hours, np.full(hours.size, 6.0), freq="h", horizon=24)
    assert found.timestamps[0].astype(str) == "2024-04-10T00:00:00"
    assert found.mean == pytest.approx(np.full(24, 6.0), rel=0.01)
