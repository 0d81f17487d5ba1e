"""Outliers: found by the forecast's cleaning, decided by people, never deleted."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.factories.capacity import MONDAY, fill_days, make_queue
from tests.factories.people import UserFactory
from workforce.capacity.models import IntervalVolume, OutlierDay
from workforce.capacity.selectors import outliers
from workforce.capacity.services import volumes

pytestmark = pytest.mark.django_db
ODD = 73
"""Thursday of the eleventh week."""


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def with_an_outlier(odd: int = 900):
    queue = make_queue()
    totals = [200 + 10 * (n % 7) + n % 3 for n in range(84)]
    totals[ODD] = odd
    fill_days(queue, totals)
    return queue, at(MONDAY + timedelta(days=84))


def test_a_day_far_from_expected_is_found_once():
    queue, now = with_an_outlier()
    assert volumes.mark_outliers(queue, now) == 1
    assert volumes.mark_outliers(queue, now + timedelta(hours=1)) == 0
    row = OutlierDay.objects.get()
    assert (row.day, row.actual, row.state) == (
        MONDAY + timedelta(days=ODD),
        900,
        "FOUND",
    )
    assert 220 < row.expected < 245
    assert IntervalVolume.objects.filter(queue=queue).count() == 84 * 16


def test_a_found_day_whose_numbers_were_corrected_is_forgotten():
    queue, now = with_an_outlier()
    volumes.mark_outliers(queue, now)
    day = MONDAY + timedelta(days=ODD)
    IntervalVolume.objects.filter(queue=queue, starts_at__date=day).update(offered=15)
    assert volumes.mark_outliers(queue, now) == 0
    assert not OutlierDay.objects.exists()


def test_a_calm_queue_and_a_new_one_have_none():
    calm, now = with_an_outlier(odd=231)
    new = make_queue()
    fill_days(new, [5, 500, 5])
    assert volumes.mark_all_outliers(now) == {"queues": 2, "new": 0}
    assert calm.outliers.count() == 0


def test_a_decision_stays_and_can_be_taken_back():
    queue, now = with_an_outlier()
    volumes.mark_outliers(queue, now)
    row, actor = OutlierDay.objects.get(), UserFactory()
    volumes.decide_outlier(row.pk, "CONFIRMED", " outage ", actor, now)
    volumes.mark_outliers(queue, now)
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("CONFIRMED", "outage", actor)
    assert outliers.decided(queue) == (frozenset(), {row.day})
    volumes.decide_outlier(row.pk, "FOUND", "", actor, now)
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_at) == ("FOUND", "", None)


def test_a_dismissed_day_is_kept_for_training():
    queue, now = with_an_outlier()
    volumes.mark_outliers(queue, now)
    row = OutlierDay.objects.get()
    volumes.decide_outlier(row.pk, "DISMISSED", "a launch", UserFactory(), now)
    assert volumes.mark_outliers(queue, now) == 0
    assert outliers.decided(queue) == ({row.day}, frozenset())
    assert OutlierDay.objects.count() == 1


def test_a_decision_without_a_reason_is_refused():
    queue, now = with_an_outlier()
    volumes.mark_outliers(queue, now)
    row = OutlierDay.objects.get()
    with pytest.raises(volumes.DecisionNeedsReason):
        volumes.decide_outlier(row.pk, "CONFIRMED", "  ", UserFactory(), now)
    row.refresh_from_db()
    assert row.state == "FOUND"
