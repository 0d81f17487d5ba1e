"""How often a ticket was answered, handed on and escalated, from its events."""

from collections.abc import Iterable
from dataclasses import dataclass

# Statuses of the shipped lifecycle that mean "given to a higher level".
ESCALATED_STATUSES = frozenset({"escalated", "engineering"})


@dataclass(slots=True)
class Touches:
    """Counts of one ticket.

    A hand-off is a change between consecutive different non-blank values; taking a
    value away and giving it back is none.
    """

    replies: int = 0
    team_handoffs: int = 0
    agent_handoffs: int = 0
    is_escalated: bool = False


def touches(
    events: Iterable[tuple[int, str, str, str, bool]],
) -> dict[int, Touches]:
    """Count the touches of many tickets in one pass.

    Parameters
    ----------
    events : iterable of (ticket, kind, direction, to_value, by_automation)
        In the order of each ticket's log. Kinds as in the event log; others than
        MESSAGE, TEAM, ASSIGNEE, LEVEL and STATUS are passed over.

    Returns
    -------
    dict of int to Touches
        Only tickets that have any event. A reply is a public message by a person.

    Notes
    -----
    A ticket is escalated when its support level rises (``L1`` to ``L2``; levels sort
    by their text) or it enters one of `ESCALATED_STATUSES`.
    """
    counted: dict[int, Touches] = {}
    held: dict[tuple[int, str], str] = {}
    for ticket, kind, direction, to_value, by_automation in events:
        touch = counted.setdefault(ticket, Touches())
        if kind == "MESSAGE":
            touch.replies += direction == "OUT" and not by_automation
        elif kind == "STATUS":
            touch.is_escalated |= to_value in ESCALATED_STATUSES
        elif kind in {"TEAM", "ASSIGNEE", "LEVEL"} and to_value:
            before = held.get((ticket, kind), "")
            held[ticket, kind] = to_value
            if before and before != to_value:
                _count_change(touch, kind, before, to_value)
    return counted


def _count_change(touch: Touches, kind: str, before: str, after: str) -> None:
    if kind == "TEAM":
        touch.team_handoffs += 1
    elif kind == "ASSIGNEE":
        touch.agent_handoffs += 1
    else:
        touch.is_escalated |= after > before
