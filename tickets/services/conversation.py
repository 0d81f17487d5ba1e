"""What is said on a ticket, by the customer and by us."""

from datetime import datetime

from django.utils.translation import gettext as _

from tickets.models import (
    ENDED,
    PAUSING,
    Contact,
    Message,
    StatusCategory,
    Ticket,
)
from tickets.services.changing import Change, changing
from tickets.services.lifecycle import enter_status
from tickets.services.refusals import EmptyMessage, TicketClosed
from tickets.services.statuses import REOPENED, preferred_status, working_status
from workforce.people.models import User


def receive_message(
    *,
    ticket_id: int,
    at: datetime,
    contact: Contact | None,
    body: str,
    external_id: str = "",
) -> Message:
    """Record what a customer wrote, and put the ticket back to work.

    A ticket that waited goes back to its last working status, an ended one is reopened:
    a customer is never refused, so the table of moves does not bind this. A message for
    a merged ticket lands on the one it lives on in. One ``external_id`` is recorded
    once: a second delivery returns the first message and changes nothing.

    Raises ``EmptyMessage``.
    """
    body = _checked_body(body)
    living_id, arrived_at = _living_ticket(ticket_id), ticket_id
    with changing(living_id, at=at, actor=None) as change:
        known = _already_received(change.ticket, external_id)
        if known is not None:
            return known
        message = change.say(
            Message.Direction.IN,
            body,
            contact=contact,
            author_name=str(contact or ""),
            external_id=external_id,
            details={"sent_to": arrived_at} if arrived_at != living_id else None,
        )
        _back_to_work(change)
    return message


def reply(
    *, ticket_id: int, at: datetime, actor: User | None, body: str, public: bool
) -> Message:
    """Record our answer to the customer, or an internal note.

    The first public reply is the ticket's first response; one by an automation is not.
    Raises ``EmptyMessage``, ``TicketClosed`` for a public reply on a closed ticket.
    """
    body = _checked_body(body)
    with changing(ticket_id, at=at, actor=actor) as change:
        ticket = change.ticket
        if public and ticket.state == StatusCategory.CLOSED:
            raise TicketClosed(
                _(
                    "Ticket #%(number)d is closed, so no reply goes out. Reopen it "
                    "first, or write an internal note."
                )
                % {"number": ticket.pk}
            )
        direction = Message.Direction.OUT if public else Message.Direction.INTERNAL
        by_automation = actor is not None and actor.is_automation
        message = change.say(
            direction,
            body,
            author=actor,
            author_name=str(actor or ""),
            details={"automatic": True} if by_automation else None,
        )
        if public and not by_automation and ticket.first_response_at is None:
            change.set(first_response_at=change.at)
    return message


def _checked_body(body: str) -> str:
    if not body.strip():
        raise EmptyMessage(_("There is no text. Write something, then send it."))
    # PostgreSQL stores no NUL; some mail programs send it.
    return body.replace("\x00", "")


def _already_received(ticket: Ticket, external_id: str) -> Message | None:
    if not external_id:
        return None
    return Message.objects.filter(ticket=ticket, external_id=external_id).first()


def _living_ticket(ticket_id: int) -> int:
    """Follow merges to the ticket that lives on."""
    seen = {ticket_id}
    while True:
        into = Ticket.objects.values_list("merged_into_id", flat=True).get(pk=ticket_id)
        # A circle cannot come from the services; it must not hang mail either.
        if into is None or into in seen:
            return ticket_id
        seen.add(into)
        ticket_id = into


def _back_to_work(change: Change) -> None:
    state = change.ticket.state
    if state in ENDED:
        target = preferred_status(StatusCategory.OPEN, [REOPENED])
    elif state in PAUSING:
        target = working_status(change.ticket)
    else:
        return
    enter_status(change, target, reason=_("The customer wrote."))
