"""Forecasts against what came, judged by what was published before the day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from tests.factories.capacity import MONDAY, fill_days, make_queue, published_forecast
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import Forecast
from workforce.capacity.selectors.accuracy import (
    accuracy,
    by_horizon,
    heat,
    judged_days,
    judged_intervals,
    record,
    sides,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
PAGE = "/capacity/forecasts/accuracy/"
SUPERSEDED = Forecast.State.SUPERSEDED


@pytest.fixture(autouse=True)
def _april():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


def judged_queue(actual=110, expected=100, days=28, **fields):
    queue = make_queue(**fields)
    fill_days(queue, [actual] * days)
    published_forecast(queue, [expected] * days)
    return queue


def test_day_is_judged_by_the_forecast_published_before_it():
    queue = make_queue()
    fill_days(queue, [100] * 7)
    published_forecast(queue, [80] * 7, state=SUPERSEDED)
    published_forecast(queue, [100] * 7, at=datetime(2026, 3, 4, 12, tzinfo=UTC))

    rows = accuracy(queue, MONDAY, MONDAY + 7 * DAY, "day")

    # Published at noon of Wednesday: it judges from Thursday on.
    assert [row.expected for row in reversed(rows)] == [80, 80, 80, 100, 100, 100, 100]
    assert rows[-1].deviation == pytest.approx(0.25)


def test_draft_judges_nothing():
    queue = make_queue()
    fill_days(queue, [100] * 7)
    published_forecast(queue, [80] * 7, state=Forecast.State.DRAFT)

    assert accuracy(queue, MONDAY, MONDAY + 7 * DAY, "day") == []


def test_days_without_volumes_are_left_out():
    queue = make_queue()
    fill_days(queue, [100] * 3)
    published_forecast(queue, [100] * 7)

    assert len(judged_days([queue], MONDAY, MONDAY + 7 * DAY)) == 3


def test_publication_counts_by_the_clock_of_the_queue():
    """At 23:30 UTC of Sunday it is Monday in Tokyo: Monday has begun and is not judged."""
    queue = make_queue(time_zone="Asia/Tokyo")
    fill_days(queue, [100] * 3)
    published_forecast(queue, [90] * 3, at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))

    rows = accuracy(queue, MONDAY, MONDAY + 3 * DAY, "day")

    assert [row.start for row in rows] == [date(2026, 3, 4), date(2026, 3, 3)]


def test_record_at_each_grain_is_that_counted_by_hand():
    queue = make_queue()
    fill_days(queue, [110, 90] * 14)
    published_forecast(queue, [100] * 28)
    days = judged_days([queue], MONDAY, MONDAY + 28 * DAY)
    intervals = judged_intervals(queue, MONDAY, MONDAY + 28 * DAY, days.keys)

    month, week, day, interval = record(days, intervals)

    assert day.wape == pytest.approx(0.1)
    assert day.bias == pytest.approx(0.0)
    assert day.covered95 == 1
    # Weeks alternate between 710 and 690 of 700: four misses of ten in 2,800 contacts.
    assert week.wape == pytest.approx(40 / 2800)
    assert month.wape == pytest.approx(0.0)
    # 110 over 16 intervals of 6.25 misses by 11, 90 by 10: sevens and sixes, or fives.
    assert interval.n == 28 * 16
    assert interval.wape == pytest.approx(14 * (11 + 10) / 2800)


def test_interval_outside_the_hours_forecast_counts_as_not_expected():
    queue = make_queue()
    fill_days(queue, [17], intervals=17)
    published_forecast(queue, [16], intervals=16)
    days = judged_days([queue], MONDAY, MONDAY + DAY)

    found = judged_intervals(queue, MONDAY, MONDAY + DAY, days.keys)

    assert len(found) == 17
    assert found.values.mean[-1] == 0
    assert found.values.actual.sum() == 17


def test_week_of_the_clock_change_has_its_local_days_and_hours():
    """On 29 March 2026 Berlin skips 02:00; the day is judged whole, by its own hours."""
    queue = make_queue(time_zone="Europe/Berlin", interval_minutes=60)
    first = date(2026, 3, 28)
    fill_days(queue, [24, 24, 24], first=first, intervals=8)
    published_forecast(queue, [24, 24, 24], first=first, intervals=8)
    days = judged_days([queue], first, first + 3 * DAY)

    found = judged_intervals(queue, first, first + 3 * DAY, days.keys)
    cells = heat(found)

    assert len(found) == 24
    assert {hour for _weekday, hour in cells} == set(range(9, 17))
    assert found.values.actual.tolist() == [3] * 24


def test_horizons_take_the_newest_forecast_that_is_old_enough():
    queue = make_queue()
    fill_days(queue, [100] * 40)
    published_forecast(queue, [80] * 40, state=SUPERSEDED)
    published_forecast(queue, [100] * 40, at=datetime(2026, 3, 20, 12, tzinfo=UTC))

    rows = by_horizon(sides([queue], MONDAY, MONDAY + 40 * DAY))
    found = {row.days: (row.day.n, round(row.day.wape or 0, 3)) for row in rows}

    # Published on the 20th: 22 days later than that, 16 of them a week later.
    assert found[1] == (40, round(18 * 20 / 4000 + 20 / 4000, 3))
    assert found[28] == (13, 0.2)
    assert found[90] == (0, 0)
    assert rows[-1].lead is None


def test_days_of_many_queues_take_three_queries(django_assert_num_queries):
    queues = [make_queue() for _ in range(3)]
    for queue in queues:
        fill_days(queue, [10] * 14, intervals=2)
        published_forecast(queue, [10] * 14, intervals=2)

    with django_assert_num_queries(3):
        found = judged_days(queues, MONDAY, MONDAY + 365 * DAY)

    assert len(found) == 42


# Pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_all_queues_query_count_does_not_grow(
    client, planner, rows, django_assert_num_queries
):
    queues = [judged_queue() for _ in range(rows)]
    client.get(PAGE)

    with django_assert_num_queries(8):
        text = client.get(PAGE).content.decode()

    assert all(str(queue) in text for queue in queues)
    assert "Can I trust it?" in text


@pytest.mark.parametrize("days", [7, 21])
def test_page_of_one_queue_query_count_does_not_grow(
    client, planner, days, django_assert_num_queries
):
    queue = judged_queue(days=days)
    address = reverse("capacity:accuracy-queue", args=[queue.pk])
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)


@pytest.mark.parametrize("grain", ["month", "week", "day", "interval", "nonsense"])
def test_page_of_one_queue_shows_each_grain(client, planner, grain):
    queue = judged_queue()

    answer = client.get(
        reverse("capacity:accuracy-queue", args=[queue.pk]), {"grain": grain}
    )

    assert answer.status_code == 200
    assert answer.context_data["remarks"] == [
        "It leans low: 9.1 % less was expected than came."
    ]


def test_first_screenful_answers_in_words(client, planner):
    queue = judged_queue(actual=100, expected=160)

    text = client.get(reverse("capacity:accuracy-queue", args=[queue.pk])).content
    text = text.decode()

    assert "Not yet: a day is off by 60.0 % on average" in text
    assert "Its 95 % band is too narrow: it held 0 % of 28 days." in text


def test_nothing_judged_leads_to_publishing(client, planner):
    queue = make_queue()
    fill_days(queue, [10] * 5)

    text = client.get(reverse("capacity:accuracy-queue", args=[queue.pk])).content

    assert b"No day has been judged yet" in text


def test_csv_holds_every_period_and_every_queue(client, planner):
    queue = judged_queue()
    address = reverse("capacity:accuracy-queue", args=[queue.pk])

    rows = b"".join(client.get(address, {"csv": 1, "grain": "day"}).streaming_content)
    queues = b"".join(client.get(PAGE, {"csv": 1}).streaming_content)

    assert len(rows.decode().splitlines()) == 29
    assert len(queues.decode().splitlines()) == 2
    assert ",28,3080.0,2800.0," in queues.decode()


def test_team_lead_reads_own_queues_only(client):
    lead = UserFactory(role=roles.TEAM_LEAD)
    own, other = judged_queue(), judged_queue()
    own.teams.add(TeamFactory(lead=lead))
    client.force_login(lead)

    text = client.get(PAGE).content.decode()

    assert str(own) in text
    assert str(other) not in text
    assert (
        client.get(reverse("capacity:accuracy-queue", args=[other.pk])).status_code
        == 404
    )


def test_agent_reads_no_accuracy(client):
    client.force_login(UserFactory(role=roles.AGENT))

    assert client.get(PAGE).status_code == 403
