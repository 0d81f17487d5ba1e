import pytest

from supportops.common.durations import counted, roughly, spoken


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (30, "under 1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (172_799, "47 h 59 min"),
        (172_800, "2 d"),
        (187_200, "2 d 4 h"),
    ],
)
def test_spoken_has_at_most_two_units(seconds, words):
    assert spoken(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (600, "10 min"),
        (173_400, "48 h 10 min"),
        (3_600_000, "1,000 h"),
    ],
)
def test_counted_time_is_never_written_in_days(seconds, words):
    assert counted(seconds) == words


def test_roughly_keeps_one_unit_and_never_says_zero():
    assert [roughly(0), roughly(59), roughly(5 * 3600 + 100)] == [
        "under 1 min",
        "under 1 min",
        "5 h",
    ]
