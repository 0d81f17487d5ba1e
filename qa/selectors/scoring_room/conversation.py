"""The conversation that a reviewer judges, whole or cut where a calibration froze it."""

from collections.abc import Iterable

from qa.core.prechecks import Known, Said
from qa.models import Review
from qa.selectors.scoring_room.times import resolution_times
from tickets.models import Category, Ticket
from tickets.selectors import Entry, conversation

CATCH_ALLS = frozenset(
    [
        "default",
        "general",
        "misc",
        "miscellaneous",
        "none",
        "other",
        "others",
        "unassigned",
        "uncategorised",
        "uncategorized",
        "unclassified",
        "unknown",
        "unsorted",
    ]
)
"""Names of categories that say nothing about a ticket."""


def last_seq_of(review: Review) -> int | None:
    """The last event that this reviewer sees; None for all of them."""
    return review.calibration_item.last_seq if review.calibration_item else None


def entries_on_show(ticket: Ticket, last_seq: int | None) -> list[Entry]:
    """Return the lines of a conversation, in two queries.

    Cut after ``last_seq``; what was said on merged tickets is cut at the same moment.
    """
    entries = conversation(ticket)
    if last_seq is None:
        return entries
    own = [
        entry
        for entry in entries
        if entry.ticket_id == ticket.pk and entry.event.seq <= last_seq
    ]
    until = max((entry.at for entry in own), default=None)
    kept = {id(entry) for entry in own}
    return [
        entry
        for entry in entries
        if id(entry) in kept
        or (until and entry.ticket_id != ticket.pk and entry.at <= until)
    ]


def said_in(entries: Iterable[Entry], agent_id: int) -> list[Said]:
    """Return the messages as the pre-checks read them."""
    return [
        Said(
            id=entry.message.pk,
            direction=entry.message.direction.lower(),
            by_agent=entry.message.author_id == agent_id,
            text=entry.message.body,
            at=entry.at.timestamp(),
        )
        for entry in entries
        if entry.message is not None
    ]


def known_of(ticket: Ticket) -> Known:
    """Return what the ticket itself tells the pre-checks, in two queries at most."""
    taken, usual, n = resolution_times(ticket)
    category = ticket.category
    return Known(
        customer=ticket.requester.name if ticket.requester else "",
        subject=ticket.subject,
        language=ticket.language,
        category=category.path if category else "",
        is_catch_all=bool(category and _says_nothing(category)),
        handle_seconds=taken,
        usual_seconds=usual,
        usual_n=n,
    )


def _says_nothing(category: Category) -> bool:
    return category.name.strip().lower() in CATCH_ALLS
