"""Local intervals: what a queue's zone makes of moments."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest

from workforce.capacity.core.volumes import slots

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def epoch(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def test_slots_of_day_follow_clock_changes():
    counts = [
        len(slots.slots_of_day(BERLIN, day, 30))
        for day in (date(2026, 3, 28), SPRING, AUTUMN)
    ]
    assert counts == [48, 46, 50]
    assert len(slots.slots_of_day(BERLIN, SPRING, 1440)) == 1


def test_day_bounds_follow_clock_changes():
    assert slots.day_bounds(BERLIN, SPRING) == (
        epoch(2026, 3, 28, 23),
        epoch(2026, 3, 29, 22),
    )


def test_day_bounds_start_at_the_jump_where_midnight_is_skipped():
    # Lebanon 2026: 29 March has no 00:00, clocks go from 24:00 to 01:00.
    assert slots.day_bounds("Asia/Beirut", SPRING)[0] == epoch(2026, 3, 28, 22)
    assert slots.local_days("Asia/Beirut", [epoch(2026, 3, 28, 22)]).tolist() == [
        SPRING
    ]


def test_slot_starts_keep_the_repeated_hour_apart():
    first, second = epoch(2026, 10, 25, 0, 40), epoch(2026, 10, 25, 1, 40)
    assert slots.slot_starts(BERLIN, [first, second], 30).tolist() == [
        epoch(2026, 10, 25, 0, 30),
        epoch(2026, 10, 25, 1, 30),
    ]
    assert [str(t) for t in slots.wall_clock(BERLIN, [first, second])] == [
        "2026-10-25T02:40:00"
    ] * 2


def test_slot_starts_are_those_of_the_wall_clock_where_it_is_off_by_a_quarter():
    moment = epoch(2026, 3, 2, 4, 20)  # 10:05 in Kathmandu
    assert slots.slot_starts("Asia/Kathmandu", [moment], 60).tolist() == [
        epoch(2026, 3, 2, 4, 15)
    ]


def test_slot_starts_refuse_a_length_that_does_not_divide_a_day():
    with pytest.raises(ValueError, match="50 minutes"):
        slots.slot_starts("UTC", [0], 50)


def test_offsets_agree_with_the_zone_database():
    rng = np.random.default_rng(5)
    moments = rng.integers(epoch(2019, 1, 1), epoch(2028, 1, 1), 400)
    for zone in sorted(available_timezones())[::40]:
        tz = ZoneInfo(zone)
        expected = [
            datetime.fromtimestamp(int(at), tz).utcoffset() // timedelta(seconds=1)
            for at in moments
        ]
        assert slots.offsets(zone, moments).tolist() == expected


def test_offsets_of_nothing_are_nothing():
    assert slots.offsets(BERLIN, []).tolist() == []


def test_weekday_slots_count_from_monday_midnight():
    weekdays, numbers = slots.weekday_slots(BERLIN, [epoch(2026, 3, 2, 8, 15)], 30)
    assert (weekdays.tolist(), numbers.tolist()) == ([0], [18])


@pytest.mark.parametrize(
    ("clock", "moments"),
    [
        ("2026-03-29T02:30", ()),
        ("2026-03-29T03:30", (epoch(2026, 3, 29, 1, 30),)),
        (
            "2026-10-25T02:30",
            (epoch(2026, 10, 25, 0, 30), epoch(2026, 10, 25, 1, 30)),
        ),
    ],
)
def test_local_moments_are_none_one_or_two(clock, moments):
    local = datetime.fromisoformat(clock)
    assert slots.local_moments(BERLIN, local) == moments
    assert slots.exists(BERLIN, np.array([clock], "datetime64[s]"))[0] == bool(moments)
