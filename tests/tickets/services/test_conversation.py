from datetime import timedelta

import pytest

from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services
from tickets.models import Message, Status, Ticket, TicketEvent

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def statuses(ticket) -> list[str]:
    events = TicketEvent.objects.filter(ticket=ticket, kind__in=["CREATED", "STATUS"])
    return list(events.order_by("seq").values_list("to_value", flat=True))


def in_status(*codes):
    """Open a ticket and lead it through these statuses, one an hour."""
    ticket = open_ticket(priority="P3")
    for number, code in enumerate(codes, start=1):
        services.change_status(
            ticket_id=ticket.pk, at=MONDAY_9AM + number * HOUR, actor=None, status=code
        )
    return fresh(ticket)


def receive(ticket, *, hours=9, **more):
    return services.receive_message(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + hours * HOUR,
        contact=ticket.requester,
        body="Still broken.",
        **more,
    )


def reply(ticket, *, hours=9, public=True, actor=None, body="Try this."):
    return services.reply(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + hours * HOUR,
        actor=actor,
        body=body,
        public=public,
    )


def test_reply_records_the_first_response_once():
    ticket, agent = open_ticket(), UserFactory()

    message = reply(ticket, hours=1, actor=agent)
    reply(ticket, hours=2, actor=agent)

    assert (message.direction, message.author, message.author_name) == (
        "OUT",
        agent,
        str(agent),
    )
    assert message.event.direction == "OUT"
    assert fresh(ticket).first_response_at == MONDAY_9AM + HOUR


def test_an_internal_note_is_no_response():
    ticket = open_ticket()

    message = reply(ticket, public=False)

    assert message.event.direction == "INTERNAL"
    assert fresh(ticket).first_response_at is None


def test_an_automatic_reply_is_no_response():
    ticket = open_ticket()

    reply(ticket, actor=UserFactory(is_automation=True))

    assert fresh(ticket).first_response_at is None


@pytest.mark.parametrize("public", [True, False])
def test_reply_refuses_an_empty_text_and_writes_nothing(public):
    ticket = open_ticket()

    with pytest.raises(services.EmptyMessage, match="no text"):
        reply(ticket, body=" \n", public=public)

    assert not Message.objects.exists()
    assert fresh(ticket).last_seq == 1


def test_reply_refuses_the_public_answer_on_a_closed_ticket_only():
    ticket = in_status("closed")

    with pytest.raises(services.TicketClosed, match="Reopen it"):
        reply(ticket)
    assert not Message.objects.exists()

    assert reply(ticket, public=False).direction == "INTERNAL"


def test_a_customer_message_wakes_a_waiting_ticket_to_where_it_was():
    ticket = in_status("triaged", "escalated", "pending", "waiting")

    receive(ticket)

    assert fresh(ticket).status.code == "escalated"
    event = TicketEvent.objects.filter(ticket=ticket).latest("seq")
    assert (event.kind, event.reason) == ("STATUS", "The customer wrote.")


def test_a_waking_ticket_goes_to_work_when_its_former_status_is_retired():
    ticket = in_status("triaged", "escalated", "waiting")
    Status.objects.filter(code="escalated").update(is_active=False)

    receive(ticket)

    assert fresh(ticket).status.code == "in-progress"


@pytest.mark.parametrize("codes", [["resolved"], ["resolved", "closed"], ["closed"]])
def test_a_customer_message_reopens_an_ended_ticket(codes):
    ticket = in_status(*codes)

    receive(ticket)

    ticket = fresh(ticket)
    assert (ticket.status.code, ticket.is_open) == ("reopened", True)
    assert (ticket.reopen_count, ticket.resolved_at) == (1, None)


def test_a_customer_message_on_open_work_leaves_the_status():
    ticket = in_status("in-progress")

    receive(ticket)

    assert statuses(ticket) == ["new", "in-progress"]


def test_receive_message_delivered_twice_is_recorded_once():
    ticket = in_status("waiting")

    first = receive(ticket, external_id="<1@mail>")
    services.change_status(
        ticket_id=ticket.pk, at=MONDAY_9AM + 10 * HOUR, actor=None, status="waiting"
    )
    again = receive(ticket, external_id="<1@mail>", hours=11)

    assert again == first
    assert Message.objects.count() == 1
    assert fresh(ticket).status.code == "waiting"


def test_receive_message_without_a_known_sender_is_kept():
    ticket = open_ticket()

    message = services.receive_message(
        ticket_id=ticket.pk, at=MONDAY_9AM, contact=None, body="a\x00b"
    )

    assert (message.contact, message.body) == (None, "ab")


def test_receive_message_refuses_an_empty_text_and_writes_nothing():
    ticket = in_status("waiting")

    with pytest.raises(services.EmptyMessage):
        services.receive_message(
            ticket_id=ticket.pk, at=MONDAY_9AM + 9 * HOUR, contact=None, body=""
        )

    assert fresh(ticket).status.code == "waiting"
    assert not Message.objects.exists()


def test_receive_message_for_a_merged_ticket_lands_on_the_survivor():
    first, second, third = open_ticket(), open_ticket(), open_ticket()
    for duplicate, into in ((third, second), (second, first)):
        services.merge_tickets(
            duplicate_id=duplicate.pk,
            into_id=into.pk,
            at=MONDAY_9AM,
            actor=None,
            reason="Same outage",
        )

    message = receive(third)

    assert message.ticket == first
    assert message.event.details == {"sent_to": third.pk}
    assert fresh(third).state == "CLOSED"
