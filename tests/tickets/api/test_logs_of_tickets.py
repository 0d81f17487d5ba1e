"""Messages and events through the API."""

import pytest

from tests.factories.api import caller
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services

pytestmark = pytest.mark.django_db

MESSAGES, EVENTS = "/api/v1/messages/", "/api/v1/events/"


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def talk(**values):
    """A ticket with a customer's message, an answer and a note."""
    ticket = open_ticket(body="Help", **values)
    for body, public in (("On it", True), ("odd one", False)):
        services.reply(
            ticket_id=ticket.pk,
            at=MONDAY_9AM,
            actor=UserFactory(),
            body=body,
            public=public,
        )
    return ticket


@pytest.mark.parametrize("path", [MESSAGES, EVENTS])
@pytest.mark.parametrize("count", [1, 3])
def test_log_costs_the_same_at_one_and_three_tickets(
    path, count, django_assert_num_queries
):
    lead = caller("Support lead")
    for _ticket in range(count):
        talk()
    lead.get(path)

    # Token, permissions of the person and of their groups, rows.
    with django_assert_num_queries(4):
        rows(lead.get(path))


@pytest.mark.parametrize("path", [MESSAGES, EVENTS])
def test_log_of_an_agent_holds_visible_tickets_only(path, django_assert_num_queries):
    agent = UserFactory(role="Agent", team=TeamFactory())
    ours = talk(team=agent.team)
    hidden = talk(team=TeamFactory())
    client = caller(user=agent)

    with django_assert_num_queries(5):  # one more: the token's last use is written
        found = rows(client.get(path))

    assert {row["ticket"] for row in found} == {ours.pk}
    assert rows(client.get(path, {"ticket": hidden.pk})) == []
    assert client.get(f"{path}{found[0]['id']}/").status_code == 200
    hidden_id = (hidden.messages if path == MESSAGES else hidden.events).first().pk
    assert client.get(f"{path}{hidden_id}/").status_code == 404


def test_messages_come_oldest_first_and_by_direction():
    ticket = talk()
    talk()
    lead = caller("Support lead")

    found = rows(lead.get(MESSAGES, {"ticket": ticket.pk}))
    assert [row["direction"] for row in found] == ["IN", "OUT", "INTERNAL"]
    assert found[0]["author"] is None
    assert found[0]["contact"]["id"] == ticket.requester_id
    assert found[1]["author"]["name"] == found[1]["author_name"]

    query = {"ticket": ticket.pk, "direction": ["OUT", "INTERNAL"]}
    assert [row["body"] for row in rows(lead.get(MESSAGES, query))] == [
        "On it",
        "odd one",
    ]


def test_events_come_in_order_and_by_kind_actor_and_time():
    ticket = talk()
    lead = caller("Support lead")
    actor = ticket.events.get(seq=3).actor

    assert [row["seq"] for row in rows(lead.get(EVENTS))] == [1, 2, 3, 4]
    by_kind = rows(lead.get(EVENTS, {"kind": "CREATED"}))
    assert [(row["kind"], row["to_value"], row["state"]) for row in by_kind] == [
        ("CREATED", "new", "OPEN")
    ]
    assert [row["seq"] for row in rows(lead.get(EVENTS, {"actor": actor.pk}))] == [3]
    nine = MONDAY_9AM.isoformat()
    assert len(rows(lead.get(EVENTS, {"at_from": nine}))) == 4
    assert rows(lead.get(EVENTS, {"at_before": nine})) == []


def test_a_remembered_cursor_gives_the_rest_of_the_log():
    talk()
    lead = caller("Support lead")
    page = lead.get(EVENTS, {"page_size": 3}).json()

    rest = lead.get(page["next"]).json()

    assert [row["seq"] for row in page["results"] + rest["results"]] == [1, 2, 3, 4]
    assert rest["next"] is None
