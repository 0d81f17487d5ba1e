import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core.hours_text import format_hours, parse_hours


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("09:00-18:00", [(540, 1080)]),
        ("9-18", [(540, 1080)]),
        ("0900–1730", [(540, 1050)]),
        ("13:30-24:00, 09:00-12:30", [(540, 750), (810, 1440)]),
        ("22:00-00:00", [(1320, 1440)]),
        ("00:00-24:00", [(0, 1440)]),
        ("24h", [(0, 1440)]),
        ("closed", []),
        ("", []),
        ("09:00-12:00 13:00-18:00", [(540, 720), (780, 1080)]),
        ("09:00-12:00,12:00-18:00", [(540, 720), (720, 1080)]),
    ],
)
def test_hours_as_people_write_them(text, minutes):
    assert parse_hours(text) == minutes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nine to five", "nine to five"),
        ("18:00-09:00", "next day"),
        ("09:00-09:00", "closes before"),
        ("09:00-25:00", "25:00"),
        ("09:75-10:00", "9:75|09:75"),
        ("09:00-13:00, 12:00-18:00", "overlap"),
        ("09:00-", "09:00-"),
    ],
)
def test_what_are_no_hours_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_hours(text)


@given(st.lists(st.integers(0, 1440), unique=True, max_size=8).map(sorted))
def test_what_is_written_is_read_back(edges):
    hours = list(zip(edges[::2], edges[1::2], strict=False))

    assert parse_hours(format_hours(hours)) == hours
