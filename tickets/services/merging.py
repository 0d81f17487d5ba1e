"""Merging a duplicate into the ticket that came first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import Outcome, StatusCategory, Ticket
from tickets.services.changing import (
    Change,
    Kind,
    dated,
    lock_tickets,
    refuse_merged,
)
from tickets.services.lifecycle import enter_status
from tickets.services.refusals import MergeRefused
from tickets.services.statuses import CLOSED, preferred_status
from workforce.people.models import User


@transaction.atomic
def merge_tickets(
    *, duplicate_id: int, into_id: int, at: datetime, actor: User | None, reason: str
) -> Ticket:
    """Close the newer ticket as a duplicate of the older, whose clocks run on.

    What was said on the duplicate stays there and is shown with the survivor; its
    customer's next message lands on the survivor. Returns the survivor.

    Raises ``MergeRefused``, ``TicketMerged``, ``EventOutOfOrder``.
    """
    if duplicate_id == into_id:
        raise MergeRefused(
            _("Ticket #%(number)d cannot be merged into itself. Name another one.")
            % {"number": into_id}
        )
    rows = lock_tickets([duplicate_id, into_id])
    duplicate, survivor = rows[duplicate_id], rows[into_id]
    _refuse_unfit(duplicate, survivor)
    # Both histories get the same moment, so it must be late enough for both.
    moment = max(dated(duplicate, at), dated(survivor, at))
    _close_duplicate(Change(duplicate, at=moment, actor=actor), survivor, reason)
    change = Change(survivor, at=moment, actor=actor)
    change.append(Kind.MERGED, reason=reason, details={"duplicate": duplicate.pk})
    change.write()
    return survivor


def _close_duplicate(change: Change, survivor: Ticket, reason: str) -> None:
    change.append(Kind.MERGED, reason=reason, details={"into": survivor.pk})
    closed = preferred_status(StatusCategory.CLOSED, [CLOSED])
    # The outcome takes a resolved or closed duplicate out of the figures too.
    change.ticket.outcome = ""
    enter_status(change, closed, reason=reason, outcome=Outcome.DUPLICATE)
    change.set(merged_into=survivor)
    change.write()


def _refuse_unfit(duplicate: Ticket, survivor: Ticket) -> None:
    for ticket in (duplicate, survivor):
        if ticket.merged_into_id:
            refuse_merged(ticket)
    numbers = {"duplicate": duplicate.pk, "into": survivor.pk}
    if (duplicate.created_at, duplicate.pk) < (survivor.created_at, survivor.pk):
        raise MergeRefused(
            _(
                "Ticket #%(duplicate)d is older than #%(into)d, and the promise to the "
                "first one counts. Merge #%(into)d into #%(duplicate)d."
            )
            % numbers
        )
    if not survivor.is_open:
        raise MergeRefused(
            _(
                "Ticket #%(into)d has ended, so nobody would work on what was merged "
                "into it. Reopen it first."
            )
            % numbers
        )
