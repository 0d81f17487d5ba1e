from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.factories.tickets import (
    MONDAY_9AM,
    ContactAddressFactory,
    ContactFactory,
    OrganisationFactory,
    open_ticket,
    status,
)
from tickets.models import (
    Contact,
    CustomerTier,
    Message,
    PriorityRule,
    SeverityRule,
    StatusMove,
    Ticket,
    TicketEvent,
)

pytestmark = pytest.mark.django_db


def test_an_event_is_never_saved_twice():
    event = open_ticket().events.get()

    with pytest.raises(TypeError, match="append another one"):
        event.save()


def test_the_database_itself_refuses_to_change_an_event():
    ticket = open_ticket()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TicketEvent.objects.filter(ticket=ticket).update(reason="rewritten")

    assert ticket.events.get().reason == ""


def test_events_go_with_their_ticket():
    open_ticket(body="Hello").delete()

    assert not TicketEvent.objects.exists()
    assert not Message.objects.exists()


def violations():
    """Yield the name of each constraint and what breaks it."""
    later = MONDAY_9AM + timedelta(hours=1)
    ticket = open_ticket()
    tickets = Ticket.objects.filter(pk=ticket.pk)
    yield (
        "tickets_ticket_open_follows_state",
        lambda: tickets.update(is_open=False),
    )
    yield (
        "tickets_ticket_not_merged_into_itself",
        lambda: tickets.update(merged_into=ticket.pk),
    )
    yield (
        "tickets_event_state_on_status_rows",
        lambda: TicketEvent.objects.create(
            ticket=ticket, seq=9, at=later, kind="PRIORITY", state="OPEN"
        ),
    )
    yield (
        "tickets_event_state_on_status_rows",
        lambda: TicketEvent.objects.create(
            ticket=ticket, seq=9, at=later, kind="STATUS"
        ),
    )
    yield (
        "tickets_message_only_customers_write_in",
        lambda: Message.objects.create(
            ticket=ticket,
            at=later,
            direction="OUT",
            contact=ticket.requester,
            body="x",
        ),
    )
    yield (
        "tickets_statusmove_goes_somewhere",
        lambda: StatusMove.objects.create(source=status("new"), target=status("new")),
    )
    yield (
        "tickets_customertier_multiplier_positive",
        lambda: CustomerTier.objects.create(code="x", name="X", default_multiplier=0),
    )
    yield (
        "tickets_organisation_mrr_not_negative",
        lambda: OrganisationFactory(mrr=-1),
    )


def test_check_constraints_hold_in_the_database_by_name():
    for name, breaking in violations():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            breaking()


def duplicates():
    ticket = open_ticket()
    event = ticket.events.get()
    yield lambda: TicketEvent.objects.create(
        ticket=ticket, seq=event.seq, at=MONDAY_9AM, kind="ACTIVITY"
    )
    ContactAddressFactory(value="ada@example.com")
    yield lambda: ContactAddressFactory(value="ada@example.com")
    ContactFactory(source="zendesk", external_id="7")
    yield lambda: ContactFactory(source="zendesk", external_id="7")
    OrganisationFactory(source="zendesk", external_id="7")
    yield lambda: OrganisationFactory(source="zendesk", external_id="7")
    Ticket.objects.filter(pk=ticket.pk).update(source="zendesk", external_id="7")
    other = open_ticket()
    yield lambda: Ticket.objects.filter(pk=other.pk).update(
        source="zendesk", external_id="7"
    )
    yield lambda: StatusMove.objects.create(
        source=status("new"), target=status("triaged")
    )
    yield lambda: PriorityRule.objects.create(
        impact="MANY", urgency="BLOCKED", priority="P2"
    )
    yield lambda: SeverityRule.objects.create(
        users_affected="ALL", impairment="COMPLETE", severity="SEV2"
    )


def test_what_must_be_unique_is_so_in_the_database():
    for twice in duplicates():
        with pytest.raises(IntegrityError), transaction.atomic():
            twice()


def test_rows_without_an_outside_number_are_not_compared():
    ContactFactory(source="zendesk")
    ContactFactory(source="zendesk")

    assert Contact.objects.filter(source="zendesk").count() == 2
