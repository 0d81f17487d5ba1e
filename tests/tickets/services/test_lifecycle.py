from datetime import timedelta

import pytest

from tests.factories.people import UserFactory
from tests.factories.tickets import (
    MONDAY_9AM,
    CategoryFactory,
    ProductAreaFactory,
    open_ticket,
    status,
)
from tickets import services
from tickets.models import Status, StatusMove, Ticket, TicketEvent
from tickets.signals import tickets_changed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def move(ticket, code, *, hours=1, **more):
    at = MONDAY_9AM + hours * HOUR
    return services.change_status(
        ticket_id=ticket.pk, at=at, actor=None, status=code, **more
    )


def last(ticket) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket).latest("seq")


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_change_status_records_who_when_and_why():
    ticket, agent = open_ticket(priority="P3"), UserFactory()

    services.change_status(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + HOUR,
        actor=agent,
        status="in-progress",
        reason="On it.",
    )

    event = last(ticket)
    assert (event.kind, event.from_value, event.to_value, event.state) == (
        "STATUS",
        "new",
        "in-progress",
        "OPEN",
    )
    assert (event.actor, event.at, event.reason) == (agent, MONDAY_9AM + HOUR, "On it.")
    ticket = fresh(ticket)
    assert (ticket.status.code, ticket.updated_at) == ("in-progress", MONDAY_9AM + HOUR)
    assert ticket.last_seq == event.seq == 3


def test_change_status_refuses_an_illegal_move_naming_the_allowed_ones():
    ticket = open_ticket(priority="P3")

    with pytest.raises(services.IllegalMove) as refused:
        move(ticket, "engineering")

    assert refused.value.code == "illegal_move"
    assert refused.value.allowed == [
        "triaged",
        "assigned",
        "in-progress",
        "waiting",
        "resolved",
        "closed",
    ]
    assert str(refused.value) == (
        "A ticket cannot go from “New” to “Engineering”. From “New” it can go to: "
        "Triaged, Assigned, In progress, Waiting on customer, Resolved, Closed."
    )
    assert fresh(ticket).last_seq == 2


def test_change_status_says_when_no_move_leads_out():
    StatusMove.objects.filter(source=status("new")).delete()

    with pytest.raises(services.IllegalMove, match="no move leads out"):
        move(open_ticket(priority="P3"), "triaged")


def test_change_status_does_not_offer_a_retired_status():
    Status.objects.filter(code="closed").update(is_active=False)

    with pytest.raises(services.IllegalMove) as refused:
        move(open_ticket(priority="P3"), "engineering")

    assert "closed" not in refused.value.allowed


@pytest.mark.parametrize("code", ["nowhere", "retired"])
def test_change_status_refuses_a_status_not_in_use(code):
    Status.objects.create(code="retired", name="R", category="OPEN", is_active=False)
    ticket = open_ticket()

    with pytest.raises(services.UnknownStatus, match="new, triaged, assigned"):
        move(ticket, code)

    assert fresh(ticket).last_seq == 1


def test_change_status_to_the_present_one_changes_nothing():
    ticket = open_ticket()

    move(ticket, "new")

    assert fresh(ticket).last_seq == 1
    assert fresh(ticket).updated_at == MONDAY_9AM


def test_leaving_intake_needs_priority_and_what_the_desk_files_by():
    CategoryFactory()
    ProductAreaFactory()
    ticket = open_ticket(requester=None)

    with pytest.raises(services.MissingFields) as refused:
        move(ticket, "in-progress")

    assert refused.value.fields == ["priority", "category", "product_area", "customer"]
    assert "priority, category, product area, customer" in str(refused.value)
    assert fresh(ticket).last_seq == 1


def test_leaving_intake_needs_no_category_where_the_desk_keeps_none():
    assert move(open_ticket(priority="P3"), "in-progress").state == "OPEN"


def test_triaging_needs_no_fields_yet():
    assert move(open_ticket(), "triaged").status.code == "triaged"


def test_out_of_scope_tickets_are_closed_without_filing_them():
    ticket = move(open_ticket(), "closed", outcome="OUT_OF_SCOPE")

    assert (ticket.state, ticket.outcome) == ("CLOSED", "OUT_OF_SCOPE")
    assert last(ticket).details == {"outcome": "OUT_OF_SCOPE"}


