"""Today: half filled, not begun, closed, without a forecast; alerts once a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from supportops.notifications.models import Notification
from tests.factories.capacity import fill_days, make_queue, published_forecast
from tests.factories.people import TeamFactory, UserFactory
from tickets.models import Channel
from workforce.capacity.models import Forecast, IntervalVolume
from workforce.capacity.selectors.intraday import Status, overview, today
from workforce.capacity.tasks.reviewing import alert_intraday

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 13, tzinfo=UTC)
"""Half of a day from 9 to 17 is over."""

PAGE = "/capacity/forecasts/today/"


@pytest.fixture(autouse=True)
def _one_o_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


def half_day(factor=1.0, expected=160, **fields):
    """Return a queue filled until 13:00 with so many times what was forecast."""
    queue = make_queue(**fields)
    published_forecast(queue, [expected], first=TODAY)
    fill_days(queue, [round(expected * factor / 2)], first=TODAY, intervals=8)
    return queue


def test_half_filled_day_is_compared_with_its_half_of_the_forecast():
    known = today(half_day(factor=1.1), NOW)

    curve = known.row.curve
    assert known.row.status == Status.RUNNING
    assert (curve.known, curve.came) == (8, 88)
    assert curve.so_far.mean == pytest.approx(80)
    assert known.row.is_alert is False
    # The band of the whole day is the published one, not that of its intervals.
    assert (known.row.whole.low95, known.row.whole.high95) == pytest.approx((112, 208))


def test_rest_takes_over_half_of_the_last_two_hours_where_nothing_is_learnt():
    rest = today(half_day(factor=1.5), NOW).rest

    # Two hours: 60 came, 40 expected; exp(0.5 · log(65 ÷ 45)) = 1.202.
    assert rest.ratio == 0.5
    assert not rest.is_learnt
    assert rest.factor == pytest.approx(1.2019, abs=0.0001)
    assert rest.total.mean == pytest.approx(120 + 80 * 1.2019, abs=0.05)
    assert rest.total.low95 < rest.total.mean < rest.total.high95
    assert rest.full == pytest.approx(120 + 80 * 65 / 45)


def test_ratio_is_learnt_from_twenty_published_days():
    """On past days the afternoon was off by as much as the morning: k comes near 1."""
    queue = make_queue()
    first = TODAY - timedelta(days=30)
    published_forecast(queue, [160] * 30, first=first, state=Forecast.State.SUPERSEDED)
    fill_days(queue, [240, 112] * 15, first=first)
    published_forecast(queue, [160], first=TODAY)
    fill_days(queue, [120], first=TODAY, intervals=8)

    rest = today(queue, NOW).rest

    assert rest.is_learnt
    assert rest.n_days == 30
    assert rest.ratio == pytest.approx(1.0, abs=0.1)


def test_day_without_a_forecast_says_so():
    queue = make_queue()
    fill_days(queue, [10], first=TODAY)

    known = today(queue, NOW)

    assert known.row.status == Status.NO_FORECAST
    assert known.rest is None


def test_day_that_the_forecast_holds_for_closed_says_so():
    queue = make_queue()
    published_forecast(queue, [100, 0], first=TODAY - timedelta(days=1))

    assert today(queue, NOW).row.status == Status.CLOSED


def test_queue_of_whole_days_has_no_intraday():
    queue = make_queue(interval_minutes=1440)
    published_forecast(queue, [100], first=TODAY, intervals=1)

    assert today(queue, NOW).row.status == Status.WHOLE_DAYS


def test_imported_queue_waits_for_its_data_and_a_ticket_queue_counts_zeros(
    ticket_channel,
):
    imported, fed = make_queue(), make_queue()
    fed.channels.add(ticket_channel)
    for queue in (imported, fed):
        published_forecast(queue, [160], first=TODAY)

    first, second = overview([imported, fed], NOW)

    assert first.status == Status.NOT_BEGUN
    assert second.status == Status.RUNNING
    assert second.curve.known == 8
    assert second.is_alert


@pytest.fixture
def ticket_channel():
    return Channel.objects.first()


def test_day_is_that_of_the_queues_clock():
    """At 13:00 UTC it is 22:00 of the same day in Tokyo and the day is over."""
    queue = make_queue(time_zone="Asia/Tokyo")
    published_forecast(queue, [160], first=TODAY)
    fill_days(queue, [160], first=TODAY)

    row = overview([queue], NOW)[0]
    late = overview([queue], NOW + timedelta(hours=3))[0]

    assert (row.day, row.status) == (TODAY, Status.OVER)
    assert (late.day, late.status) == (date(2026, 3, 3), Status.NO_FORECAST)


def test_day_of_the_clock_change_has_its_own_intervals():
    queue = make_queue(time_zone="Europe/Berlin", interval_minutes=60)
    day = date(2026, 3, 29)
    published_forecast(queue, [80], first=day, intervals=8)
    fill_days(queue, [40], first=day, intervals=4)

    row = overview([queue], datetime(2026, 3, 29, 11, tzinfo=UTC))[0]

    # 09:00 summer time is 07:00 UTC; at 11:00 UTC four of eight hours are over.
    assert row.curve.known == 4
    assert row.curve.came == 40
    assert row.curve.outside == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_overview_query_count_does_not_grow(rows, django_assert_num_queries):
    queues = [half_day() for _ in range(rows)]

    with django_assert_num_queries(4):
        found = overview(queues, NOW)

    assert len(found) == rows


# Alerts -------------------------------------------------------------------------------


def test_alert_tells_publisher_and_leads_once_a_day():
    publisher = UserFactory(role=roles.WORKFORCE_MANAGER)
    lead, other = (UserFactory(role=roles.TEAM_LEAD) for _ in range(2))
    queue = half_day(factor=2.5)
    queue.teams.add(TeamFactory(lead=lead))
    Forecast.objects.update(published_by=publisher)
    TeamFactory(lead=other)

    assert [alert_intraday(), alert_intraday()] == [2, 0]

    told = set(Notification.objects.values_list("recipient", flat=True))
    assert told == {publisher.pk, lead.pk}
    text = Notification.objects.first()
    assert "more than forecast today, 200 against 80 so far" in text.title
    assert text.url == f"{PAGE}{queue.pk}/"


def test_day_within_its_band_tells_nobody():
    UserFactory(role=roles.WORKFORCE_MANAGER)
    half_day(factor=1.1)

    assert alert_intraday() == 0


def test_alert_without_a_publisher_goes_to_those_who_may_publish():
    person = UserFactory(role=roles.WORKFORCE_MANAGER)
    half_day(factor=0.2)

    assert alert_intraday() == 1
    told = Notification.objects.get()
    assert told.recipient == person
    assert "less than forecast" in told.title


# Pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_all_queues_query_count_does_not_grow(
    client, planner, rows, django_assert_num_queries
):
    queues = [half_day() for _ in range(rows)]
    client.get(PAGE)

    with django_assert_num_queries(9):
        text = client.get(PAGE).content.decode()

    assert all(str(queue) in text for queue in queues)


def test_page_names_the_queue_outside_its_band_first(client, planner):
    calm, loud = half_day(), half_day(factor=3)

    text = client.get(PAGE).content.decode()

    assert "One queue is outside the band" in text
    assert text.index(f"{PAGE}{loud.pk}/") < text.index(f"{PAGE}{calm.pk}/")


def test_page_of_one_queue_explains_its_ratio(client, planner):
    queue = half_day(factor=1.5)

    text = client.get(f"{PAGE}{queue.pk}/").content.decode()

    assert "One half is used until 20 past days with the same hours" in text
    assert "it is not used, because a morning" in text
    assert "13:00, 8 of 16 intervals" in text


@pytest.mark.parametrize("known", ["nothing", "forecast", "actual"])
def test_page_of_one_queue_stands_with_little_data(client, planner, known):
    queue = make_queue()
    if known == "forecast":
        published_forecast(queue, [160], first=TODAY)
    if known == "actual":
        fill_days(queue, [10], first=TODAY)

    assert client.get(f"{PAGE}{queue.pk}/").status_code == 200
    assert IntervalVolume.objects.exists() is (known == "actual")


def test_team_lead_sees_today_of_own_queues(client):
    lead = UserFactory(role=roles.TEAM_LEAD)
    own, other = half_day(), half_day()
    own.teams.add(TeamFactory(lead=lead))
    client.force_login(lead)

    assert client.get(f"{PAGE}{own.pk}/").status_code == 200
    assert client.get(f"{PAGE}{other.pk}/").status_code == 404


def test_agent_sees_no_today(client):
    client.force_login(UserFactory(role=roles.AGENT))

    assert client.get(reverse("capacity:today")).status_code == 403
