from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tickets.core.projection import project

START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Event:
    kind: str
    to_value: str = ""
    state: str = ""
    direction: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    at: datetime = START


def log(*events: Event) -> list[Event]:
    """One event an hour, after the creation."""
    events = (Event("CREATED", "new", "OPEN"), *events)
    for hour, event in enumerate(events):
        event.at = START + timedelta(hours=hour)
    return list(events)


def hour(count: int) -> datetime:
    return START + timedelta(hours=count)


def test_projection_of_a_solved_ticket():
    found = project(
        log(
            Event("TEAM", "Desk", details={"id": 4}),
            Event("ASSIGNEE", "Bo", details={"id": 5}),
            Event("PRIORITY", "P2"),
            Event("MESSAGE", direction="IN"),
            Event("MESSAGE", direction="INTERNAL"),
            Event("MESSAGE", direction="OUT"),
            Event("MESSAGE", direction="OUT"),
            Event("STATUS", "resolved", "RESOLVED", details={"outcome": "SOLVED"}),
            Event("STATUS", "closed", "CLOSED"),
        )
    )
    assert (found.status, found.state, found.is_open) == ("closed", "CLOSED", False)
    assert (found.team_id, found.assignee_id, found.priority) == (4, 5, "P2")
    assert found.first_response_at == hour(6)
    assert found.resolved_at == hour(8)
    assert found.closed_at == hour(9)
    assert found.updated_at == hour(9)
    assert found.outcome == "SOLVED"
    assert found.reopen_count == 0


def test_projection_reopening_clears_both_ends():
    found = project(
        log(
            Event("STATUS", "closed", "CLOSED", details={"outcome": "SOLVED"}),
            Event("STATUS", "in-progress", "OPEN"),
        )
    )
    assert (found.resolved_at, found.closed_at, found.outcome) == (None, None, "")
    assert found.reopen_count == 1


def test_projection_closed_without_resolution_resolves_at_the_closing():
    assert project(log(Event("STATUS", "closed", "CLOSED"))).resolved_at == hour(1)


def test_projection_repeated_statement_of_resolved_moves_the_moment():
    found = project(
        log(
            Event("STATUS", "resolved", "RESOLVED"),
            Event("ACTIVITY", "Resolve", details={"status": "resolved"}),
            Event("ACTIVITY", "Looked at it"),
        )
    )
    assert found.resolved_at == hour(2)


def test_projection_created_ended_counts_as_ended():
    found = project([Event("CREATED", "closed", "CLOSED")])
    assert not found.is_open
    assert found.closed_at == START


def test_projection_clears_what_was_cleared():
    found = project(
        log(
            Event("TEAM", "Desk", details={"id": 4}),
            Event("TEAM", "", details={"id": None}),
            Event("CATEGORY", "A / B", details={"id": 9}),
            Event("LEVEL", "L2"),
            Event("SEVERITY", "SEV1"),
            Event("TAGS", "a b"),
        )
    )
    assert found.team_id is None
    assert (found.category_id, found.level, found.severity) == (9, "L2", "SEV1")
    assert found.tags == "a b"


@pytest.mark.parametrize("events", [[], [Event("STATUS", "new", "OPEN")]])
def test_projection_refuses_a_log_without_creation(events):
    with pytest.raises(ValueError, match="CREATED"):
        project(events)
