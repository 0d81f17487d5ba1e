"""Business calendars: written figures for hours, holidays, changes of the clocks and edges."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from sla.core.calendar import BusinessCalendar
from tests.sla.core.calendar_samples import (
    CHRISTMAS_WEEK,
    HOUR,
    MIDNIGHT,
    at,
    daily,
    epoch,
    office,
)

ZERO = timedelta(0)
BERLIN = ZoneInfo("Europe/Berlin")


# Conventions at the edges


def test_add_zero_from_closed_moment_gives_next_opening() -> None:
    assert office().add(at("2026-03-07T12:00Z"), ZERO) == at("2026-03-09T09:00Z")


def test_add_zero_from_open_moment_stays() -> None:
    assert office().add(at("2026-03-06T12:00Z"), ZERO) == at("2026-03-06T12:00Z")


def test_add_exact_fill_lands_on_next_opening() -> None:
    assert office().add(at("2026-03-06T09:00Z"), 8 * HOUR) == at("2026-03-09T09:00Z")


def test_add_from_closing_moment_counts_from_next_opening() -> None:
    assert office().add(at("2026-03-05T17:00Z"), HOUR) == at("2026-03-06T10:00Z")


def test_subtract_exact_fill_lands_on_last_closing() -> None:
    assert office().subtract(at("2026-03-09T17:00Z"), 8 * HOUR) == at(
        "2026-03-06T17:00Z"
    )


def test_subtract_zero_from_closed_moment_gives_last_closing() -> None:
    assert office().subtract(at("2026-03-08T12:00Z"), ZERO) == at("2026-03-06T17:00Z")


def test_touching_hours_are_one_window_so_nothing_jumps_at_the_seam() -> None:
    calendar = BusinessCalendar("UTC", {0: [(time(9), time(12)), (time(12), time(17))]})
    assert calendar.add(at("2026-03-09T09:00Z"), 3 * HOUR) == at("2026-03-09T12:00Z")
    assert calendar.next_closing(at("2026-03-09T10:00Z")) == at("2026-03-09T17:00Z")


def test_between_reversed_or_empty_span_is_zero() -> None:
    calendar = office()
    assert calendar.between(at("2026-03-06T12:00Z"), at("2026-03-02T12:00Z")) == ZERO
    assert calendar.between(at("2026-03-06T12:00Z"), at("2026-03-06T12:00Z")) == ZERO


def test_results_keep_the_zone_of_the_question() -> None:
    indian = timezone(timedelta(hours=5, minutes=30))
    due = office().add(datetime(2026, 3, 6, 22, 0, tzinfo=indian), HOUR)
    assert due.isoformat() == "2026-03-09T15:00:00+05:30"


def test_microseconds_are_exact_in_both_directions() -> None:
    calendar, start = office(), at("2026-03-06T16:59:59.750001Z")
    due = calendar.add(start, timedelta(milliseconds=500))
    assert due == at("2026-03-09T09:00:00.250001Z")
    assert calendar.between(start, due) == timedelta(milliseconds=500)
    assert calendar.subtract(due, timedelta(milliseconds=500)) == start


def test_fraction_of_a_closed_second_counts_nothing() -> None:
    end = at("2026-03-06T17:00:00.9Z")
    assert office().between(at("2026-03-06T16:59:59.5Z"), end) == timedelta(
        milliseconds=500
    )


# Whole days and 24:00


def test_time_zero_as_end_is_the_end_of_the_day() -> None:
    calendar = BusinessCalendar("UTC", {0: [(time(22), MIDNIGHT)]})
    assert calendar.open_seconds_on(date(2026, 3, 9)) == 7200
    assert calendar.next_closing(at("2026-03-09T23:00Z")) == at("2026-03-10T00:00Z")


def test_hours_across_midnight_are_one_window() -> None:
    calendar = BusinessCalendar(
        "UTC", {0: [(time(22), MIDNIGHT)], 1: [(MIDNIGHT, time(6))]}
    )
    night = (epoch("2026-03-09T22:00Z"), epoch("2026-03-10T06:00Z"))
    assert calendar.windows(epoch("2026-03-09T00:00Z"), epoch("2026-03-15T00:00Z")) == [
        night
    ]


def test_always_open_counts_elapsed_time_over_changes_of_the_clocks() -> None:
    calendar = BusinessCalendar.always_open("Europe/Berlin")
    start = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    assert calendar.add(start, 24 * HOUR) == datetime(2026, 3, 29, 13, tzinfo=BERLIN)
    assert calendar.next_closing(start) is None
    assert calendar.open_seconds_on(date(2026, 3, 29)) == 23 * 3600


# Changes of the clocks


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Asia/Tehran", date(2022, 3, 22), 23),  # 00:00 to 01:00 skipped
        # 23:00 to 24:00 came twice, so it is the date before the change that is longer.
        ("Asia/Tehran", date(2022, 9, 21), 25),
        ("Asia/Tehran", date(2022, 9, 22), 24),
        ("America/Sao_Paulo", date(2015, 10, 18), 23),
        ("America/Sao_Paulo", date(2016, 2, 20), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        # Clocks went from 00:01 back to 23:01 of the date before: both dates are longer.
        ("America/St_Johns", date(2010, 11, 6), 24 + 59 / 60),
        ("America/St_Johns", date(2010, 11, 7), 24 + 1 / 60),
        ("Pacific/Apia", date(2011, 12, 30), 0),  # this date did not exist
        ("Pacific/Apia", date(2011, 12, 31), 24),
        ("Asia/Kathmandu", date(2026, 1, 1), 24),
    ],
)
def test_round_the_clock_day_is_as_long_as_the_date(
    zone: str, day: date, hours: float
) -> None:
    assert BusinessCalendar.always_open(zone).open_seconds_on(day) == hours * 3600


@pytest.mark.parametrize(
    ("start", "end", "day", "minutes"),
    [
        (time(2, 15), time(2, 45), "2026-03-29", 0),  # inside the gap
        (time(2, 30), time(3, 15), "2026-03-29", 15),  # begins in the gap
        (time(1), time(4), "2026-03-29", 120),
        (time(2, 15), time(2, 45), "2026-10-25", 60),  # shown twice
        (time(1), time(2, 30), "2026-10-25", 120),
        (time(1), time(4), "2026-10-25", 240),
    ],
)
def test_berlin_hours_follow_the_wall_clock(
    start: time, end: time, day: str, minutes: int
) -> None:
    calendar = daily("Europe/Berlin", start, end)
    assert calendar.open_seconds_on(date.fromisoformat(day)) == minutes * 60
    midnight = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    following = (midnight + timedelta(days=1)).astimezone(UTC)
    assert calendar.between(midnight, following) == timedelta(minutes=minutes)


def test_skipped_hours_wait_for_the_next_day() -> None:
    calendar = daily("Europe/Berlin", time(2, 15), time(2, 45))
    opening = calendar.next_opening(at("2026-03-28T12:00Z"))
    assert opening == at("2026-03-30T02:15+02:00")


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("America/Sao_Paulo", "2015-10-18T00:30", "2015-10-18T01:30-02:00"),
        ("America/Los_Angeles", "2014-03-09T02:30", "2014-03-09T03:30-07:00"),
        ("America/Los_Angeles", "2014-11-02T01:30", "2014-11-02T01:30-07:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-04T02:40+11:00"),
        ("UTC", "2026-01-01T12:30:09", "2026-01-01T12:30:09+00:00"),
    ],
)
def test_resolve_local_moves_on_from_gaps_and_takes_the_first(
    zone: str, wall: str, instant: str
) -> None:
    resolved = office(zone).resolve_local(datetime.fromisoformat(wall))
    assert resolved.isoformat(timespec="minutes") == at(instant).isoformat(
        timespec="minutes"
    )
    assert resolved.tzinfo == ZoneInfo(zone)


# Holidays, dated hours, breaks


@pytest.mark.parametrize(
    ("day", "kind", "hours"),
    [
        (23, "open", 8),
        (24, "exception", 1.5),
        (25, "holiday", 0),
        (26, "exception", 2),
        (27, "closed", 0),
        (28, "holiday", 0),
        (29, "exception", 0),
        (30, "closed", 0),
        (31, "open", 8),
    ],
)
def test_holiday_beats_break_beats_dated_beats_weekly(
    day: int, kind: str, hours: float
) -> None:
    on = date(2026, 12, day)
    assert (CHRISTMAS_WEEK.day_kind(on), CHRISTMAS_WEEK.open_seconds_on(on)) == (
        kind,
        hours * 3600,
    )


def test_holiday_name_is_kept() -> None:
    assert CHRISTMAS_WEEK.holiday_name(date(2026, 12, 25)) == "Christmas Day"
    assert CHRISTMAS_WEEK.holiday_name(date(2026, 12, 24)) == ""


def test_add_runs_over_all_special_days() -> None:
    # 1 h on the 23rd, 1.5 h on the 24th, 2 h on the 26th, the rest on the 31st.
    due = CHRISTMAS_WEEK.add(at("2026-12-23T16:00Z"), 5 * HOUR)
    assert due == at("2026-12-31T09:30Z")


def test_is_open_is_half_open() -> None:
    calendar = office()
    assert calendar.is_open(at("2026-03-06T09:00Z"))
    assert calendar.is_open(at("2026-03-06T16:59:59.999Z"))
    assert not calendar.is_open(at("2026-03-06T17:00Z"))
    assert not calendar.is_open(at("2026-03-06T08:59:59.999Z"))


def test_next_opening_and_closing() -> None:
    calendar, inside, outside = (
        office(),
        at("2026-03-06T12:00Z"),
        at("2026-03-06T17:00Z"),
    )
    assert calendar.next_opening(inside) == inside
    assert calendar.next_closing(inside) == at("2026-03-06T17:00Z")
    assert calendar.next_opening(outside) == at("2026-03-09T09:00Z")
    assert calendar.next_closing(outside) == at("2026-03-09T17:00Z")


def test_windows_are_cut_to_the_span() -> None:
    found = office().windows(epoch("2026-03-05T16:00Z"), epoch("2026-03-06T10:00Z"))
    assert found == [
        (epoch("2026-03-05T16:00Z"), epoch("2026-03-05T17:00Z")),
        (epoch("2026-03-06T09:00Z"), epoch("2026-03-06T10:00Z")),
    ]
    assert (
        office().windows(epoch("2026-03-06T10:00Z"), epoch("2026-03-05T10:00Z")) == []
    )


# Business days


@pytest.mark.parametrize(
    ("start", "days", "result"),
    [
        ("2026-03-06T12:00Z", 1, "2026-03-09T12:00Z"),
        ("2026-03-07T12:00Z", 1, "2026-03-09T12:00Z"),  # from a Saturday
        ("2026-03-09T12:00Z", -1, "2026-03-06T12:00Z"),
        ("2026-03-09T09:00Z", -1, "2026-03-06T09:00Z"),
        ("2026-03-05T18:00Z", 1, "2026-03-09T09:00Z"),  # closed by then: next opening
        ("2026-03-09T08:00Z", -1, "2026-03-05T17:00Z"),  # closed by then: last closing
        ("2026-03-07T12:00Z", 0, "2026-03-09T09:00Z"),
    ],
)
def test_add_business_days_keeps_the_wall_clock(
    start: str, days: int, result: str
) -> None:
    assert office().add_business_days(at(start), days) == at(result)


def test_add_business_days_keeps_the_wall_clock_over_a_change_of_the_clocks() -> None:
    moved = office("Europe/Berlin").add_business_days(at("2026-03-27T11:00Z"), 1)
    assert moved == at("2026-03-30T12:00+02:00")


@pytest.mark.parametrize(
    ("start", "days", "result"),
    [
        # Open dates around Christmas: 23rd, 24th and 26th by dated hours, 31st.
        ("2026-12-23T11:00Z", 2, "2026-12-26T11:00Z"),
        ("2026-12-23T11:00Z", 3, "2026-12-31T11:00Z"),
        ("2026-12-31T11:00Z", -2, "2026-12-24T11:00Z"),
        ("2026-12-25T11:00Z", 1, "2026-12-26T11:00Z"),
    ],
)
def test_add_business_days_counts_dates_with_hours(
    start: str, days: int, result: str
) -> None:
    assert CHRISTMAS_WEEK.add_business_days(at(start), days) == at(result)
