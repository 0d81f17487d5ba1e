"""Days as they are stored: local days, real moments, clocks that change."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from workforce.capacity.core.bands import Band
from workforce.capacity.core.snapshot import moments, snapshot_days

BERLIN = ZoneInfo("Europe/Berlin")


def flat(values: np.ndarray) -> Band:
    return Band(values, values * 0.8, values * 1.2, values * 0.7, values * 1.3)


def hours_of(day: str, count: int = 24) -> np.ndarray:
    return np.datetime64(day, "s") + np.arange(count) * np.timedelta64(3600, "s")


def stored(day: str, start: date | None = None) -> list:
    stamps = hours_of(day)
    return list(
        snapshot_days(
            stamps,
            flat(np.full(24, 10.0)),
            np.array([day], "datetime64[D]"),
            flat(np.array([240.0])),
            zone=BERLIN,
            start=start or date.fromisoformat(day),
        )
    )


def test_usual_day_has_every_interval_at_its_moment():
    (day,) = stored("2026-03-02")

    assert day.day == date(2026, 3, 2)
    assert len(day.intervals["starts"]) == 24
    # Midnight of Berlin's winter is 23:00 UTC of the day before.
    assert day.intervals["starts"][0] == datetime(2026, 3, 2, tzinfo=BERLIN).timestamp()
    assert day.total["mean"] == 240.0
    assert day.intervals["low80"] == [8.0] * 24


def test_hour_skipped_in_spring_is_left_out_of_the_day():
    (day,) = stored("2026-03-29")

    assert len(day.intervals["starts"]) == 23
    assert day.total["mean"] == 230.0
    assert np.diff(day.intervals["starts"]).tolist() == [3600] * 22


def test_hour_shown_twice_in_autumn_comes_twice():
    (day,) = stored("2026-10-25")

    assert len(day.intervals["starts"]) == 25
    assert day.total["mean"] == 250.0
    assert day.total["high95"] == 325.0
    assert np.diff(day.intervals["starts"]).tolist() == [3600] * 24


def test_days_before_the_start_are_left_out():
    assert stored("2026-03-02", start=date(2026, 3, 3)) == []


def test_moments_of_a_time_on_the_wall():
    assert len(moments(datetime.fromisoformat("2026-03-02T02:30"), BERLIN)) == 1
    assert moments(datetime.fromisoformat("2026-03-29T02:30"), BERLIN) == []
    first, second = moments(datetime.fromisoformat("2026-10-25T02:30"), BERLIN)
    assert second - first == 3600
