"""The partner's hotline: what can be found in its half hours."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from supportops.demo.core import hotline

UNTIL = datetime(2026, 11, 22, 18, tzinfo=UTC)
START = UNTIL - timedelta(days=365)
END = UNTIL.date()


@pytest.fixture(scope="module")
def days():
    """Calls by day, and the share that gave up by hour."""
    found: Counter[date] = Counter()
    for start, offered, *_rest in hotline.rows(
        hotline.PHONE, start=START, until=UNTIL, seed=20
    ):
        found[date.fromisoformat(start[:10])] += int(offered)
    return found


def mean(days, weekday, first=-360, last=-60):
    special = set(hotline.day_factors(END))
    wanted = [
        count
        for day, count in days.items()
        if day.weekday() == weekday
        and day not in special
        and END + timedelta(days=first) <= day < END + timedelta(days=last)
    ]
    return sum(wanted) / len(wanted)


def test_same_seed_gives_the_same_file():
    first, again = (
        list(hotline.rows(hotline.CHAT, start=START, until=UNTIL, seed=3))
        for _ in range(2)
    )

    assert first == again
    assert first != list(hotline.rows(hotline.CHAT, start=START, until=UNTIL, seed=4))


def test_mondays_are_a_third_busier_than_wednesdays(days):
    assert 1.25 < mean(days, 0) / mean(days, 2) < 1.45


def test_sundays_and_public_holidays_are_closed(days):
    assert not any(day.weekday() == 6 for day in days)
    assert date(2026, 10, 3) not in days
    assert date(2026, 5, 1) not in days


def test_a_release_brings_a_spike_of_three_days(days):
    release = hotline.releases(END)[-2]

    assert release.weekday() == 1
    assert days[release] > 1.3 * mean(days, 1)
    assert days[release + timedelta(days=1)] > 1.15 * mean(days, 2)


def test_the_next_release_lies_ahead():
    assert END < hotline.releases(END)[-1] < END + timedelta(days=21)


def test_the_outage_quadruples_one_day(days):
    assert days[hotline.outage(END)] > 3 * mean(days, 2)


def test_evenings_lose_more_callers_than_mornings():
    lost, came = Counter(), Counter()
    for start, offered, _handled, gave_up, _seconds in hotline.rows(
        hotline.PHONE, start=START, until=UNTIL, seed=20
    ):
        part = "evening" if int(start[11:13]) >= 17 else "day"
        came[part] += int(offered)
        lost[part] += int(gave_up)

    assert lost["evening"] / came["evening"] > 0.12
    assert lost["day"] / came["day"] < 0.06


def test_no_half_hour_that_has_not_ended_is_written():
    monday = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)

    last = list(hotline.rows(hotline.PHONE, start=START, until=monday, seed=20))[-1]

    # 10:40 in Berlin: the half hour from 10:00 has ended, that from 10:30 has not.
    assert last[0] == "2026-11-23 10:00"
