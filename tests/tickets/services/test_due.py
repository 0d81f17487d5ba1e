from datetime import timedelta

import pytest

from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db

NOON = MONDAY_9AM + timedelta(hours=3)


def due(ticket):
    return Ticket.objects.get(pk=ticket.pk).next_due_at


def test_set_next_due_changes_only_rows_that_differ():
    first, second, third = open_ticket(), open_ticket(), open_ticket()
    assert services.set_next_due({first.pk: NOON, second.pk: NOON}) == 2

    changed = services.set_next_due({first.pk: NOON, second.pk: None, third.pk: NOON})

    assert changed == 2
    assert (due(first), due(second), due(third)) == (NOON, None, NOON)
    assert TicketEvent.objects.count() == 3
    assert Ticket.objects.get(pk=first.pk).updated_at == MONDAY_9AM


def test_set_next_due_of_nothing_changes_nothing():
    assert services.set_next_due({}) == 0
    assert services.set_next_due({404: NOON}) == 0


def test_set_next_due_reads_in_batches(django_assert_num_queries):
    ticket = open_ticket()
    due_at = {ticket.pk + number: NOON for number in range(1000)}

    # SQLite reads in two batches of 999, PostgreSQL in one and locks before it writes
    with django_assert_num_queries(5):
        assert services.set_next_due(due_at) == 1
