"""The conversation as the page shows it: messages in full, events between them folded."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tickets.models import Message, TicketEvent
from tickets.selectors import Entry


@dataclass(slots=True)
class Passage:
    """One message, or the events between two messages."""

    message: Message | None = None
    events: list[TicketEvent] = field(default_factory=list)


def folded(entries: Iterable[Entry]) -> list[Passage]:
    """Group what happened between two messages into one passage."""
    passages: list[Passage] = []
    for entry in entries:
        if entry.message is not None:
            passages.append(Passage(message=entry.message))
            continue
        if not passages or passages[-1].message is not None:
            passages.append(Passage())
        passages[-1].events.append(entry.event)
    return passages
