from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import selectors, services

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def seen(user) -> set[str]:
    return {ticket.subject for ticket in selectors.tickets_visible_to(user)}


@pytest.fixture
def desk():
    """Two teams, and a ticket in each place that matters."""
    mine, other, led = TeamFactory(), TeamFactory(), TeamFactory()
    agent = UserFactory(team=mine)
    led.lead = agent
    led.save()
    colleague = UserFactory(team=other)
    open_ticket(subject="nobody's")
    open_ticket(subject="my team's", team=mine, assignee=UserFactory(team=mine))
    open_ticket(subject="mine in another team", team=other, assignee=agent)
    open_ticket(subject="of the team I lead", team=led)
    open_ticket(subject="another team's", team=other)
    open_ticket(subject="a colleague's", assignee=colleague)
    return agent


def test_an_agent_sees_own_team_and_unclaimed_tickets_only(desk):
    assert seen(desk) == {
        "nobody's",
        "my team's",
        "mine in another team",
        "of the team I lead",
    }


def test_somebody_without_a_team_sees_unclaimed_tickets_only(desk):
    assert seen(UserFactory()) == {"nobody's"}


@pytest.mark.parametrize("role", roles.ROLES)
def test_roles_that_judge_the_whole_desk_see_every_ticket(desk, role):
    sees_all = role not in {roles.AGENT, roles.TEAM_LEAD}

    assert len(seen(UserFactory(role=role))) == (6 if sees_all else 1)


def test_nobody_sees_tickets_without_signing_in(desk):
    assert not selectors.tickets_visible_to(AnonymousUser()).exists()
    assert seen(UserFactory(role=roles.SUPPORT_LEAD, is_active=False)) == set()


def test_a_ticket_in_several_visible_places_is_listed_once(desk):
    team = TeamFactory(lead=desk)
    open_ticket(subject="twice", team=team, assignee=desk)

    found = selectors.tickets_visible_to(desk).filter(subject="twice")

    assert found.count() == 1


def say(ticket, hours, body, *, public=True):
    services.reply(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + hours * HOUR,
        actor=UserFactory(),
        body=body,
        public=public,
    )


def test_conversation_shows_messages_and_events_in_order():
    ticket = open_ticket(body="Help", priority="P3")
    say(ticket, 1, "Looking")
    services.change_status(
        ticket_id=ticket.pk, at=MONDAY_9AM + HOUR, actor=None, status="waiting"
    )

    entries = selectors.conversation(ticket)

    assert [
        entry.message.body if entry.is_message else entry.event.kind
        for entry in entries
    ] == ["CREATED", "PRIORITY", "Help", "Looking", "STATUS"]


def test_conversation_holds_what_was_said_on_merged_tickets():
    first, second = open_ticket(body="First"), open_ticket(body="Second")
    say(first, 1, "Answer")
    services.merge_tickets(
        duplicate_id=second.pk,
        into_id=first.pk,
        at=MONDAY_9AM + 2 * HOUR,
        actor=None,
        reason="Same",
    )

    said = [entry for entry in selectors.conversation(first) if entry.is_message]

    assert [(entry.ticket_id, entry.message.body) for entry in said] == [
        (first.pk, "First"),
        (second.pk, "Second"),
        (first.pk, "Answer"),
    ]


def test_conversation_keeps_the_latest_lines_of_a_long_one():
    ticket = open_ticket()
    for number in range(5):
        say(ticket, number + 1, f"Reply {number}")

    entries = selectors.conversation(ticket, limit=2)

    assert [entry.message.body for entry in entries] == ["Reply 3", "Reply 4"]


@pytest.mark.parametrize("rows", [1, 3])
def test_conversation_query_count_does_not_grow(rows, django_assert_num_queries):
    ticket = open_ticket(body="Help")
    for number in range(rows):
        say(ticket, 10 + number, "Reply")
        services.merge_tickets(
            duplicate_id=open_ticket(body="Again").pk,
            into_id=ticket.pk,
            at=MONDAY_9AM + (10 + number) * HOUR,
            actor=None,
            reason="Same",
        )

    with django_assert_num_queries(2):
        for entry in selectors.conversation(ticket):
            str(entry.event.actor)
            if entry.message:
                str(entry.message.author), str(entry.message.contact)
