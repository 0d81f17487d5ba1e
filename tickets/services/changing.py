"""The one way to change a ticket: lock its row, append events, update columns, announce."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.models import Message, Ticket, TicketEvent
from tickets.models.events import REASON_LENGTH, VALUE_LENGTH
from tickets.services.refusals import (
    EventOutOfOrder,
    ReasonRequired,
    TextTooLong,
    TicketMerged,
    UnknownValue,
)
from tickets.signals import tickets_changed
from workforce.people.models import User

Kind = TicketEvent.Kind

# Callers read the clock before they wait for the row lock (SQLite waits 20 s at most),
# and two machines' clocks differ a little. A change that waited took effect only when
# it got the lock, so within this span it is dated at the last event; beyond it is wrong.
LOCK_WAIT = timedelta(seconds=30)


class Change:
    """What one service call does to one locked ticket, written at its end."""

    def __init__(self, ticket: Ticket, *, at: datetime, actor: User | None) -> None:
        self.ticket = ticket
        self.at = at
        self.actor = actor
        self._events: list[TicketEvent] = []
        self._columns: dict[str, None] = {}

    @property
    def is_empty(self) -> bool:
        return not self._events

    def set(self, **columns: Any) -> None:
        """Give columns new values; they are saved with the events."""
        for name, value in columns.items():
            setattr(self.ticket, name, value)
            self._columns[name] = None

    def append(
        self,
        kind: TicketEvent.Kind,
        *,
        from_value: str = "",
        to_value: str = "",
        state: str = "",
        reason: str = "",
        details: Mapping[str, Any] | None = None,
        message: Message | None = None,
    ) -> None:
        """Add one event after all that the ticket has."""
        refuse_long_reason(reason)
        self.set(last_seq=self.ticket.last_seq + 1)
        self._events.append(
            TicketEvent(
                ticket=self.ticket,
                seq=self.ticket.last_seq,
                at=self.at,
                kind=kind,
                actor=self.actor,
                from_value=from_value[:VALUE_LENGTH],
                to_value=to_value[:VALUE_LENGTH],
                state=state,
                direction=message.direction if message else "",
                message=message,
                reason=reason,
                details=dict(details or {}),
            )
        )

    def say(
        self,
        direction: Message.Direction,
        body: str,
        *,
        details: Mapping[str, Any] | None = None,
        **author: Any,
    ) -> Message:
        """Write a message and its event."""
        message = Message.objects.create(
            ticket=self.ticket, at=self.at, direction=direction, body=body, **author
        )
        self.append(Kind.MESSAGE, message=message, details=details)
        return message

    def write(self) -> None:
        """Insert the events, save the columns, announce once it is committed."""
        if self.is_empty:
            return
        TicketEvent.objects.bulk_create(self._events)
        self.set(updated_at=self.at)
        self.ticket.save(update_fields=list(self._columns))
        announce([self.ticket.pk], at=self.at)


@contextmanager
def changing(
    ticket_id: int, *, at: datetime, actor: User | None, merged: bool = False
) -> Iterator[Change]:
    """Lock the ticket for one change; leaving the block writes it, an error nothing.

    Raises ``TicketMerged`` for a ticket that lives on in another one (unless
    ``merged``), ``EventOutOfOrder`` when ``at`` lies before its last event.
    """
    with transaction.atomic():
        ticket = lock_tickets([ticket_id])[ticket_id]
        if ticket.merged_into_id and not merged:
            refuse_merged(ticket)
        change = Change(ticket, at=dated(ticket, at), actor=actor)
        yield change
        change.write()


def lock_tickets(ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """Lock rows in the order of their numbers, so that two callers never deadlock.

    The lock lets others insert rows that point to the ticket (clocks, imports).
    Raises ``Ticket.DoesNotExist`` when one is missing.
    """
    wanted = sorted(set(ticket_ids))
    rows = Ticket.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    found = {ticket.pk: ticket for ticket in rows.order_by("pk")}
    for ticket_id in wanted:
        if ticket_id not in found:
            raise Ticket.DoesNotExist(f"There is no ticket #{ticket_id}.")
    return found


def dated(ticket: Ticket, at: datetime) -> datetime:
    """Return the moment to record: ``at``, or that of the event it waited for."""
    # updated_at is the time of the last event: every writer sets both together.
    if at >= ticket.updated_at:
        return at
    if ticket.updated_at - at <= LOCK_WAIT:
        return ticket.updated_at
    raise EventOutOfOrder(
        _(
            "Ticket #%(number)d was last changed at %(last)s, so nothing can be "
            "recorded at %(at)s. Use a later time; a past history is imported instead."
        )
        % {
            "number": ticket.pk,
            "last": timezone.localtime(ticket.updated_at).isoformat(),
            "at": timezone.localtime(at).isoformat(),
        }
    )


def announce(ticket_ids: list[int], *, at: datetime) -> None:
    """Tell other apps once this transaction is committed.

    A listener that fails is logged; the change is committed and stays.
    """
    transaction.on_commit(
        partial(
            tickets_changed.send_robust, sender=Ticket, ticket_ids=ticket_ids, at=at
        )
    )


def refuse_merged(ticket: Ticket) -> None:
    raise TicketMerged(
        _(
            "Ticket #%(number)d was merged into #%(into)d and takes no more changes. "
            "Work on #%(into)d."
        )
        % {"number": ticket.pk, "into": ticket.merged_into_id}
    )


def require_reason(reason: str, message: str) -> str:
    if not reason.strip():
        raise ReasonRequired(message)
    return reason.strip()


def refuse_long_reason(reason: str) -> None:
    if len(reason) > REASON_LENGTH:
        raise TextTooLong(
            _(
                "The reason has %(length)d characters; at most %(limit)d are kept. "
                "Shorten it, or write an internal note."
            )
            % {"length": len(reason), "limit": REASON_LENGTH}
        )


def known(value: str, choices: Iterable[str], *, what: str) -> str:
    """Return the value when it is empty or one of the choices.

    Raises ``UnknownValue`` naming the choices.
    """
    options = list(choices)
    if value and value not in options:
        raise UnknownValue(
            _("“%(value)s” is no %(what)s. Use one of: %(choices)s.")
            % {"value": value, "what": what, "choices": ", ".join(options)}
        )
    return value