def test_resolving_closing_and_reopening_keep_their_moments():
    ticket = open_ticket(priority="P3")

    move(ticket, "resolved", hours=1, outcome="SOLVED")
    ticket = fresh(ticket)
    assert (ticket.is_open, ticket.outcome) == (False, "SOLVED")
    assert (ticket.resolved_at, ticket.closed_at) == (MONDAY_9AM + HOUR, None)

    move(ticket, "closed", hours=2)
    ticket = fresh(ticket)
    assert (ticket.resolved_at, ticket.closed_at) == (
        MONDAY_9AM + HOUR,
        MONDAY_9AM + 2 * HOUR,
    )
    assert ticket.outcome == "SOLVED"
    assert last(ticket).details == {"outcome": "SOLVED"}

    move(ticket, "reopened", hours=3)
    ticket = fresh(ticket)
    assert (ticket.is_open, ticket.reopen_count, ticket.outcome) == (True, 1, "")
    assert (ticket.resolved_at, ticket.closed_at) == (None, None)


def test_closing_without_resolving_resolves_at_the_closing():
    ticket = move(open_ticket(priority="P3"), "closed", hours=2)

    assert ticket.resolved_at == ticket.closed_at == MONDAY_9AM + 2 * HOUR


@pytest.mark.parametrize(
    ("code", "outcome", "refusal", "message"),
    [
        ("triaged", "SOLVED", services.OutcomeRefused, "does not end a ticket"),
        ("closed", "DUPLICATE", services.OutcomeRefused, "Merge it"),
        ("closed", "LOST", services.UnknownValue, "“LOST” is no outcome"),
    ],
)
def test_change_status_refuses_an_outcome_that_does_not_fit(
    code, outcome, refusal, message
):
    ticket = open_ticket(priority="P3")

    with pytest.raises(refusal, match=message):
        move(ticket, code, outcome=outcome)

    assert fresh(ticket).last_seq == 2


def test_a_change_dated_before_the_last_event_is_refused():
    ticket = open_ticket(priority="P3")
    move(ticket, "triaged", hours=2)

    with pytest.raises(services.EventOutOfOrder, match="later time") as refused:
        move(ticket, "in-progress", hours=1)

    assert refused.value.code == "event_out_of_order"
    assert fresh(ticket).status.code == "triaged"
    assert fresh(ticket).last_seq == 3


def test_a_change_that_waited_for_the_lock_is_dated_at_the_last_event():
    ticket = open_ticket(priority="P3")
    late = MONDAY_9AM - timedelta(seconds=30)

    services.change_status(
        ticket_id=ticket.pk, at=late, actor=None, status="in-progress"
    )

    assert last(ticket).at == MONDAY_9AM


def test_a_reason_too_long_to_keep_is_refused():
    ticket = open_ticket(priority="P3")

    with pytest.raises(services.TextTooLong, match="501 characters"):
        move(ticket, "triaged", reason="x" * 501)

    assert fresh(ticket).last_seq == 2
    assert fresh(ticket).status.code == "new"


def test_a_ticket_that_is_not_there_says_so():
    with pytest.raises(Ticket.DoesNotExist, match="no ticket #404"):
        services.change_status(
            ticket_id=404, at=MONDAY_9AM, actor=None, status="closed"
        )


def test_record_escalation_changes_the_log_only():
    ticket = open_ticket()

    services.record_escalation(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + HOUR,
        reason="90 % of the first response is gone.",
        details={"threshold": 90},
    )

    assert last(ticket).kind == "ESCALATION"
    assert last(ticket).details == {"threshold": 90}
    assert fresh(ticket).status.code == "new"


def test_a_failing_listener_does_not_undo_a_change(
    django_capture_on_commit_callbacks, caplog
):
    ticket = open_ticket(priority="P3")

    def fail(sender, **kwargs):
        raise RuntimeError("listener down")

    tickets_changed.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            move(ticket, "triaged")
    finally:
        tickets_changed.disconnect(fail)

    assert fresh(ticket).status.code == "triaged"
    assert "listener down" in caplog.text


def test_every_shipped_status_leads_to_an_end():
    moves = set(StatusMove.objects.values_list("source__code", "target__code"))
    assert len(moves) == 55
    for code in Status.objects.values_list("code", flat=True):
        reached, frontier = {code}, {code}
        while frontier:
            frontier = {b for a, b in moves if a in frontier} - reached
            reached |= frontier
        assert "closed" in reached
