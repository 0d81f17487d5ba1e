"""Each verb of the API does what its service does, and shows what it refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.api import caller
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import (
    CategoryFactory,
    ContactFactory,
    OrganisationFactory,
    open_ticket,
)
from tickets.models import Message, TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    return open_ticket(at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def client():
    return caller("Support lead")


def do(client, ticket, verb, **body):
    return client.post(f"/api/v1/tickets/{ticket.pk}/{verb}/", body)


def last_event(ticket) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket).order_by("-seq")[0]


@pytest.mark.parametrize(("public", "direction"), [(True, "OUT"), (False, "INTERNAL")])
def test_reply_writes_a_message(client, ticket, public, direction):
    response = do(client, ticket, "reply", body="Try again", public=public)

    assert response.status_code == 201
    assert response.json()["direction"] == direction
    assert response.json()["author"]["id"] == client.user.pk
    message = Message.objects.get()
    assert (message.body, message.author) == ("Try again", client.user)


def test_customer_message_reopens_and_is_recorded_once(client, ticket):
    contact = ContactFactory()
    do(client, ticket, "status", status="closed")
    body = {"body": "Still broken", "contact": contact.pk, "external_id": "<1@x>"}

    first = do(client, ticket, "customer-message", **body)
    second = do(client, ticket, "customer-message", **body)

    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["contact"] == {"id": contact.pk, "name": contact.name}
    ticket.refresh_from_db()
    assert ticket.messages.count() == 1


def test_status_moves_the_ticket(client, ticket):
    response = do(client, ticket, "status", status="triaged", reason="read")

    assert response.status_code == 200, response.json()
    assert response.json()["status"] == "triaged"
    event = last_event(ticket)
    assert (event.kind, event.reason, event.actor) == ("STATUS", "read", client.user)


def test_illegal_move_names_the_allowed_ones(client, ticket):
    response = do(client, ticket, "status", status="reopened")

    assert response.status_code == 409
    problem = response.json()
    assert problem["code"] == "illegal_move"
    assert "triaged" in problem["allowed"]
    assert last_event(ticket).kind == "CREATED"


def test_missing_fields_are_named(client, ticket):
    do(client, ticket, "status", status="triaged")

    response = do(client, ticket, "status", status="assigned")

    assert response.status_code == 409
    assert response.json()["code"] == "missing_fields"
    assert list(response.json()["fields"]) == ["priority"]


@pytest.mark.parametrize("verb", ["priority", "severity"])
def test_priority_and_severity_are_set(client, ticket, verb):
    value = {"priority": "P2", "severity": "SEV2"}[verb]

    response = do(client, ticket, verb, **{verb: value}, reason="all are hit")

    assert response.status_code == 200
    assert response.json()[verb] == value
    assert last_event(ticket).reason == "all are hit"


def test_assign_gives_and_takes(client, ticket):
    agent = UserFactory()

    given = do(client, ticket, "assign", assignee=agent.pk)
    assert given.json()["assignee"] == {"id": agent.pk, "name": str(agent)}

    taken = do(client, ticket, "assign", assignee=None)
    assert taken.json()["assignee"] is None


def test_assign_to_somebody_who_cannot_sign_in_is_refused(client, ticket):
    response = do(client, ticket, "assign", assignee=UserFactory(is_active=False).pk)

    assert response.status_code == 409
    assert response.json()["code"] == "assignee_inactive"


def test_assign_without_naming_anybody_is_no_silent_unassignment(client, ticket):
    response = do(client, ticket, "assign")

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["assignee"]


def test_team_and_level_are_set(client, ticket):
    team = TeamFactory()

    assert do(client, ticket, "team", team=team.pk).json()["team"]["id"] == team.pk
    assert do(client, ticket, "level", level="L2").json()["level"] == "L2"


def test_team_out_of_sight_is_still_answered(ticket):
    agent = caller("Agent")

    response = do(agent, ticket, "team", team=TeamFactory().pk)

    assert response.status_code == 200
    assert do(agent, ticket, "reply", body="x").status_code == 404


def test_fields_change_only_what_is_named(client, ticket):
    category, organisation = CategoryFactory(), OrganisationFactory()

    response = do(
        client,
        ticket,
        "fields",
        category=category.pk,
        organisation=organisation.pk,
        impact="MANY",
        urgency="BLOCKED",
    )

    row = response.json()
    assert row["category"]["id"] == category.pk
    assert row["organisation"]["id"] == organisation.pk
    assert (row["impact"], row["urgency"], row["priority"]) == ("MANY", "BLOCKED", "P1")
    assert row["subject"] == ticket.subject


def test_fields_without_any_is_refused(client, ticket):
    response = do(client, ticket, "fields")

    assert response.status_code == 400
    assert response.json()["fields"] == {
        "non_field_errors": [
            "Name at least one field: subject, organisation, requester, category, "
            "product_area, impact, urgency, users_affected, impairment."
        ]
    }


def test_tags_are_replaced(client, ticket):
    do(client, ticket, "tags", tags=["one", "Two"])
    response = do(client, ticket, "tags", tags=["three"])

    assert response.json()["tags"] == ["three"]
    assert last_event(ticket).from_value == "one two"


def test_pause_and_resume(client, ticket):
    assert do(client, ticket, "resume").json()["code"] == "not_paused"

    do(client, ticket, "pause", kind="THIRD_PARTY", reason="waits for the carrier")
    event = last_event(ticket)
    assert (event.kind, event.to_value) == ("PAUSED", "THIRD_PARTY")
    again = do(client, ticket, "pause", kind="OTHER", reason="again")
    assert again.json()["code"] == "already_paused"

    assert do(client, ticket, "resume").status_code == 200
    assert last_event(ticket).kind == "RESUMED"


def test_pause_without_a_reason_is_refused_by_field(client, ticket):
    response = do(client, ticket, "pause", kind="OTHER")

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["reason"]


def test_merge_answers_with_the_survivor(client, ticket):
    duplicate = open_ticket(at=timezone.now() - timedelta(minutes=1))

    response = do(client, duplicate, "merge", into=ticket.pk, reason="same fault")

    assert response.status_code == 200
    assert response.json()["id"] == ticket.pk
    duplicate.refresh_from_db()
    assert (duplicate.merged_into_id, duplicate.outcome) == (ticket.pk, "DUPLICATE")
    assert do(client, duplicate, "tags", tags=[]).json()["code"] == "ticket_merged"


def test_merge_into_a_ticket_out_of_sight_tells_nothing_of_it():
    hidden = open_ticket(team=TeamFactory(), assignee=UserFactory())
    duplicate = open_ticket()
    lead = caller("Team lead")

    there = do(lead, duplicate, "merge", into=hidden.pk, reason="x").json()
    absent = do(lead, duplicate, "merge", into=999_999, reason="x").json()

    assert there["fields"]["into"][0].replace(str(hidden.pk), "") == (
        absent["fields"]["into"][0].replace("999999", "")
    )
    duplicate.refresh_from_db()
    assert duplicate.merged_into_id is None
