import pytest

from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import (
    MONDAY_9AM,
    CategoryFactory,
    ContactFactory,
    OrganisationFactory,
    open_ticket,
)
from tickets import services
from tickets.models import Message, Tag, Ticket, TicketEvent
from tickets.signals import tickets_changed

pytestmark = pytest.mark.django_db


def rows(ticket: Ticket) -> list[tuple]:
    events = TicketEvent.objects.filter(ticket=ticket).order_by("seq")
    return [(e.seq, e.kind, e.from_value, e.to_value, e.state) for e in events]


def test_open_ticket_starts_as_new_and_records_its_creation():
    ticket = open_ticket()

    assert rows(ticket) == [(1, "CREATED", "", "new", "OPEN")]
    assert (ticket.status.code, ticket.state, ticket.is_open) == ("new", "OPEN", True)
    assert ticket.last_seq == 1
    assert ticket.created_at == ticket.updated_at == MONDAY_9AM


def test_open_ticket_records_one_event_for_each_value_it_starts_with():
    team, assignee = TeamFactory(name="Frontline"), UserFactory(last_name="Lovelace")
    category = CategoryFactory(name="Billing")

    ticket = open_ticket(
        priority="P2",
        severity="SEV3",
        team=team,
        assignee=assignee,
        level="L1",
        category=category,
        tags=["Refund", "billing"],
        body="My invoice is wrong.",
    )

    assert rows(ticket) == [
        (1, "CREATED", "", "new", "OPEN"),
        (2, "PRIORITY", "", "P2", ""),
        (3, "SEVERITY", "", "SEV3", ""),
        (4, "TEAM", "", "Frontline", ""),
        (5, "ASSIGNEE", "", "Ada Lovelace", ""),
        (6, "LEVEL", "", "L1", ""),
        (7, "CATEGORY", "", "Billing", ""),
        (8, "TAGS", "", "billing refund", ""),
        (9, "MESSAGE", "", "", ""),
    ]
    events = {event.kind: event for event in ticket.events.all()}
    assert events["TEAM"].details == {"id": team.pk}
    assert events["ASSIGNEE"].details == {"id": assignee.pk}
    assert events["CATEGORY"].details == {"id": category.pk}
    assert events["MESSAGE"].direction == "IN"
    assert events["MESSAGE"].message.contact == ticket.requester
    assert ticket.first_response_at is None
    assert ticket.last_seq == 9


def test_open_ticket_takes_the_organisation_from_the_requester():
    contact = ContactFactory()

    assert open_ticket(requester=contact).organisation == contact.organisation


def test_open_ticket_takes_the_priority_from_impact_and_urgency():
    ticket = open_ticket(impact="MANY", urgency="BLOCKED")

    assert ticket.priority == "P1"
    assert (2, "PRIORITY", "", "P1", "") in rows(ticket)


def test_open_ticket_in_an_ended_status_is_resolved_at_once():
    ticket = open_ticket(status="resolved")

    assert (ticket.is_open, ticket.resolved_at) == (False, MONDAY_9AM)
    assert ticket.reopen_count == 0


def test_open_ticket_announces_after_commit(django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, ticket_ids, at, **kwargs):
        heard.append((ticket_ids, at))

    tickets_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            ticket = open_ticket()
            assert heard == []
    finally:
        tickets_changed.disconnect(listen)

    assert heard == [([ticket.pk], MONDAY_9AM)]


@pytest.mark.parametrize(
    ("values", "refusal", "message"),
    [
        ({"subject": "  "}, services.MissingFields, "needs a subject"),
        ({"subject": "x" * 301}, services.TextTooLong, "301 characters"),
        ({"status": "nowhere"}, services.UnknownStatus, "“nowhere” is no status"),
        ({"priority": "P9"}, services.UnknownValue, "P1, P2, P3, P4, P5"),
        ({"severity": "SEV9"}, services.UnknownValue, "SEV9"),
        ({"level": "L7"}, services.UnknownValue, "L0, L1, L2, L3"),
        ({"tags": ["two words"]}, services.UnknownValue, "two words"),
        ({"tags": ["x" * 61]}, services.TextTooLong, "longer than 60"),
        (
            {"priority": "P1", "impact": "SINGLE", "urgency": "MINOR"},
            services.ReasonRequired,
            "matrix says P4",
        ),
    ],
)
def test_open_ticket_refuses_and_writes_nothing(values, refusal, message):
    with pytest.raises(refusal, match=message):
        open_ticket(**values)

    assert not Ticket.objects.exists()
    assert not TicketEvent.objects.exists()
    assert not Tag.objects.exists()


def test_open_ticket_refuses_an_inactive_assignee():
    with pytest.raises(services.AssigneeInactive, match="cannot sign in"):
        open_ticket(assignee=UserFactory(is_active=False))

    assert not Ticket.objects.exists()


def test_open_ticket_by_a_person_needs_a_customer():
    with pytest.raises(services.MissingFields, match="needs a customer") as refused:
        open_ticket(actor=UserFactory(), requester=None)

    assert refused.value.fields == ["customer"]
    assert not Ticket.objects.exists()


def test_open_ticket_by_a_program_may_not_know_the_customer_yet():
    ticket = open_ticket(actor=UserFactory(is_automation=True), requester=None)

    assert ticket.organisation is None


def test_open_ticket_by_a_person_at_work_needs_a_priority():
    with pytest.raises(services.MissingFields, match="without: priority"):
        open_ticket(actor=UserFactory(), status="in-progress")

    assert not Ticket.objects.exists()


def test_open_ticket_for_an_organisation_keeps_the_text_without_a_contact():
    ticket = open_ticket(organisation=OrganisationFactory(name="Acme"), body="Hello")

    message = Message.objects.get(ticket=ticket)
    assert (message.contact, message.author_name) == (None, "Acme")
