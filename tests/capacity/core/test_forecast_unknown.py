"""What a history does not say: before it began, unseen weekdays, unknown ends and slots."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tests.capacity.core.forecast_series import days_from, weekly, working_half_hours
from workforce.capacity.core.forecast import CalendarEvent, backtest, forecast
from workforce.capacity.core.forecast.opening import open_slots, unseen_weekdays
from workforce.capacity.core.forecast.series import read_series

MONDAY = "2025-01-06"


def after_zeros(zeros, days, *, seed=0):
    moments, volumes = weekly(zeros + days, mean=100, seed=seed, first=MONDAY)
    volumes[:zeros] = 0
    return moments, volumes


@pytest.mark.parametrize("zeros", [14, 100, 380])
@pytest.mark.parametrize("days", [6, 30])
def test_zeros_from_before_the_queue_began_are_left_out(zeros, days):
    moments, volumes = after_zeros(zeros, days)
    found = forecast(moments, volumes, freq="D", horizon=7)
    begun = forecast(moments[zeros:], volumes[zeros:], freq="D", horizon=7)
    assert found.mean.tolist() == begun.mean.tolist()
    assert found.history_days == days
    assert set(found.notes) - set(begun.notes) == {"leading_zeros"}


@pytest.mark.parametrize(
    "volumes",
    [
        [0, 0, 100, 100, 100, 100, 100] * 8,  # begins on a weekend without contacts
        ([0] * 30 + [1]) * 8,  # few contacts: 30 quiet days say nothing
        ([0] * 30 + [100] * 30 + [0] * 31 + [100] * 30),  # as silent since: a season
        [0] * 40,
    ],
)
def test_zeros_that_a_queue_may_have_are_kept(volumes):
    days = days_from("2025-01-04", len(volumes))
    series = read_series(days, volumes, "D")
    assert series.days.size == len(volumes)
    assert series.leading_zeros == 0


def test_a_weekday_not_seen_yet_is_open_as_the_others_are():
    found = forecast(days_from(MONDAY, 3), [10, 10, 10], freq="D", horizon=7)
    assert [str(day) for day in found.days[:3]] == [
        "2025-01-09",
        "2025-01-10",
        "2025-01-13",
    ]
    assert "unseen_weekdays" in found.notes


def test_a_weekend_is_open_if_half_of_it_was():
    found = forecast(days_from(MONDAY, 6), [10] * 6, freq="D", horizon=7)
    assert found.days.tolist() == days_from("2025-01-12", 7).tolist()
    weekend = forecast(days_from("2025-01-11", 2), [10] * 2, freq="D", horizon=7)
    assert weekend.days.tolist() == days_from("2025-01-13", 7).tolist()


def test_slots_of_an_unseen_weekday_are_those_of_any_seen():
    moments = [f"2025-01-06T{hour:02}:00" for hour in range(9, 12)]
    moments += [f"2025-01-07T{hour:02}:00" for hour in range(10, 14)]
    series = read_series([*moments, "2025-01-08T13:00"], [5] * 8, "h")
    assert np.flatnonzero(open_slots(series)[3]).tolist() == [9, 10, 11, 12, 13]
    assert not open_slots(series)[5:].any()


def test_a_week_leaves_no_weekday_unseen():
    series = read_series(days_from(MONDAY, 7), [10, 10, 10, 10, 10, 0, 0], "D")
    assert not unseen_weekdays(series).any()
    five = days_from(MONDAY, 12)[np.r_[0:5, 7:12]]
    closed = forecast(five, [10] * 10, freq="D", horizon=10)
    assert "unseen_weekdays" not in closed.notes
    assert {day.weekday() for day in closed.days.tolist()} == {0, 1, 2, 3, 4}


def test_both_kinds_of_horizon_start_after_the_last_known_day():
    days, volumes = weekly(200, seed=1, first="2025-01-01")
    volumes[-10:] = np.nan
    count = forecast(days, volumes, freq="D", horizon=7)
    span = forecast(days, volumes, freq="D", horizon=timedelta(days=7))
    assert (
        count.days.tolist() == span.days.tolist() == days_from("2025-07-10", 7).tolist()
    )
    assert "gaps" in count.notes
    assert "gaps" in span.notes


def test_a_last_day_mostly_unknown_is_forecast_from_where_it_stands():
    moments, volumes = working_half_hours(6)
    volumes[-14:] = np.nan
    count = forecast(moments, volumes, freq="30min", horizon=3)
    assert str(count.timestamps[0]) == str(moments[-14].astype("M8[s]"))
    span = forecast(moments, volumes, freq="30min", horizon=timedelta(days=7))
    after = moments[-1].astype("M8[D]") + 3
    assert span.days.tolist() == (after + np.arange(5)).tolist()


def test_a_slot_unknown_on_every_day_is_not_said_to_be_zero():
    moments, volumes = working_half_hours(6)
    noon = np.array([str(moment)[11:16] == "12:00" for moment in moments])
    volumes[noon] = np.nan
    found = forecast(moments, volumes, freq="30min", horizon=timedelta(days=7))
    assert "unknown_slots" in found.notes
    assert not any("T12:00" in str(moment) for moment in found.timestamps)
    assert (found.mean > 0).all()


def test_a_slot_unknown_on_one_weekday_is_filled_as_on_the_others():
    hours = np.arange(9, 12)
    days = days_from(MONDAY, 35).astype("M8[h]")
    moments = (days[:, None] + hours).ravel()
    volumes = np.tile([20.0, 10.0, 30.0], 35)
    mondays = np.repeat(np.arange(35) % 7 == 0, 3) & (np.tile(hours, 35) == 10)
    volumes[mondays] = np.nan
    series = read_series(moments, volumes, "h")
    assert series.values[0, 9:12] == pytest.approx([20, 10, 30])


@pytest.mark.parametrize(
    ("moments", "volumes", "words"),
    [
        ([1.5], [1], "1.5 is no time"),
        (
            ["2025-01-06T09", "2025-01-06T10", "2025-01-07T10", "2025-01-07T09"],
            [5, np.nan, 5, np.nan],
            "no day is known",
        ),
    ],
)
def test_what_tells_of_no_day_is_refused(moments, volumes, words):
    with pytest.raises(ValueError, match=words):
        read_series(moments, volumes, "h")


OFFSETS = ["2025-01-01T00:30:00+02:00", "2025-01-01 00:30-0500", "2025-01-01T00:30Z"]


@pytest.mark.parametrize(
    "moments",
    [
        OFFSETS[:1],
        OFFSETS[1:2],
        OFFSETS[2:],
        np.array(OFFSETS[:1]),
        np.array(OFFSETS[:1], dtype="S"),
        [datetime(2025, 1, 1, tzinfo=UTC)],
        np.array([datetime(2025, 1, 1, tzinfo=UTC)], dtype=object),
    ],
)
def test_times_with_a_zone_are_refused(moments):
    with pytest.raises(ValueError, match="without a time zone"):
        read_series(moments, [1], "D")


@pytest.mark.parametrize(
    "moment",
    ["2025-01-01", "2025-01-01T00", "2025-01-01T00:30", "2025-01-01 00:30:00.5"],
)
def test_times_without_a_zone_are_read(moment):
    assert read_series([moment], [1], "D").days.tolist() == [20_089]


@pytest.mark.parametrize("freq", [["h"], None, 3600, "H"])
def test_a_frequency_that_is_none_is_refused(freq):
    with pytest.raises(ValueError, match="is not one of 15min, 30min, h, D"):
        read_series(["2025-01-01"], [1], freq)


@pytest.mark.parametrize(
    "horizon", [7.5, "7", True, None, 0, -3, timedelta(0), timedelta(days=-7)]
)
@pytest.mark.parametrize("call", [forecast, backtest])
def test_backtest_and_forecast_refuse_the_same_horizons(call, horizon):
    with pytest.raises(ValueError, match="horizon must be"):
        call(*weekly(100), freq="D", horizon=horizon)


def test_a_backtest_refuses_a_span_too_long():
    with pytest.raises(ValueError, match="at most 800 days"):
        backtest(*weekly(100), freq="D", horizon=timedelta(days=801))


@pytest.mark.parametrize("percent", [float("inf"), float("nan"), -101])
def test_an_event_of_no_sensible_size_is_refused(percent):
    with pytest.raises(ValueError, match="percent must be a number of at least -100"):
        CalendarEvent("sale", date(2025, 1, 1), date(2025, 1, 1), "adjust", percent)
