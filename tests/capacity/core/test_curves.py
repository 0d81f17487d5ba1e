"""A day as far as it has gone, beside its forecast."""

import pytest

from workforce.capacity.core.curves import curve_of

NINE = 1_772_442_000
HALF_HOUR = 1800


def stored(mean=10.0, n=16):
    return {
        "starts": [NINE + HALF_HOUR * k for k in range(n)],
        "mean": [mean] * n,
        "low80": [mean * 0.8] * n,
        "high80": [mean * 1.2] * n,
        "low95": [mean * 0.7] * n,
        "high95": [mean * 1.3] * n,
    }


def came(number, intervals):
    return {NINE + HALF_HOUR * k: float(number) for k in range(intervals)}


def curve(number, intervals, until=None):
    end = NINE + HALF_HOUR * intervals if until is None else until
    return curve_of(stored(), came(number, intervals), until=end, minutes=30)


def test_running_interval_does_not_count_yet():
    assert curve(10, 4, until=NINE + HALF_HOUR * 4 - 1).known == 3
    assert curve(10, 4).known == 4


def test_interval_without_a_row_had_no_contact():
    found = curve_of(stored(), {NINE: 7.0}, until=NINE + 3 * HALF_HOUR, minutes=30)

    assert found.actual.tolist() == [7, 0, 0]
    assert found.came == 7


def test_contacts_outside_the_hours_forecast_are_counted():
    early = {NINE - HALF_HOUR: 5.0}

    found = curve_of(
        stored(), came(10, 2) | early, until=NINE + 2 * HALF_HOUR, minutes=30
    )

    assert found.outside == 5
    assert found.came == 25


def test_day_far_above_its_band_alerts_and_one_within_does_not():
    assert curve(30, 4).is_alert
    assert curve(1, 4).is_alert
    assert not curve(11, 4).is_alert


def test_first_hour_and_a_handful_never_alert():
    few = {
        key: [v * 0.1 if key != "starts" else v for v in row]
        for key, row in stored().items()
    }

    assert not curve(40, 1).is_alert
    assert not curve_of(
        few, came(3, 4), until=NINE + 4 * HALF_HOUR, minutes=30
    ).is_alert


def test_expected_so_far_is_the_sum_of_the_known_intervals():
    assert curve(10, 4).so_far.mean == pytest.approx(40)


def test_day_without_intervals_is_empty():
    found = curve_of({}, {}, until=NINE, minutes=30)

    assert found.known == 0
    assert found.came == 0
    assert not found.is_alert
