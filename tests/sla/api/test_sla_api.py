"""Policies, versions, calendars and clocks through the API."""

from datetime import UTC, date, datetime

import pytest

from sla.models import CalendarException, CalendarHolidays, SlaClock
from sla.services import clocks
from tests.factories.api import caller
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sla import business_hours, draft, publish, published
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

API = "/api/v1"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def full_calendar(name: str):
    calendar = business_hours(name=name)
    CalendarHolidays.objects.create(calendar=calendar, country="DE")
    CalendarException.objects.create(
        calendar=calendar, date=date(2026, 12, 24), name="Eve", hours=[[540, 720]]
    )
    return calendar


def test_calendar_shows_hours_holidays_and_exceptions():
    calendar = full_calendar("Berlin office")

    row = caller("Agent").get(f"{API}/calendars/{calendar.pk}/").json()

    assert row["name"] == "Berlin office"
    assert row["intervals"][0] == {
        "weekday": 0,
        "starts_minute": 540,
        "ends_minute": 1080,
    }
    assert row["holiday_sets"] == [{"country": "DE", "subdivision": ""}]
    assert row["exceptions"] == [
        {"date": "2026-12-24", "name": "Eve", "hours": [[540, 720]]}
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_list_costs_the_same_at_one_and_three_rows(
    count, django_assert_num_queries
):
    before = len(rows(caller("Agent").get(f"{API}/calendars/")))
    for number in range(count):
        full_calendar(f"Office {number}")
    client = caller("Agent")
    client.get(f"{API}/calendars/")

    # Token, two for permissions, calendars, intervals, holidays, exceptions.
    with django_assert_num_queries(7):
        assert len(rows(client.get(f"{API}/calendars/"))) == before + count


@pytest.mark.parametrize("count", [1, 3])
def test_policy_list_costs_the_same_at_one_and_three_rows(
    count, django_assert_num_queries
):
    before = len(rows(caller("Agent").get(f"{API}/policies/")))
    for number in range(count):
        published(f"Promise {number}", actor=UserFactory())
    client = caller("Agent")
    client.get(f"{API}/policies/")

    # Token, two for permissions, policies, versions.
    with django_assert_num_queries(5):
        assert len(rows(client.get(f"{API}/policies/"))) == before + count


@pytest.mark.parametrize("count", [1, 3])
def test_version_list_costs_the_same_at_one_and_three_rows(
    count, django_assert_num_queries
):
    before = len(rows(caller("Agent").get(f"{API}/policy-versions/")))
    for number in range(count):
        published(f"Promise {number}", actor=UserFactory())
    client = caller("Agent")
    client.get(f"{API}/policy-versions/")

    # Token, two for permissions, versions with their publishers.
    with django_assert_num_queries(4):
        assert len(rows(client.get(f"{API}/policy-versions/"))) == before + count


@pytest.mark.parametrize("count", [1, 3])
def test_clock_list_costs_the_same_at_one_and_three_tickets(
    count, django_assert_num_queries
):
    published()
    tickets = [open_ticket(priority="P1").pk for _ticket in range(count)]
    clocks.recompute(tickets, MONDAY_9AM)
    client = caller("Support lead")
    client.get(f"{API}/clocks/")

    # Token, two for permissions, clocks.
    with django_assert_num_queries(4):
        found = rows(client.get(f"{API}/clocks/"))
    assert {row["ticket"] for row in found} == set(tickets)


def test_version_shows_what_was_promised_and_by_whom():
    person = UserFactory()
    version = published(actor=person, reason="new contract")

    row = caller("Agent").get(f"{API}/policy-versions/{version.pk}/").json()

    assert (row["number"], row["state"]) == (1, "PUBLISHED")
    assert (row["reason"], row["published_by"]) == ("new contract", str(person))
    assert row["definition"]["targets"]["P1"]["first_response"] == 900


def test_versions_are_found_by_policy_state_and_moment():
    first = published("Ours")
    redraft = draft("Other")
    client = caller("Agent")
    path = f"{API}/policy-versions/"

    def ids(**query):
        return [row["id"] for row in rows(client.get(path, query))]

    assert ids(policy=first.policy_id) == [first.pk]
    assert ids(policy=redraft.policy_id, state="DRAFT") == [redraft.pk]
    assert ids(in_force_at="2025-12-31T23:59:59Z") == []
    assert ids(in_force_at="2026-01-01T00:00:00Z") == [first.pk]
    publish(redraft, effective_from=JUNE)
    assert ids(in_force_at="2026-06-01T00:00:00Z") == [redraft.pk, first.pk]


def test_policy_names_its_versions_newest_first():
    version = published("Ours")

    row = caller("Agent").get(f"{API}/policies/{version.policy_id}/").json()

    assert [held["number"] for held in row["versions"]] == [1]
    assert "definition" not in row["versions"][0]


def test_clock_shows_the_promise_as_it_was_computed():
    version = published()
    ticket = open_ticket(priority="P1")
    clocks.recompute([ticket.pk], MONDAY_9AM)
    query = {"ticket": ticket.pk, "metric": "first_response"}

    (row,) = rows(caller("Support lead").get(f"{API}/clocks/", query))

    assert row["policy_version"] == version.pk
    assert (row["state"], row["target_seconds"]) == ("running", 900)
    assert row["due_at"] == "2026-03-02T09:15:00Z"
    assert (row["judged_at"], row["is_kept"]) == (None, None)


def test_clocks_of_an_agent_are_those_of_visible_tickets():
    published()
    agent = UserFactory(role="Agent", team=TeamFactory())
    ours = open_ticket(priority="P1", team=agent.team)
    hidden = open_ticket(priority="P1", team=TeamFactory())
    clocks.recompute([ours.pk, hidden.pk], MONDAY_9AM)
    client = caller(user=agent)

    assert {row["ticket"] for row in rows(client.get(f"{API}/clocks/"))} == {ours.pk}
    assert rows(client.get(f"{API}/clocks/", {"ticket": hidden.pk})) == []
    clock = SlaClock.objects.filter(ticket=hidden).first()
    assert client.get(f"{API}/clocks/{clock.pk}/").status_code == 404


def test_clocks_are_found_by_state_and_moment():
    published()
    late = open_ticket(priority="P1")
    clocks.recompute([late.pk], MONDAY_9AM.replace(hour=10))
    client = caller("Support lead")

    def metrics(**query):
        found = rows(client.get(f"{API}/clocks/", {"ticket": late.pk, **query}))
        return {row["metric"] for row in found}

    due = "2026-03-02T09:15:00Z"
    assert "first_response" in metrics(due_from=due)
    assert "first_response" not in metrics(due_before=due)
    assert metrics(is_kept="false") == {"first_response"}
    assert metrics(judged_from=due, judged_before="2026-03-02T09:15:01Z") == {
        "first_response"
    }
    assert metrics(state=["met", "missed"]) == set()
