"""Days without data: which are missing, and on which nobody worked anyhow."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories.capacity import MONDAY, fill_days, make_queue
from tests.factories.people import UserFactory
from tests.factories.sla import business_hours
from workforce.capacity.selectors.closed_days import without_closed_days
from workforce.capacity.selectors.volume_pages import queue_period

pytestmark = pytest.mark.django_db

GOOD_FRIDAY, EASTER_SUNDAY = date(2026, 4, 3), date(2026, 4, 5)
EASTER_MONDAY, TUESDAY = date(2026, 4, 6), date(2026, 4, 7)
DAYS = [GOOD_FRIDAY, EASTER_SUNDAY, EASTER_MONDAY, TUESDAY]


def left_of(queue, days=DAYS) -> list[date]:
    return without_closed_days([queue], {queue.pk: days})[queue.pk]


def test_public_holidays_of_the_queues_country_are_not_missing():
    assert left_of(make_queue(country="DE")) == [EASTER_SUNDAY, TUESDAY]


def test_a_holiday_of_one_part_of_a_country_counts_there_only():
    womens_day = [date(2027, 3, 8)]
    assert left_of(make_queue(country="DE-BE"), womens_day) == []
    assert left_of(make_queue(country="DE-BY"), womens_day) == womens_day


def test_days_that_the_calendar_closes_are_not_missing():
    queue = make_queue(calendar=business_hours(places=[("DE", "")]))
    assert left_of(queue) == [TUESDAY]


def test_queue_without_country_and_calendar_lacks_every_day():
    assert left_of(make_queue()) == DAYS


@pytest.mark.parametrize("count", [1, 3])
def test_calendars_take_four_queries_for_any_number_of_queues(
    count, django_assert_num_queries
):
    queues = [
        make_queue(calendar=business_hours(name=f"Office {number}"))
        for number in range(count)
    ]
    with django_assert_num_queries(4):
        found = without_closed_days(queues, {queue.pk: DAYS for queue in queues})
    assert list(found.values()) == [[GOOD_FRIDAY, EASTER_MONDAY, TUESDAY]] * count


def test_pages_leave_out_holidays_and_name_the_other_gaps(client):
    queue = make_queue("Care", country="DE")
    fill_days(queue, [40] * 56)
    queue.days.filter(day__in=DAYS).delete()
    client.force_login(UserFactory(role="Workforce manager"))

    period = queue_period(queue, MONDAY, MONDAY + timedelta(days=56))
    with time_machine.travel("2026-06-01T12:00Z", tick=False):
        listed = client.get(reverse("capacity:volumes")).content.decode()

    assert period.gaps == [EASTER_SUNDAY, TUESDAY]
    assert "2 days missing" in listed
