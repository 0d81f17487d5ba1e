import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core.durations import explain_duration, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15 min", 900),
        ("15m", 900),
        ("1 h 30", 5400),
        ("1h30m", 5400),
        ("1:30", 5400),
        ("2 d", 172_800),
        ("1 d 12", 129_600),
        ("0.5 h", 1800),
        ("0,5 h", 1800),
        ("7 min 30 s", 450),
        (" 2 HOURS ", 7200),
        ("30 s", 30),
    ],
)
def test_durations_as_people_write_them(text, seconds):
    assert parse_duration(text) == seconds


def test_a_working_day_is_what_the_calendar_says():
    assert parse_duration("5 wd", working_day=32_400) == 162_000
    assert parse_duration("1 bd 30 min", working_day=32_400) == 34_200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "15",
        "-5 min",
        "0 min",
        "1 h 30 x",
        "1 parsec",
        "99999 d",
        "5 wd",
        "1:75",
    ],
)
def test_what_is_no_duration_is_refused_with_its_text(text):
    with pytest.raises(ValueError, match=r".+") as refusal:
        parse_duration(text)

    assert repr(text) in str(refusal.value)


@given(st.integers(1, 10 * 366 * 86_400))
def test_what_is_written_is_read_back(seconds):
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "working_day", "text"),
    [
        (900, 32_400, "15 min"),
        (162_000, 32_400, "45 h = 5 wd"),
        (86_400, 86_400, "24 h"),
        (86_400, None, "24 h"),
    ],
)
def test_working_days_are_told_where_they_tell_more(seconds, working_day, text):
    assert explain_duration(seconds, working_day) == text
