"""The conversation as the page shows it: messages in full, events between them folded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tickets.models import Message, TicketEvent
from tickets.selectors import Entry
from tickets.services import PauseKind

Kind = TicketEvent.Kind
PAUSES: Mapping[str, str] = dict(PauseKind.choices)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with its values in words."""

    event: TicketEvent
    before: str
    after: str


@dataclass(slots=True)
class Passage:
    """One message, or the events between two messages."""

    message: Message | None = None
    events: list[Happening] = field(default_factory=list)


def folded(entries: Iterable[Entry], statuses: Mapping[str, str]) -> list[Passage]:
    """Group what happened between two messages into one passage.

    ``statuses`` names each status by its code.
    """
    passages: list[Passage] = []
    for entry in entries:
        if entry.message is not None:
            passages.append(Passage(message=entry.message))
            continue
        if not passages or passages[-1].message is not None:
            passages.append(Passage())
        passages[-1].events.append(_happening(entry.event, statuses))
    return passages


def _happening(event: TicketEvent, statuses: Mapping[str, str]) -> Happening:
    words: Mapping[str, str] = {}
    if event.kind in {Kind.CREATED, Kind.STATUS}:
        words = statuses
    elif event.kind in {Kind.PAUSED, Kind.RESUMED}:
        words = PAUSES
    before, after = event.from_value, event.to_value
    return Happening(event, words.get(before, before), words.get(after, after))
