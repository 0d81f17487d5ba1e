"""Escalations of many tickets at once, as the sweep of promises records them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from tickets.models import Ticket, TicketEvent
from tickets.services.changing import announce, lock_tickets, refuse_long_reason


class Escalation(NamedTuple):
    """Somebody above was called in to a ticket, and why."""

    ticket_id: int
    reason: str
    details: Mapping[str, Any]


@transaction.atomic
def record_escalations(escalations: Iterable[Escalation], *, at: datetime) -> int:
    """Do what ``record_escalation`` does for each, in five queries; return how many.

    Several of one ticket are recorded in the order given. A ticket that was changed
    after ``at`` has its escalation dated at that change: the log stays in order.
    """
    wanted = list(escalations)
    if not wanted:
        return 0
    tickets = lock_tickets(escalation.ticket_id for escalation in wanted)
    events = [_event(tickets[row.ticket_id], row, at) for row in wanted]
    TicketEvent.objects.bulk_create(events)
    Ticket.objects.bulk_update(
        tickets.values(), ["last_seq", "updated_at"], batch_size=200
    )
    announce(sorted(tickets), at=at)
    return len(events)


def _event(ticket: Ticket, escalation: Escalation, at: datetime) -> TicketEvent:
    refuse_long_reason(escalation.reason)
    ticket.last_seq += 1
    ticket.updated_at = max(ticket.updated_at, at)
    return TicketEvent(
        ticket=ticket,
        seq=ticket.last_seq,
        at=ticket.updated_at,
        kind=TicketEvent.Kind.ESCALATION,
        reason=escalation.reason,
        details=dict(escalation.details),
    )
