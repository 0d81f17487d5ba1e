from datetime import timedelta

import pytest

from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def merge(duplicate, into, *, at=MONDAY_9AM + 5 * HOUR):
    return services.merge_tickets(
        duplicate_id=duplicate.pk,
        into_id=into.pk,
        at=at,
        actor=None,
        reason="Same request",
    )


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def pair() -> tuple[Ticket, Ticket]:
    return open_ticket(), open_ticket(at=MONDAY_9AM + HOUR)


def test_merge_closes_the_newer_ticket_and_keeps_the_older_ones_clock():
    older, newer = pair()

    survivor = merge(newer, older)

    assert survivor == older
    newer, older = fresh(newer), fresh(older)
    assert (newer.merged_into, newer.state, newer.outcome) == (
        older,
        "CLOSED",
        "DUPLICATE",
    )
    assert (older.is_open, older.created_at) == (True, MONDAY_9AM)
    last = TicketEvent.objects.filter(ticket=older).latest("seq")
    assert (last.kind, last.details) == ("MERGED", {"duplicate": newer.pk})
    events = TicketEvent.objects.filter(ticket=newer, seq__gt=1).order_by("seq")
    assert [(e.kind, e.to_value, e.details) for e in events] == [
        ("MERGED", "", {"into": older.pk}),
        ("STATUS", "closed", {"outcome": "DUPLICATE"}),
    ]


def test_merge_takes_an_already_closed_duplicate_out_of_the_figures():
    older, newer = pair()
    services.change_status(
        ticket_id=newer.pk,
        at=MONDAY_9AM + 2 * HOUR,
        actor=None,
        status="closed",
        outcome="OUT_OF_SCOPE",
    )

    merge(newer, older)

    newer = fresh(newer)
    assert newer.outcome == "DUPLICATE"
    assert newer.resolved_at == MONDAY_9AM + 2 * HOUR


def test_merge_refuses_the_older_into_the_newer():
    older, newer = pair()

    with pytest.raises(services.MergeRefused, match="is older than"):
        merge(older, newer)

    assert fresh(older).is_open
    assert TicketEvent.objects.count() == 2


def test_merge_refuses_a_ticket_into_itself():
    ticket = open_ticket()

    with pytest.raises(services.MergeRefused, match="into itself"):
        merge(ticket, ticket)


def test_merge_refuses_an_ended_survivor():
    older, newer = pair()
    services.change_status(
        ticket_id=older.pk,
        at=MONDAY_9AM + HOUR,
        actor=None,
        status="closed",
        outcome="OUT_OF_SCOPE",
    )

    with pytest.raises(services.MergeRefused, match="has ended"):
        merge(newer, older)

    assert fresh(newer).merged_into is None


def test_a_merged_ticket_takes_no_more_changes():
    older, newer = pair()
    merge(newer, older)
    before = TicketEvent.objects.count()
    call = {"ticket_id": newer.pk, "at": MONDAY_9AM + 6 * HOUR, "actor": None}

    for change in (
        lambda: services.change_status(**call, status="reopened"),
        lambda: services.reply(**call, body="Hello", public=False),
        lambda: services.change_priority(**call, priority="P1", reason="x"),
        lambda: services.assign(**call, assignee=UserFactory()),
        lambda: merge(newer, older, at=MONDAY_9AM + 6 * HOUR),
    ):
        with pytest.raises(services.TicketMerged, match=f"Work on #{older.pk}"):
            change()

    assert TicketEvent.objects.count() == before


def test_merge_dated_before_either_history_is_refused():
    older, newer = pair()

    with pytest.raises(services.EventOutOfOrder):
        merge(newer, older, at=MONDAY_9AM + timedelta(minutes=30))

    assert fresh(newer).merged_into is None
    assert TicketEvent.objects.count() == 2
