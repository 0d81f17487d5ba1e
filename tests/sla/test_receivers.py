from datetime import UTC, datetime, timedelta

import pytest

from sla import receivers
from sla.models import SlaClock
from sla.services import clocks
from sla.services.clock_rows import ClockValues
from supportops.jobs.models import Job
from supportops.metrics.models import DirtyDay
from tests.factories import sla as make
from tests.factories.people import TeamFactory
from tickets import services
from tickets.models import Ticket
from tickets.signals import tickets_changed

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what is sent after the commit, as a request would."""

    def call(verb, **values):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(actor=None, **values)

    return call


def stored():
    return list(SlaClock.objects.order_by("pk").values_list("pk", *ClockValues._fields))


def test_new_ticket_has_clocks_when_its_transaction_is_committed(committed):
    make.published()

    ticket = committed(services.open_ticket, at=MONDAY, subject="New", priority="P2")

    found = SlaClock.objects.get(ticket=ticket, metric="first_response")
    assert (found.state, found.due_at) == ("running", MONDAY + timedelta(hours=1))
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == found.due_at


def test_clocks_follow_each_change(committed):
    make.published()
    ticket = committed(services.open_ticket, at=MONDAY, subject="New", priority="P2")
    at = MONDAY + timedelta(minutes=10)

    committed(
        services.change_priority,
        ticket_id=ticket.pk,
        at=at,
        priority="P1",
        reason="Everyone is hit",
    )

    found = SlaClock.objects.get(ticket=ticket, metric="first_response")
    assert found.due_at == MONDAY + timedelta(minutes=15)


def test_the_same_event_delivered_twice_changes_nothing(committed):
    make.published()
    ticket = committed(services.open_ticket, at=MONDAY, subject="New", priority="P2")
    before = stored()

    for _ in range(2):
        tickets_changed.send(sender=Ticket, ticket_ids=[ticket.pk], at=MONDAY)

    assert stored() == before


def test_news_that_arrive_out_of_order_end_at_the_same_clocks(committed):
    make.published()
    ticket = committed(services.open_ticket, at=MONDAY, subject="New", priority="P2")
    committed(
        services.pause_clocks,
        ticket_id=ticket.pk,
        at=MONDAY + timedelta(minutes=5),
        kind="OTHER",
        reason="Strike",
    )
    latest = MONDAY + timedelta(minutes=9)
    committed(services.resume_clocks, ticket_id=ticket.pk, at=latest)
    before = stored()

    tickets_changed.send(sender=Ticket, ticket_ids=[ticket.pk], at=latest)

    assert stored() == before


def test_team_change_marks_the_days_its_promises_count_for(committed):
    make.published()
    ticket = committed(
        services.open_ticket, at=MONDAY, subject="New", priority="P2", status="assigned"
    )
    committed(
        services.change_status,
        ticket_id=ticket.pk,
        at=MONDAY + timedelta(hours=1),
        status="resolved",
    )
    DirtyDay.objects.all().delete()

    committed(
        services.move_to_team,
        ticket_id=ticket.pk,
        at=MONDAY + timedelta(days=3),
        team=TeamFactory(),
    )

    days = DirtyDay.objects.filter(kind="promises").values_list("day", flat=True)
    assert set(days) == {MONDAY.date()}


def test_many_tickets_become_a_job(committed, django_capture_on_commit_callbacks):
    ids = list(range(1, receivers.AT_ONCE + 2))

    with django_capture_on_commit_callbacks(execute=True):
        tickets_changed.send(sender=Ticket, ticket_ids=ids, at=MONDAY)

    job = Job.objects.get(kind="sla.recompute")
    assert (job.state, job.result["tickets"]) == ("DONE", 0)


def test_what_leaves_clocks_as_they_are_is_passed_over(committed):
    with clocks.kept_current():
        ticket = committed(services.open_ticket, at=MONDAY, subject="New")

    assert not SlaClock.objects.filter(ticket=ticket).exists()
