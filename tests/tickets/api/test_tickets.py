"""Tickets through the API: what is seen, found, opened."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.api import caller
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import (
    MONDAY_9AM,
    CategoryFactory,
    ContactFactory,
    OrganisationFactory,
    ProductAreaFactory,
    open_ticket,
)
from tickets.models import CustomerTier, Ticket, TicketEvent

pytestmark = pytest.mark.django_db

TICKETS = "/api/v1/tickets/"


def ids(response) -> list[int]:
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["results"]]


def full_ticket(**values) -> Ticket:
    """A ticket with every relation, each of its own."""
    values = {
        "category": CategoryFactory(),
        "product_area": ProductAreaFactory(),
        "team": TeamFactory(),
        "assignee": UserFactory(),
        "tags": ["vip", "outage"],
        "priority": "P2",
        "body": "It does not start",
        **values,
    }
    return open_ticket(**values)


def test_ticket_is_shown_with_names_and_codes():
    lead = caller("Support lead")
    contact = ContactFactory(name="Grace Hopper")
    ticket = full_ticket(requester=contact, subject="No light")

    row = lead.get(f"{TICKETS}{ticket.pk}/").json()

    assert row["subject"] == "No light"
    assert (row["status"], row["state"], row["is_open"]) == ("new", "OPEN", True)
    assert row["requester"] == {"id": contact.pk, "name": "Grace Hopper"}
    assert row["organisation"]["id"] == contact.organisation_id
    assert sorted(row["tags"]) == ["outage", "vip"]
    assert row["created_at"] == "2026-03-02T09:00:00Z"
    assert row["merged_into"] is None
    assert row["channel"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_ticket_list_costs_the_same_at_one_and_three_rows(
    count, django_assert_num_queries
):
    lead = caller("Support lead")
    for _row in range(count):
        full_ticket()
    lead.get(TICKETS)

    # Token, permissions of the person and of their groups, tickets, tags.
    with django_assert_num_queries(5):
        assert len(ids(lead.get(TICKETS))) == count


def test_ticket_is_read_in_as_many_queries(django_assert_num_queries):
    lead = caller("Support lead")
    ticket = full_ticket()
    lead.get(TICKETS)

    with django_assert_num_queries(5):
        lead.get(f"{TICKETS}{ticket.pk}/")


def test_agent_sees_own_team_and_unheld_tickets_only():
    team = TeamFactory()
    agent = UserFactory(role="Agent", team=team)
    mine = open_ticket(assignee=agent, team=TeamFactory())
    ours, nobodys = open_ticket(team=team), open_ticket()
    theirs = open_ticket(team=TeamFactory(), assignee=UserFactory())
    client = caller(user=agent)

    assert ids(client.get(TICKETS)) == [nobodys.pk, ours.pk, mine.pk]
    assert client.get(f"{TICKETS}{ours.pk}/").status_code == 200
    assert client.get(f"{TICKETS}{theirs.pk}/").status_code == 404


def test_verb_on_a_ticket_out_of_sight_is_not_found_and_writes_nothing():
    ticket = open_ticket(team=TeamFactory(), assignee=UserFactory())
    before = ticket.last_seq

    response = caller("Agent").post(f"{TICKETS}{ticket.pk}/reply/", {"body": "Hello"})

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
    ticket.refresh_from_db()
    assert ticket.last_seq == before


@pytest.mark.parametrize("number", ["0", "999999999", "999999999999999999999", "x"])
def test_unknown_number_is_not_found(number):
    assert caller("Agent").get(f"{TICKETS}{number}/").status_code == 404


def test_filters_keep_the_rows_they_name():
    child = CategoryFactory(name="Printer", parent=CategoryFactory(name="Hardware"))
    beside = CategoryFactory(name="Hardware shop")
    enterprise = CustomerTier.objects.get(code="enterprise")
    agent, team = UserFactory(), TeamFactory()
    wanted = full_ticket(
        at=MONDAY_9AM + timedelta(hours=1),
        requester=ContactFactory(organisation=OrganisationFactory(tier=enterprise)),
        category=child,
        assignee=agent,
        team=team,
        priority="P1",
        severity="SEV2",
        tags=["wanted"],
    )
    other = open_ticket(category=beside, priority="P3")
    client = caller("Support lead")
    hour = (MONDAY_9AM + timedelta(hours=1)).isoformat()

    for query in (
        {"tier": "enterprise"},
        {"category": child.pk},
        {"category": child.parent_id},
        {"assignee": agent.pk},
        {"team": team.pk},
        {"priority": "P1"},
        {"priority": ["P1", "P2"]},
        {"severity": "SEV2"},
        {"tag": "wanted"},
        {"organisation": wanted.organisation_id},
        {"requester": wanted.requester_id},
        {"product_area": wanted.product_area_id},
        {"created_from": hour},
        {"updated_from": hour},
        {"unassigned": "false"},
        {"status": "new", "priority": "P1"},
    ):
        assert ids(client.get(TICKETS, query)) == [wanted.pk], query
    for query in ({"created_before": hour}, {"unassigned": "true"}):
        assert ids(client.get(TICKETS, query)) == [other.pk], query
    for query in (
        {"status": "closed"},
        {"state": "CLOSED"},
        {"is_open": "false"},
        {"category": 999_999},
        {"assignee": 999_999},
        {"channel": "phone"},
        {"due_before": hour},
        {"source": "zendesk"},
        {"external_id": "7"},
    ):
        assert ids(client.get(TICKETS, query)) == [], query
    assert len(ids(client.get(TICKETS, {"is_open": "true", "state": "OPEN"}))) == 2


def test_create_opens_a_ticket_through_the_service():
    contact = ContactFactory()
    agent = UserFactory(role="Agent")
    category = CategoryFactory()
    body = {
        "subject": "Cannot print",
        "body": "Since this morning",
        "requester": contact.pk,
        "category": category.pk,
        "impact": "SINGLE",
        "urgency": "PARTIAL",
        "tags": ["Printer"],
    }

    response = caller(user=agent).post(TICKETS, body)

    assert response.status_code == 201
    row = response.json()
    ticket = Ticket.objects.get(pk=row["id"])
    assert (ticket.subject, ticket.requester, ticket.category) == (
        "Cannot print",
        contact,
        category,
    )
    assert row["channel"] == "api"
    assert row["tags"] == ["printer"]
    assert row["priority"] == ticket.priority != ""
    created = TicketEvent.objects.get(ticket=ticket, seq=1)
    assert (created.kind, created.actor) == ("CREATED", agent)
    assert ticket.messages.get().body == "Since this morning"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"requester": 999_999}, "requester"),
        ({"requester": 1.5}, "requester"),
        ({"requester": True}, "requester"),
        ({"requester": 10**30}, "requester"),
        ({"requester": "1e400"}, "requester"),
        ({"priority": "P9"}, "priority"),
        ({"channel": "pigeon"}, "channel"),
        ({"tags": ["two words"]}, "tags.0"),
        ({"body": "nul \x00"}, "body"),
        ({"prioritty": "P1"}, "prioritty"),
    ],
)
def test_create_names_the_field_that_cannot_be_used(change, field):
    body = {"subject": "Help", "requester": ContactFactory().pk, **change}

    response = caller("Agent").post(TICKETS, body)

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert list(response.json()["fields"]) == [field]
    assert Ticket.objects.count() == 0


def test_half_a_character_is_refused_by_field():
    # json.dumps writes the lone surrogate as an escape, which is plain ASCII.
    body = json.dumps({"subject": "half \ud800", "requester": ContactFactory().pk})

    response = caller("Agent").generic(
        "POST", TICKETS, body, content_type="application/json"
    )

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["subject"]


def test_create_needs_a_customer():
    response = caller("Agent").post(TICKETS, {"subject": "Help"})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["requester"]


def test_create_shows_the_refusal_of_the_service():
    body = {
        "subject": "Help",
        "requester": ContactFactory().pk,
        "impact": "SINGLE",
        "urgency": "MINOR",
        "priority": "P1",
    }

    response = caller("Agent").post(TICKETS, body)

    assert response.status_code == 409
    assert response.json()["code"] == "reason_required"
    assert Ticket.objects.count() == 0


def test_create_may_give_the_ticket_away_and_still_answers_with_it():
    team = TeamFactory()
    body = {"subject": "Help", "requester": ContactFactory().pk, "team": team.pk}
    client = caller("Agent")

    row = client.post(TICKETS, body).json()

    assert row["team"] == {"id": team.pk, "name": str(team)}
    assert client.get(f"{TICKETS}{row['id']}/").status_code == 404


def test_filter_by_a_person_asks_nothing_about_the_person(django_assert_num_queries):
    other = UserFactory()
    client = caller("Support lead")
    client.get(TICKETS)

    with django_assert_num_queries(4):
        assert ids(client.get(TICKETS, {"assignee": other.pk})) == []


def test_lists_never_ask_for_distinct_rows():
    """DISTINCT over all columns sorts every match first; no filter here repeats a row."""
    client = caller("Support lead")
    query = {"priority": ["P1", "P2"], "state": "OPEN", "severity": "SEV1", "tag": "x"}

    with CaptureQueriesContext(connection) as queries:
        ids(client.get(TICKETS, query))

    assert not any("DISTINCT" in made["sql"] for made in queries)
    assert any(made["sql"].count("tickets_ticket") > 1 for made in queries)
