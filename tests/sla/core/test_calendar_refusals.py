"""What a calendar refuses, and that the message names the value."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from sla.core.calendar import BusinessCalendar
from tests.sla.core.calendar_samples import HOUR, NINE_TO_FIVE, WEEKDAYS, at, office

ZERO = timedelta(0)


@pytest.mark.parametrize(
    ("weekly", "named"),
    [
        (
            {0: [(time(9), time(12)), (time(11), time(17))]},
            "weekday 0: 09:00-12:00 and 11:00",
        ),
        ({0: [(time(17), time(9))]}, "17:00-09:00"),
        ({0: [(time(9), time(9))]}, "09:00-09:00"),
        ({7: NINE_TO_FIVE}, "7"),
        ({"mon": NINE_TO_FIVE}, "mon"),
        ({True: NINE_TO_FIVE}, "True"),
        ({0: [(time(9), time.max)]}, "999999"),
        ({0: [(time(9, tzinfo=UTC), time(17))]}, "tzinfo"),
    ],
)
def test_invalid_hours_are_refused_by_name(weekly: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        BusinessCalendar("UTC", weekly)


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "", "../etc/passwd", "Europe", None]
)
def test_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(ValueError, match="Unknown time zone: "):
        BusinessCalendar(zone, WEEKDAYS)


@pytest.mark.parametrize("day", ["2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)])
def test_holiday_that_is_no_date_is_refused(day: object) -> None:
    with pytest.raises(ValueError, match="Not a date"):
        office(holidays=[day])


def test_naive_moments_are_refused() -> None:
    naive = datetime(2026, 3, 6, 12)  # noqa: DTZ001
    for call in (office().is_open, office().next_opening):
        with pytest.raises(
            ValueError, match=r"time zone: datetime.datetime\(2026, 3, 6"
        ):
            call(naive)
    with pytest.raises(ValueError, match="time zone"):
        office().between(naive, at("2026-03-06T12:00Z"))
    with pytest.raises(ValueError, match="no zone"):
        office().resolve_local(at("2026-03-06T12:00Z"))


def test_negative_durations_are_refused() -> None:
    calendar, start = office(), at("2026-03-06T12:00Z")
    for call in (calendar.add, calendar.subtract):
        with pytest.raises(ValueError, match="negative"):
            call(start, timedelta(seconds=-1))
    for call in (calendar.add_seconds, calendar.subtract_seconds):
        with pytest.raises(ValueError, match="-1"):
            call(0, -1)
    for bad in ([-1], [float("nan")], [float("inf")], ["x"]):
        with pytest.raises(ValueError, match=r"\w"):
            calendar.add_many([0], bad)


def test_calendar_without_open_time_refuses_to_add() -> None:
    start = at("2026-03-06T12:00Z")
    for calendar in (
        BusinessCalendar("UTC", {}),
        BusinessCalendar(
            "UTC",
            {},
            exceptions={date(2026, 3, 9): NINE_TO_FIVE},
            holidays=[date(2026, 3, 9)],
        ),
    ):
        assert calendar.between(start, start + 900 * HOUR) == ZERO
        assert calendar.next_opening(start) is None
        for call in (calendar.add, calendar.subtract):
            with pytest.raises(ValueError, match="no open time at all"):
                call(start, HOUR)
        with pytest.raises(ValueError, match="business days"):
            calendar.add_business_days(start, 1)
        with pytest.raises(ValueError, match="no open time at all"):
            calendar.add_many([0], [0])


def test_calendar_of_one_dated_day_ends_there() -> None:
    calendar = BusinessCalendar("UTC", {}, exceptions={date(2026, 3, 9): NINE_TO_FIVE})
    start = at("2020-01-01T00:00Z")
    assert calendar.add(start, 7 * HOUR) == at("2026-03-09T16:00Z")
    assert calendar.next_closing(start) == at("2026-03-09T17:00Z")
    with pytest.raises(ValueError, match="too little open time after"):
        calendar.add(start, 8 * HOUR)
    assert calendar.subtract(at("2030-01-01T00:00Z"), HOUR) == at("2026-03-09T16:00Z")
