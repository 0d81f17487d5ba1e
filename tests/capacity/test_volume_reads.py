"""Reads of volumes: intervals, days, history, handle time, decided outliers."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sla.models import Calendar, CalendarInterval
from tests.factories.capacity import MONDAY, fill_days, make_queue
from workforce.capacity.models import DayVolume, IntervalVolume, OutlierDay
from workforce.capacity.selectors import handle_time, outliers, training, volumes

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_intervals_are_those_of_the_queues_local_days():
    queue = make_queue(time_zone=BERLIN)
    for moment in (at(2026, 3, 1, 22, 30), at(2026, 3, 1, 23), at(2026, 3, 2, 23)):
        IntervalVolume.objects.create(
            queue=queue, starts_at=moment, minutes=30, offered=3, source="IMPORT"
        )
    series = volumes.intervals(queue, MONDAY, MONDAY + timedelta(days=1))
    assert series.starts.tolist() == [at(2026, 3, 1, 23).timestamp()]
    assert series.offered.tolist() == [3]
    assert np.isnan(series.backlog).tolist() == [True]


def test_intervals_of_nothing_are_empty_columns():
    series = volumes.intervals(make_queue(), MONDAY, MONDAY + timedelta(days=7))
    assert (len(series), series.offered.shape) == (0, (0,))


def test_days_hold_one_row_a_queue_and_nan_where_nothing_is_known():
    one, other = make_queue(), make_queue()
    fill_days(one, [5, 6])
    fill_days(other, [7], first=MONDAY + timedelta(days=2))
    table = volumes.days([other.pk, one.pk], MONDAY, MONDAY + timedelta(days=3))
    assert np.nan_to_num(table.offered, nan=-1).tolist() == [[-1, -1, 7], [5, 6, -1]]
    assert table.days.tolist() == [MONDAY + timedelta(days=n) for n in range(3)]
    assert table.known.sum() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_days_take_one_query_for_any_number_of_queues(count, django_assert_num_queries):
    queues = [make_queue() for _number in range(count)]
    for queue in queues:
        fill_days(queue, [4, 5, 6])
    with django_assert_num_queries(1):
        volumes.days([queue.pk for queue in queues], MONDAY, MONDAY + timedelta(days=3))


def test_history_fills_zeros_inside_the_hours_of_known_days_and_names_gaps():
    queue = make_queue(interval_minutes=60)
    fill_days(queue, [2], intervals=2)
    fill_days(queue, [1], first=MONDAY + timedelta(days=7), intervals=1)
    found = training.history(queue, MONDAY + timedelta(days=8))
    assert [str(t)[:13] for t in found.timestamps] == [
        "2026-03-02T09",
        "2026-03-02T10",
        "2026-03-09T09",
        "2026-03-09T10",
    ]
    assert found.offered.tolist() == [1, 1, 1, 0]
    assert (found.first, found.last, found.n_days) == (MONDAY, date(2026, 3, 9), 2)
    assert found.gaps == [MONDAY + timedelta(days=n) for n in range(1, 7)]


def test_history_ends_before_the_day_it_is_asked_until():
    queue = make_queue()
    fill_days(queue, [3, 4])
    assert training.history(queue, MONDAY + timedelta(days=1)).offered.sum() == 3


def test_history_of_a_queue_without_data_is_empty():
    found = training.history(make_queue(), MONDAY)
    assert (len(found.timestamps), found.first, found.n_days) == (0, None, 0)


def test_history_of_a_day_queue_has_one_value_a_day():
    queue = make_queue(interval_minutes=1440, time_zone=BERLIN)
    fill_days(
        queue, [3, 4], opens=datetime.min.time(), intervals=1, first=date(2026, 3, 28)
    )
    found = training.history(queue, date(2026, 4, 1))
    assert [str(t) for t in found.timestamps] == [
        "2026-03-28T00:00:00",
        "2026-03-29T00:00:00",
    ]


def test_open_pattern_joins_staffed_hours_and_what_came_in():
    calendar = Calendar.objects.create(name="Mornings")
    CalendarInterval.objects.create(
        calendar=calendar, weekday=0, starts_minute=600, ends_minute=660
    )
    queue = make_queue(interval_minutes=60, calendar=calendar)
    fill_days(queue, [1], intervals=1)
    pattern = training.open_pattern(queue, MONDAY + timedelta(days=1))
    assert np.argwhere(pattern).tolist() == [[0, 9], [0, 10]]


def test_open_pattern_of_a_calendar_that_never_closes_is_always_open():
    calendar = Calendar.objects.create(name="Always", is_always_open=True)
    queue = make_queue(interval_minutes=60, calendar=calendar)
    assert training.open_pattern(queue, MONDAY).all()


def test_holidays_are_those_of_the_part_of_the_country():
    queue = make_queue(country="DE-BE")
    days = training.holidays_of(queue, 2026, 2026)
    assert date(2026, 3, 8) in days  # Women's Day, a holiday in Berlin only
    assert date(2026, 3, 8) not in training.country_holidays("DE", 2026, 2026)
    assert training.holidays_of(make_queue(), 2026, 2026) == frozenset()


def test_handle_time_is_the_mean_of_eight_weeks_of_known_contacts():
    queue = make_queue()
    for days, timed, seconds in ((-57, 9, 9000), (-56, 2, 400), (-1, 1, 500)):
        DayVolume.objects.create(
            queue=queue,
            day=MONDAY + timedelta(days=days),
            timed=timed,
            handle_seconds=seconds,
        )
    found = handle_time.handle_time(queue, MONDAY)
    assert (found.seconds, found.n, found.source) == (300.0, 3, "VOLUMES")


def test_handle_time_is_assumed_where_none_is_known_or_it_is_not_wanted():
    unknown, unwanted = make_queue(), make_queue()
    DayVolume.objects.create(
        queue=unwanted, day=MONDAY - timedelta(days=1), timed=4, handle_seconds=40
    )
    unwanted.assumptions.handle_from_tickets = False
    unwanted.assumptions.save()
    found = handle_time.handle_times([unknown, unwanted], MONDAY)
    assert {(row.seconds, row.n, row.source) for row in found.values()} == {
        (300.0, 0, "ASSUMPTION")
    }


def test_decided_outliers_are_kept_or_dropped_and_found_ones_are_neither():
    queue = make_queue()
    decided_at = {
        "FOUND": None,
        "CONFIRMED": at(2026, 3, 9),
        "DISMISSED": at(2026, 3, 9),
    }
    for offset, (state, moment) in enumerate(decided_at.items()):
        OutlierDay.objects.create(
            queue=queue,
            day=MONDAY + timedelta(days=offset),
            actual=90,
            expected=30,
            state=state,
            found_at=at(2026, 3, 8),
            decided_at=moment,
        )
    keep, drop = outliers.decided(queue)
    assert (keep, drop) == ({date(2026, 3, 4)}, {date(2026, 3, 3)})
