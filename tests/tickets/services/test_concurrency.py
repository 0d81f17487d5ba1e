"""Two people at one ticket, with real threads and real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services
from tickets.models import Message, Ticket, TicketEvent
from tickets.services.changing import lock_tickets

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = MONDAY_9AM + timedelta(hours=1)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Start all calls together; return what each gave or raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001 -- the test looks at what was raised
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sequence(ticket) -> list[int]:
    events = TicketEvent.objects.filter(ticket=ticket).order_by("seq")
    return list(events.values_list("seq", flat=True))


def test_many_replies_at_once_lose_no_event():
    ticket, agent = open_ticket(), UserFactory()

    results = at_once(
        *(
            lambda number=number: services.reply(
                ticket_id=ticket.pk,
                # each caller read its clock at another moment before it queued
                at=LATER + timedelta(milliseconds=(number * 7) % 40),
                actor=agent,
                body=f"Reply {number}",
                public=True,
            )
            for number in range(12)
        )
    )

    assert [error for error in results if isinstance(error, Exception)] == []
    assert sequence(ticket) == list(range(1, 14))
    assert Message.objects.filter(ticket=ticket).count() == 12
    times = list(ticket.events.order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)
    assert Ticket.objects.get(pk=ticket.pk).last_seq == 13


def test_different_columns_changed_at_once_are_both_kept():
    ticket, agent = open_ticket(priority="P3"), UserFactory()
    call = {"ticket_id": ticket.pk, "at": LATER, "actor": None}

    at_once(
        lambda: services.change_priority(**call, priority="P1"),
        lambda: services.assign(**call, assignee=agent),
        lambda: services.change_status(**call, status="in-progress"),
        lambda: services.set_tags(**call, tags=["outage"]),
    )

    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.priority, ticket.assignee, ticket.status.code) == (
        "P1",
        agent,
        "in-progress",
    )
    assert [tag.name for tag in ticket.tags.all()] == ["outage"]
    assert sequence(ticket) == [1, 2, 3, 4, 5, 6]


def test_of_two_contradicting_moves_the_second_is_judged_after_the_first():
    ticket = open_ticket(priority="P3", status="in-progress")
    call = {"ticket_id": ticket.pk, "at": LATER, "actor": None}

    results = at_once(
        lambda: services.change_status(**call, status="resolved"),
        lambda: services.change_status(**call, status="engineering"),
    )

    # engineering → resolved is a move, resolved → engineering is none
    refused = [result for result in results if isinstance(result, Exception)]
    moves = list(
        ticket.events.filter(kind="STATUS")
        .order_by("seq")
        .values_list("from_value", "to_value")
    )
    if refused:
        assert [type(error) for error in refused] == [services.IllegalMove]
        assert moves == [("in-progress", "resolved")]
    else:
        assert moves == [("in-progress", "engineering"), ("engineering", "resolved")]


def test_one_message_delivered_twice_at_once_is_recorded_once():
    ticket = open_ticket()

    at_once(
        *[
            lambda: services.receive_message(
                ticket_id=ticket.pk,
                at=LATER,
                contact=ticket.requester,
                body="Hello",
                external_id="<1@mail>",
            )
        ]
        * 4
    )

    assert Message.objects.filter(ticket=ticket).count() == 1
    assert sequence(ticket) == [1, 2]


def test_merges_in_a_circle_at_once_neither_deadlock_nor_both_happen():
    first, second = open_ticket(), open_ticket()

    def merge(duplicate, into):
        return lambda: services.merge_tickets(
            duplicate_id=duplicate.pk,
            into_id=into.pk,
            at=LATER,
            actor=None,
            reason="Same",
        )

    results = at_once(merge(second, first), merge(first, second))

    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], services.MergeRefused | services.TicketMerged)
    assert Ticket.objects.get(pk=second.pk).merged_into == first
    assert Ticket.objects.get(pk=first.pk).merged_into is None


def test_rows_that_point_to_a_locked_ticket_can_be_inserted():
    """A clock row is written while an agent's change holds the ticket."""
    ticket = open_ticket()
    with ThreadPoolExecutor(1) as pool:

        def insert():
            try:
                return Message.objects.create(
                    ticket_id=ticket.pk, at=LATER, direction="INTERNAL", body="x"
                ).pk
            finally:
                connection.close()

        with transaction.atomic():
            lock_tickets([ticket.pk])
            assert pool.submit(insert).result(timeout=5)
