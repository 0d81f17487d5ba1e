from datetime import UTC, datetime

import pytest

from tickets.imports.core.clock import Clock, ZoneMissing, parse_zone
from tickets.imports.core.neutral import ImportFileRefused, RecordRefused, moment


def read(text: str, layout: str = "iso", zone: str = "UTC") -> datetime:
    return moment(Clock(layout, parse_zone(zone) if zone else None).read(text))


@pytest.mark.parametrize(
    ("text", "layout", "zone", "expected"),
    [
        ("2024-03-05T10:00:00Z", "iso", "", datetime(2024, 3, 5, 10, tzinfo=UTC)),
        ("2024-03-05T10:00:00+01:00", "iso", "", datetime(2024, 3, 5, 9, tzinfo=UTC)),
        # An offset in the text wins over the zone.
        (
            "2024-03-05T10:00:00+01:00",
            "iso",
            "UTC",
            datetime(2024, 3, 5, 9, tzinfo=UTC),
        ),
        ("2024-03-05 10:00", "iso", "+01:00", datetime(2024, 3, 5, 9, tzinfo=UTC)),
        (
            "5/3/2016 10:05",
            "%d/%m/%Y %H:%M",
            "UTC",
            datetime(2016, 3, 5, 10, 5, tzinfo=UTC),
        ),
        (
            "5/3/2016 10:05",
            "%m/%d/%Y %H:%M",
            "UTC",
            datetime(2016, 5, 3, 10, 5, tzinfo=UTC),
        ),
        (
            "2024-07-01 12:00",
            "iso",
            "Europe/Rome",
            datetime(2024, 7, 1, 10, tzinfo=UTC),
        ),
        # Twice that night; the first one is meant.
        (
            "2024-10-27 02:30",
            "iso",
            "Europe/Rome",
            datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
        ),
        ("1700000000", "epoch", "", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (
            "1700000000500",
            "epoch_ms",
            "",
            datetime(2023, 11, 14, 22, 13, 20, 500_000, UTC),
        ),
        (
            "2024-01-01T00:00:00.123456Z",
            "iso",
            "",
            datetime(2024, 1, 1, 0, 0, 0, 123_456, UTC),
        ),
    ],
)
def test_clock_reads_the_moment_meant(text, layout, zone, expected):
    assert read(text, layout, zone) == expected


def test_clock_refuses_the_file_when_no_zone_is_told():
    with pytest.raises(ZoneMissing, match="does not say when"):
        read("2024-03-05 10:00", zone="")


def test_clock_never_guesses_day_and_month():
    with pytest.raises(ImportFileRefused, match="never guessed"):
        read("5/3/2016 10:05", layout="")


@pytest.mark.parametrize(
    ("text", "layout", "reason"),
    [
        ("", "iso", "no time"),
        ("soon", "iso", "does not fit ISO"),
        ("13/13/2016 10:00", "%d/%m/%Y %H:%M", "does not fit"),
        ("0001-01-01 00:00", "iso", "year 1"),
        ("9999-12-31 23:59", "iso", "year 9999"),
        ("nan", "epoch", "no epoch"),
        ("1e400", "epoch", "no epoch"),
    ],
)
def test_clock_refuses_the_row_for_a_time_it_cannot_read(text, layout, reason):
    with pytest.raises(RecordRefused, match=reason):
        read(text, layout)


def test_clock_refuses_a_local_time_that_the_zone_skipped():
    with pytest.raises(RecordRefused, match="never was a local time"):
        read("2024-03-31 02:30", zone="Europe/Rome")


@pytest.mark.parametrize(
    "name", ["Nowhere/Land", "+25:00", "+01:75", "../etc/passwd", ""]
)
def test_parse_zone_refuses_what_is_no_zone(name):
    with pytest.raises(ValueError, match="no time zone"):
        parse_zone(name)
