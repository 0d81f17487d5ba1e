from datetime import timedelta

import pytest

from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db

LATER = MONDAY_9AM + timedelta(hours=1)


def pause(ticket, *, kind="CUSTOMER_REQUEST", reason="They are on holiday"):
    return services.pause_clocks(
        ticket_id=ticket.pk, at=LATER, actor=None, kind=kind, reason=reason
    )


def resume(ticket):
    return services.resume_clocks(ticket_id=ticket.pk, at=LATER, actor=None)


def log(ticket) -> list[tuple]:
    events = TicketEvent.objects.filter(ticket=ticket, kind__in=["PAUSED", "RESUMED"])
    return list(events.order_by("seq").values_list("kind", "to_value", "reason"))


def test_pause_and_resume_are_recorded_with_their_kind():
    ticket = open_ticket()

    pause(ticket)
    resume(ticket)
    pause(ticket, kind="THIRD_PARTY", reason="Bank is down")

    assert log(ticket) == [
        ("PAUSED", "CUSTOMER_REQUEST", "They are on holiday"),
        ("RESUMED", "CUSTOMER_REQUEST", ""),
        ("PAUSED", "THIRD_PARTY", "Bank is down"),
    ]


@pytest.mark.parametrize(
    ("kind", "reason", "refusal"),
    [
        ("CUSTOMER_REQUEST", " ", services.ReasonRequired),
        ("", "Because", services.UnknownValue),
        ("LUNCH", "Because", services.UnknownValue),
    ],
)
def test_pause_refuses_without_documentation_and_writes_nothing(kind, reason, refusal):
    ticket = open_ticket()

    with pytest.raises(refusal):
        pause(ticket, kind=kind, reason=reason)

    assert log(ticket) == []
    assert Ticket.objects.get(pk=ticket.pk).last_seq == 1


def test_pause_refuses_a_second_pause():
    ticket = open_ticket()
    pause(ticket)

    with pytest.raises(services.AlreadyPaused, match="paused already"):
        pause(ticket)

    assert len(log(ticket)) == 1


def test_resume_refuses_when_nobody_paused():
    ticket = open_ticket()

    with pytest.raises(services.NotPaused, match="change the status"):
        resume(ticket)

    assert log(ticket) == []


def test_pause_refuses_an_ended_ticket():
    ticket = open_ticket(status="resolved")

    with pytest.raises(services.TicketEnded, match="Reopen it"):
        pause(ticket)

    assert log(ticket) == []
