"""Investigations: opened by rule, owned, closed with a finding, opened again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from supportops.notifications.models import Kind, Notification
from tests.factories.capacity import fill_days, make_queue, published_forecast
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import Event, Forecast, Investigation, OutlierDay
from workforce.capacity.selectors.investigations import detail
from workforce.capacity.services import reviewing
from workforce.capacity.tasks.reviewing import open_investigations

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 11, 2, tzinfo=UTC)
PAGE = "/capacity/forecasts/investigations/"
Outcome = Investigation.Outcome


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


def manager():
    return UserFactory(role=roles.WORKFORCE_MANAGER)


@pytest.fixture
def planner(client):
    user = manager()
    client.force_login(user)
    return user


def missed(actual=140, expected=100, publisher=None, **fields):
    """Return a queue whose week from 2 March is off."""
    queue = make_queue(**fields)
    fill_days(queue, [actual] * 7, first=MONDAY)
    forecast = published_forecast(queue, [expected] * 28, first=MONDAY)
    Forecast.objects.filter(pk=forecast.pk).update(published_by=publisher)
    return queue


def opened(queue=None, **fields):
    queue = queue or missed()
    forecast = queue.forecasts.get()
    columns = {
        "expected": 700,
        "actual": 980,
        "deviation": 0.4,
        "starts_on": MONDAY,
        "ends_on": MONDAY + timedelta(days=6),
        "opened_at": NOW,
        "due_on": date(2026, 3, 18),
        **fields,
    }
    return Investigation.objects.create(queue=queue, forecast=forecast, **columns)


# Opening --------------------------------------------------------------------------------


def test_week_off_by_forty_percent_is_opened_for_its_publisher():
    publisher = manager()
    queue = missed(publisher=publisher)

    assert reviewing.open_investigations(at=NOW) == 1

    found = Investigation.objects.get()
    assert found.queue == queue
    assert (found.starts_on, found.ends_on) == (MONDAY, date(2026, 3, 8))
    assert (found.actual, found.expected) == (980, pytest.approx(700))
    assert found.deviation == pytest.approx(0.4)
    assert found.owner == publisher
    assert found.due_on == date(2026, 3, 18)
    told = Notification.objects.get()
    assert told.recipient == publisher
    assert told.kind == Kind.CAPACITY
    assert told.url == f"{PAGE}{found.pk}/"
    assert "40 % above its forecast" in told.title


def test_running_twice_opens_and_tells_once_even_after_closing():
    owner = manager()
    missed(publisher=owner)
    open_investigations()
    found = Investigation.objects.get()
    reviewing.close_investigation(
        investigation_id=found.pk,
        outcome=Outcome.ONE_OFF,
        finding="Outage",
        action="",
        actor=owner,
        at=NOW,
    )

    assert open_investigations() == {"opened": 0, "reminded": 0}
    assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (110, 100),  # off by 10 %: not much
        (120, 100),  # off by 20 %, inside the week's band of ±24 %
    ],
)
def test_week_within_share_or_band_is_left_alone(actual, expected):
    missed(actual=actual, expected=expected)

    assert reviewing.open_investigations(at=NOW) == 0


def test_week_below_its_forecast_is_opened_too():
    missed(actual=50, expected=100)

    reviewing.open_investigations(at=NOW)

    assert Investigation.objects.get().deviation == pytest.approx(-0.5)


def test_forecast_published_in_the_week_does_not_judge_it():
    queue = make_queue()
    fill_days(queue, [200] * 7, first=MONDAY)
    published_forecast(
        queue, [100] * 7, first=MONDAY, at=datetime(2026, 3, 3, 12, tzinfo=UTC)
    )

    assert reviewing.open_investigations(at=NOW) == 0


def test_week_that_runs_and_half_a_week_are_not_judged():
    running = make_queue()
    fill_days(running, [500] * 2, first=date(2026, 3, 9))
    published_forecast(running, [100] * 7, first=date(2026, 3, 9))
    half = make_queue()
    fill_days(half, [500] * 3, first=MONDAY)
    published_forecast(half, [100] * 7, first=MONDAY)

    assert reviewing.open_investigations(at=NOW) == 0


def test_week_ends_by_the_clock_of_the_queue():
    """At 02:00 UTC of Monday the 9th the week is over in Tokyo, and not in Los Angeles."""
    at = datetime(2026, 3, 9, 2, tzinfo=UTC)
    tokyo = missed(time_zone="Asia/Tokyo")
    missed(time_zone="America/Los_Angeles")

    reviewing.open_investigations(at=at)

    assert [each.queue for each in Investigation.objects.all()] == [tokyo]


def test_volumes_that_come_late_are_still_judged():
    missed()

    assert reviewing.open_investigations(at=NOW + timedelta(weeks=3)) == 1


def test_without_an_able_publisher_nobody_owns_it_and_all_who_may_are_told():
    leaver = UserFactory(role=roles.WORKFORCE_MANAGER, is_active=False)
    lead, wide = UserFactory(role=roles.TEAM_LEAD), manager()
    missed(publisher=leaver)

    reviewing.open_investigations(at=NOW)

    assert Investigation.objects.get().owner is None
    told = set(Notification.objects.values_list("recipient", flat=True))
    assert told == {wide.pk}
    assert lead.pk not in told


def test_owner_is_reminded_once_a_day_before():
    investigation = opened(owner=manager())

    early = reviewing.remind_of_investigations(at=NOW)
    due = [
        reviewing.remind_of_investigations(at=datetime(2026, 3, 17, 2, tzinfo=UTC))
        for _ in range(2)
    ]

    assert (early, due) == (0, [1, 0])
    assert Notification.objects.get().recipient == investigation.owner


# Its life -------------------------------------------------------------------------------


def close(investigation, **fields):
    values = {"outcome": Outcome.ONE_OFF, "finding": "An outage.", "action": "None"}
    return reviewing.close_investigation(
        investigation_id=investigation.pk,
        actor=manager(),
        at=NOW,
        **{**values, **fields},
    )


def test_closing_keeps_outcome_finding_and_action():
    investigation = close(opened())

    assert investigation.state == Investigation.State.CLOSED
    assert investigation.closed_at == NOW
    assert investigation.finding == "An outage."


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"outcome": ""}, reviewing.OutcomeMissing),
        ({"outcome": "WHATEVER"}, reviewing.OutcomeMissing),
        ({"finding": "  "}, reviewing.FindingMissing),
    ],
)
def test_closing_without_saying_what_was_found_is_refused(fields, refusal):
    investigation = opened()

    with pytest.raises(refusal):
        close(investigation, **fields)

    investigation.refresh_from_db()
    assert investigation.state == Investigation.State.OPEN
    assert investigation.finding == ""


def test_closing_twice_is_refused():
    investigation = opened()
    close(investigation)

    with pytest.raises(reviewing.WrongState, match="closed"):
        close(investigation, finding="Something else")

    investigation.refresh_from_db()
    assert investigation.finding == "An outage."


def test_opening_again_needs_a_reason_and_keeps_it():
    investigation = close(opened())

    with pytest.raises(reviewing.ReasonMissing):
        reviewing.reopen_investigation(investigation_id=investigation.pk, reason=" ")
    reviewing.reopen_investigation(
        investigation_id=investigation.pk, reason="It came again"
    )

    investigation.refresh_from_db()
    assert investigation.state == Investigation.State.OPEN
    assert investigation.closed_at is None
    assert investigation.finding == "An outage."
    assert investigation.history.first().history_change_reason == "It came again"


def test_new_owner_is_told_and_an_unfit_one_refused():
    investigation, other = opened(), UserFactory(role=roles.SUPPORT_LEAD)
    lead = UserFactory(role=roles.TEAM_LEAD)

    with pytest.raises(reviewing.OwnerUnfit):
        reviewing.assign_investigation(
            investigation_id=investigation.pk, owner=lead, actor=manager(), at=NOW
        )
    reviewing.assign_investigation(
        investigation_id=investigation.pk, owner=other, actor=manager(), at=NOW
    )

    investigation.refresh_from_db()
    assert investigation.owner == other
    assert Notification.objects.get().recipient == other


# Facts and pages --------------------------------------------------------------------------


def test_detail_knows_the_week_its_events_and_outliers():
    queue = make_queue()
    fill_days(queue, [100, 100, 500, 100, 100, 100, 100], first=MONDAY)
    published_forecast(queue, [100] * 7, first=MONDAY)
    OutlierDay.objects.create(
        queue=queue, day=date(2026, 3, 4), actual=500, expected=100, found_at=NOW
    )
    Event.objects.create(
        name="Webinar", kind="OWN", starts_on=date(2026, 3, 6), ends_on=date(2026, 3, 6)
    )

    found = detail(opened(queue))

    assert [cause.code for cause in found.causes] == ["day", "one_day"]
    assert found.days_without_event == [date(2026, 3, 4)]
    assert [event.name for event, _spans in found.events] == ["Webinar"]
    assert [outlier.actual for outlier in found.outliers] == [500]
    assert len(found.intervals) == 7 * 16


def test_page_leads_to_the_event_that_is_missing(client, planner):
    queue = make_queue()
    fill_days(queue, [100, 100, 500, 100, 100, 100, 100], first=MONDAY)
    published_forecast(queue, [100] * 7, first=MONDAY)
    investigation = opened(queue)

    text = client.get(f"{PAGE}{investigation.pk}/").content.decode()

    assert "Wednesday 4 March: 500 came, 100 were expected (+400 %)" in text
    assert "new/?starts_on=2026-03-04&amp;ends_on=2026-03-04" in text


def test_page_names_a_public_holiday_and_asks_for_no_event_of_that_day(client, planner):
    queue = make_queue(country="BG")
    fill_days(queue, [100, 500, 100, 100, 100, 100, 100], first=MONDAY)
    published_forecast(queue, [100] * 7, first=MONDAY)
    investigation = opened(queue)

    text = client.get(f"{PAGE}{investigation.pk}/").content.decode()

    assert "Tuesday 3 March was a public holiday: Liberation Day." in text
    assert "new/?starts_on=2026-03-03" not in text


def test_page_stands_without_volumes(client, planner):
    queue = missed()
    investigation = opened(queue)
    queue.days.all().delete()
    queue.intervals.all().delete()

    text = client.get(f"{PAGE}{investigation.pk}/").content.decode()

    assert "The volumes of this week are no longer there." in text


def test_finding_is_kept_then_closed_from_the_page(client, planner):
    investigation = opened()
    address = f"{PAGE}{investigation.pk}/close/"

    client.post(address, {"finding": "So far"})
    refused = client.post(address, {"finding": "All of it", "close": "1"})
    client.post(address, {"finding": "All of it", "outcome": "METHOD", "close": "1"})

    investigation.refresh_from_db()
    assert refused.status_code == 409
    assert "All of it" in refused.content.decode()
    assert investigation.state == Investigation.State.CLOSED
    assert investigation.closed_by == planner


def test_outlier_of_the_week_is_decided_from_the_page(client, planner):
    investigation = opened()
    outlier = OutlierDay.objects.create(
        queue=investigation.queue, day=MONDAY, actual=140, expected=100, found_at=NOW
    )
    values = {"outlier": outlier.pk, "state": "CONFIRMED", "reason": "Outage"}

    client.post(f"{PAGE}{opened().pk}/outlier/", values)
    outlier.refresh_from_db()
    elsewhere = outlier.state
    client.post(f"{PAGE}{investigation.pk}/outlier/", values)

    outlier.refresh_from_db()
    assert elsewhere == OutlierDay.State.FOUND
    assert outlier.state == OutlierDay.State.CONFIRMED
    assert outlier.decided_by == planner


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_does_not_grow(
    client, planner, rows, django_assert_num_queries
):
    for _ in range(rows):
        opened(owner=manager())
    client.get(PAGE)

    with django_assert_num_queries(7):
        text = client.get(PAGE).content.decode()

    assert text.count("+40 %") == rows


def test_list_filters_and_exports(client, planner):
    mine = opened(owner=planner)
    other = close(opened())

    text = client.get(PAGE, {"mine": "on"}).content.decode()
    shut = client.get(PAGE, {"state": "CLOSED"}).content.decode()
    rows = b"".join(
        client.get(PAGE, {"csv": 1, "queue": mine.queue_id}).streaming_content
    )

    assert f"{PAGE}{mine.pk}/" in text
    assert f"{PAGE}{other.pk}/" not in text
    assert f"{PAGE}{other.pk}/" in shut
    assert f"{PAGE}{mine.pk}/" not in shut
    assert len(rows.decode().splitlines()) == 2


def test_empty_list_says_what_will_appear(client, planner):
    assert b"No week has missed its forecast" in client.get(PAGE).content


@pytest.mark.parametrize("act", ["close/", "reopen/", "owner/"])
def test_team_lead_reads_own_and_changes_nothing(client, act):
    lead = UserFactory(role=roles.TEAM_LEAD)
    mine, other = opened(), opened()
    mine.queue.teams.add(TeamFactory(lead=lead))
    client.force_login(lead)

    assert client.get(f"{PAGE}{mine.pk}/").status_code == 200
    assert client.get(f"{PAGE}{other.pk}/").status_code == 404
    assert client.post(f"{PAGE}{mine.pk}/{act}", {"finding": "x"}).status_code == 403
    mine.refresh_from_db()
    assert mine.finding == ""


def test_agent_reads_no_investigation(client):
    client.force_login(UserFactory(role=roles.AGENT))

    assert client.get(reverse("capacity:investigations")).status_code == 403
