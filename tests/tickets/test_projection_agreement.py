"""The services' columns are what the log says, whatever happens to a ticket."""

import random
from datetime import timedelta

import pytest

from supportops.common.errors import OperationRefused
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import MONDAY_9AM, CategoryFactory, open_ticket
from tickets import services
from tickets.core.projection import project
from tickets.models import Status, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def columns(ticket: Ticket) -> dict:
    return {
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "status": ticket.status.code,
        "state": ticket.state,
        "is_open": ticket.is_open,
        "priority": ticket.priority,
        "severity": ticket.severity,
        "team_id": ticket.team_id,
        "assignee_id": ticket.assignee_id,
        "level": ticket.level,
        "category_id": ticket.category_id,
        "tags": " ".join(sorted(tag.name for tag in ticket.tags.all())),
        "first_response_at": ticket.first_response_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "outcome": ticket.outcome,
        "reopen_count": ticket.reopen_count,
    }


def steps(ticket: Ticket, rng: random.Random, people: list, teams: list, paths: list):
    """Return everything that can be tried on a ticket, legal or not."""
    codes = list(Status.objects.order_by("pk").values_list("code", flat=True))
    call = {"ticket_id": ticket.pk, "actor": rng.choice(people)}
    return [
        lambda at: services.change_status(
            **call,
            at=at,
            status=rng.choice(codes),
            outcome=rng.choice(["", "", "SOLVED", "OUT_OF_SCOPE"]),
        ),
        lambda at: services.reply(
            **call, at=at, body="Hello", public=rng.random() < 0.5
        ),
        lambda at: services.receive_message(
            ticket_id=ticket.pk, at=at, contact=ticket.requester, body="Hi"
        ),
        lambda at: services.assign(**call, at=at, assignee=rng.choice([None, *people])),
        lambda at: services.move_to_team(
            **call, at=at, team=rng.choice([None, *teams])
        ),
        lambda at: services.change_priority(
            **call, at=at, priority=rng.choice(["P1", "P4"]), reason="x"
        ),
        lambda at: services.change_fields(
            **call,
            at=at,
            category=rng.choice([None, *paths]),
            impact=rng.choice(["MANY", "SINGLE"]),
            urgency=rng.choice(["BLOCKED", "MINOR"]),
        ),
        lambda at: services.change_level(**call, at=at, level=rng.choice(["L1", "L2"])),
        lambda at: services.set_tags(
            **call, at=at, tags=rng.sample(["a", "b", "c"], rng.randint(0, 3))
        ),
        lambda at: services.pause_clocks(**call, at=at, kind="OTHER", reason="x"),
        lambda at: services.resume_clocks(**call, at=at),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_columns_follow_from_the_log_and_refusals_leave_no_trace(seed):
    rng = random.Random(seed)
    people, teams = UserFactory.create_batch(2), TeamFactory.create_batch(2)
    paths = CategoryFactory.create_batch(2)
    ticket = open_ticket(priority="P3", category=paths[0])
    done = refused = 0
    for hour in range(1, 40):
        before = TicketEvent.objects.count()
        try:
            rng.choice(steps(ticket, rng, people, teams, paths))(
                MONDAY_9AM + timedelta(hours=hour)
            )
            done += 1
        except OperationRefused:
            refused += 1
            assert TicketEvent.objects.count() == before

    ticket = Ticket.objects.get(pk=ticket.pk)
    events = list(ticket.events.order_by("seq"))
    found = project(events)
    expected = {name: getattr(found, name) for name in columns(ticket)}
    assert columns(ticket) == expected
    assert [event.seq for event in events] == list(range(1, ticket.last_seq + 1))
    assert done > 10
    assert refused > 0
