"""A ticket's columns as they follow from its event log, and from nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

RESOLVED, CLOSED = "RESOLVED", "CLOSED"
ENDED = frozenset({RESOLVED, CLOSED})
OUT = "OUT"


class LoggedEvent(Protocol):
    """What the fold reads of an event; a stored one and one yet to be written have it."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def to_value(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Projection:
    """The columns of a ticket that the log decides."""

    created_at: datetime
    updated_at: datetime
    status: str = ""
    state: str = ""
    priority: str = ""
    severity: str = ""
    team_id: int | None = None
    assignee_id: int | None = None
    level: str = ""
    category_id: int | None = None
    tags: str = ""
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    reopen_count: int = 0

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED


def project(events: Iterable[LoggedEvent]) -> Projection:
    """Fold a ticket's whole log, in order of ``seq``, into its columns.

    ``first_response_at`` is the first public reply. ``resolved_at`` is the last time
    the log said resolved since the ticket was last open, a repeated statement included,
    or the closing when it was closed without. Reopening clears both ends.

    Raises
    ------
    ValueError
        When the log is empty or does not begin with CREATED.
    """
    steps = iter(events)
    first = next(steps, None)
    if first is None or first.kind != "CREATED":
        raise ValueError("a ticket's log begins with CREATED")
    found = Projection(created_at=first.at, updated_at=first.at)
    _enter(found, first)
    for event in steps:
        found.updated_at = max(found.updated_at, event.at)
        _apply(found, event)
    return found


def _apply(found: Projection, event: LoggedEvent) -> None:
    match event.kind:
        case "STATUS":
            _enter(found, event)
        case "MESSAGE":
            if event.direction == OUT and found.first_response_at is None:
                found.first_response_at = event.at
        case "ACTIVITY":
            if found.state == RESOLVED and event.details.get("status") == found.status:
                found.resolved_at = event.at
        case "PRIORITY":
            found.priority = event.to_value
        case "SEVERITY":
            found.severity = event.to_value
        case "TEAM":
            found.team_id = event.details.get("id")
        case "ASSIGNEE":
            found.assignee_id = event.details.get("id")
        case "LEVEL":
            found.level = event.to_value
        case "CATEGORY":
            found.category_id = event.details.get("id")
        case "TAGS":
            found.tags = event.to_value


def _enter(found: Projection, event: LoggedEvent) -> None:
    """Take a status, and the moments that follow from entering it."""
    was_open = found.is_open
    found.status, found.state = event.to_value, event.state
    if found.is_open:
        found.reopen_count += not was_open
        found.resolved_at = found.closed_at = None
        found.outcome = ""
        return
    found.outcome = event.details.get("outcome") or found.outcome
    if event.state == RESOLVED:
        found.resolved_at, found.closed_at = event.at, None
    else:
        found.resolved_at = found.resolved_at or event.at
        found.closed_at = event.at
