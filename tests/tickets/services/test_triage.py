from datetime import timedelta

import pytest

from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services
from tickets.models import Status, Ticket, TicketEvent

pytestmark = pytest.mark.django_db

AT_RISK = {"outage": False, "revenue_or_data": True}


def triage(ticket, **values):
    return services.triage_ticket(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + timedelta(hours=1),
        actor=UserFactory(),
        **{"answers": AT_RISK, **values},
    )


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_triage_sets_priority_and_severity_and_moves_the_ticket_on():
    ticket = open_ticket()

    triage(ticket, users_affected="MULTIPLE", impairment="MAJOR")

    ticket = fresh(ticket)
    assert (ticket.priority, ticket.severity) == ("P2", "SEV3")
    assert (ticket.users_affected, ticket.impairment) == ("MULTIPLE", "MAJOR")
    assert ticket.status.code == "triaged"
    why = "Triage: no outage, revenue or data at risk → P2."
    events = ticket.events.filter(seq__gt=1).order_by("seq")
    assert [(e.kind, e.to_value, e.reason) for e in events] == [
        ("FIELD", "P2", why),
        ("FIELD", "MULTIPLE", ""),
        ("FIELD", "MAJOR", ""),
        ("PRIORITY", "P2", why),
        ("SEVERITY", "SEV3", why),
        ("STATUS", "triaged", why),
    ]
    assert events[0].details == {"field": "triage", "answers": AT_RISK}


def test_triage_keeps_the_answers_even_when_nothing_else_changes():
    ticket = open_ticket(priority="P2", status="in-progress")

    triage(ticket)

    events = ticket.events.filter(seq__gt=2)
    assert [event.details["field"] for event in events] == ["triage"]


def test_triage_overridden_needs_a_reason_and_keeps_it():
    ticket = open_ticket()

    with pytest.raises(services.ReasonRequired, match="Triage proposes P2"):
        triage(ticket, priority="P1")
    assert fresh(ticket).last_seq == 1

    triage(ticket, priority="P1", reason="Press is calling")
    assert fresh(ticket).priority == "P1"
    event = TicketEvent.objects.get(ticket=ticket, kind="PRIORITY")
    assert event.reason.endswith("→ P2. Press is calling")


def test_triage_overridden_severity_needs_a_reason():
    ticket = open_ticket()

    with pytest.raises(services.ReasonRequired, match="Triage proposes SEV1"):
        triage(ticket, users_affected="ALL", impairment="COMPLETE", severity="SEV5")

    assert fresh(ticket).last_seq == 1


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"answers": {"outage": False}}, services.TriageIncomplete),
        ({"answers": {"mood": True}}, services.TriageIncomplete),
        ({"priority": "P7", "reason": "x"}, services.UnknownValue),
        ({"users_affected": "NONE"}, services.UnknownValue),
        ({"impairment": "NONE"}, services.UnknownValue),
    ],
)
def test_triage_refuses_and_writes_nothing(values, refusal):
    ticket = open_ticket()

    with pytest.raises(refusal):
        triage(ticket, **values)

    assert fresh(ticket).last_seq == 1
    assert fresh(ticket).status.code == "new"


def test_triage_refuses_an_ended_ticket():
    ticket = open_ticket(status="closed")

    with pytest.raises(services.TicketEnded, match="nothing is left"):
        triage(ticket)

    assert fresh(ticket).last_seq == 1


def test_triage_leaves_the_status_where_the_desk_has_no_such_step():
    Status.objects.filter(code="triaged").update(is_active=False)
    ticket = open_ticket()

    triage(ticket)

    assert fresh(ticket).status.code == "new"
