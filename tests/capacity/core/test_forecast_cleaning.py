from datetime import date, timedelta

import numpy as np
import pytest

from tests.capacity.core.forecast_series import weekly
from tests.capacity.core.test_forecast_ridge import calendar_of
from workforce.capacity.core.forecast import CalendarEvent, forecast
from workforce.capacity.core.forecast.cleaning import (
    _trailing_median as trailing_median,
)
from workforce.capacity.core.forecast.cleaning import clean


def cleaned(days, volumes, *, keep=(), drop=(), holidays=()):
    return clean(
        calendar_of(days, holidays),
        volumes,
        keep=np.isin(np.arange(days.size), keep),
        drop=np.isin(np.arange(days.size), drop),
    )


def test_an_outage_day_is_put_back_on_its_level():
    days, volumes = weekly(120, seed=2)
    wild = volumes.copy()
    wild[116] *= 4
    found = cleaned(days, wild)
    assert np.flatnonzero(found.replaced).tolist() == [116]
    assert found.totals[116] == pytest.approx(volumes[116], rel=0.25)
    assert np.delete(found.totals, 116).tolist() == np.delete(volumes, 116).tolist()


def test_ordinary_days_are_left_alone():
    days, volumes = weekly(400, seed=3)
    assert cleaned(days, volumes).replaced.sum() <= 2


def test_a_new_level_is_kept_and_noticed():
    days, volumes = weekly(120, seed=2)
    volumes[110:] *= 2
    found = cleaned(days, volumes)
    assert not found.replaced[110:].any()
    assert found.shifted


def test_the_second_day_of_a_new_level_is_not_yet_one():
    days, volumes = weekly(120, seed=2)
    volumes[118:] *= 4
    assert np.flatnonzero(cleaned(days, volumes).replaced).tolist() == [118, 119]


def test_holidays_are_left_alone():
    days, volumes = weekly(120, seed=2)
    volumes[100] *= 0.1
    assert not cleaned(days, volumes, holidays=[days[100]]).replaced.any()


def test_people_decide_about_a_day():
    days, volumes = weekly(120, seed=2)
    wild = volumes.copy()
    wild[100] *= 4
    assert not cleaned(days, wild, keep=[100]).replaced.any()
    dropped = cleaned(days, wild, drop=[90, 100])
    assert np.flatnonzero(dropped.replaced).tolist() == [90, 100]


def test_trailing_medians_equal_the_plain_loop():
    values = np.random.default_rng(1).poisson(20, 30).astype(float)
    found = trailing_median(values, 8, 4)
    for end in range(31):
        before = values[max(0, end - 8) : end]
        if end < 4:
            assert np.isnan(found[end])
        else:
            assert found[end] == np.median(before)


def test_a_forecast_names_the_days_it_replaced():
    days, volumes = weekly(120, seed=2)
    volumes[116] *= 4
    found = forecast(days, volumes, freq="D", horizon=7)
    assert [entry.day for entry in found.outliers] == [date(2024, 4, 26)]
    assert found.outliers[0].actual == volumes[116]
    assert "outliers" in found.notes
    kept = forecast(days, volumes, freq="D", horizon=7, keep=[date(2024, 4, 26)])
    assert kept.outliers == ()


def releases(treatment="repeat", percent=None):
    """Two days every four weeks; the last lies ahead of 196 days of history."""
    return [
        CalendarEvent("release", first, first + timedelta(days=1), treatment, percent)
        for first in (date(2024, 1, 10) + timedelta(days=28 * n) for n in range(8))
    ]


def with_releases(factor):
    days, volumes = weekly(224, mean=1000, seed=5)
    for event in releases():
        inside = (days >= np.datetime64(event.first)) & (
            days <= np.datetime64(event.last)
        )
        volumes[inside] *= factor
    return days[:196], volumes[:196]


def test_a_repeated_event_is_learnt_and_applied():
    history = with_releases(1.5)
    found = forecast(*history, freq="D", horizon=14, events=releases(), method="recipe")
    plain = forecast(*with_releases(1.0), freq="D", horizon=14, method="recipe")
    effect = found.events["release"]
    assert effect.n == 14
    assert effect.percent == pytest.approx(50, abs=4)
    on = np.isin(found.days, np.array(["2024-07-24", "2024-07-25"], "M8[D]"))
    assert found.mean[on] == pytest.approx(1.5 * plain.mean[on], rel=0.12)
    assert found.mean[~on] == pytest.approx(plain.mean[~on], rel=0.08)


def test_a_stated_percentage_comes_before_the_learnt_one():
    found = forecast(
        *with_releases(1.5), freq="D", horizon=14, events=releases(percent=-100.0)
    )
    on = np.isin(found.days, np.array(["2024-07-24", "2024-07-25"], "M8[D]"))
    assert found.mean[on].tolist() == [0.0, 0.0]
    assert (found.mean[~on] > 0).all()


def test_an_excluded_event_teaches_nothing_and_applies_nothing():
    found = forecast(
        *with_releases(3.0), freq="D", horizon=14, events=releases("exclude")
    )
    plain = forecast(*with_releases(1.0), freq="D", horizon=14)
    assert found.events == {}
    assert found.mean == pytest.approx(plain.mean, rel=0.1)


def test_an_adjusted_event_is_taken_out_by_its_percentage():
    events = releases("adjust", 50.0)
    found = forecast(*with_releases(1.5), freq="D", horizon=14, events=events)
    plain = forecast(*with_releases(1.0), freq="D", horizon=14, events=events[-1:])
    assert found.mean == pytest.approx(plain.mean, rel=0.02)


def test_an_effect_seen_on_few_contacts_is_shrunk():
    days = np.datetime64("2024-01-01") + np.arange(60)
    volumes = np.full(60, 1.0)
    volumes[40] = 3.0
    event = CalendarEvent("news", date(2024, 2, 10), date(2024, 2, 10))
    found = forecast(days, volumes, freq="D", horizon=7, events=[event])
    assert 0 < found.events["news"].percent < 60


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"last": date(2023, 12, 31)}, "ends before it starts"),
        ({"treatment": "ignore"}, "is not one of exclude, adjust, repeat"),
        ({"percent": -101.0}, "at least -100"),
        ({"treatment": "adjust"}, "say by how many percent"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(columns, words):
    with pytest.raises(ValueError, match=words):
        CalendarEvent(
            **{
                "key": "x",
                "first": date(2024, 1, 1),
                "last": date(2024, 1, 2),
                **columns,
            }
        )
