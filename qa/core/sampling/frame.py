"""What a draw reads: quotas, strata, how hard a ticket was, and the frame itself."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

QUOTA_BY_TEAM_SIZE = ((5, 5), (15, 4), (30, 3))
"""Up to so many agents, so many tickets an agent a week. Seed, "Sample Size Guidelines":
5; 3-4; 2-3; 2. Of a range the upper end is taken: fewer leaves a mean without meaning."""
SMALLEST_QUOTA = 2

CATEGORY, COMPLEXITY, CHANNEL, PRIORITY = (
    "category",
    "complexity",
    "channel",
    "priority",
)
STRATUM_FIELDS = (CATEGORY, COMPLEXITY, CHANNEL, PRIORITY)
JOINT = " | "
UNKNOWN = "–"

LOW, MEDIUM, HIGH = "low", "medium", "high"
COMPLEXITIES = (LOW, MEDIUM, HIGH)
MEDIUM_MESSAGES, HIGH_MESSAGES = 5, 10
HIGH_HANDOFFS = 2


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One ticket that could be drawn: who is judged by it, and its stratum."""

    ticket: int
    agent: int
    stratum: str = ""

    def key(self) -> tuple[int, str, int]:
        """Return the place of the row in a frame; draws read frames in this order."""
        return (self.agent, self.stratum, self.ticket)

    def as_list(self) -> list[int | str]:
        return [self.ticket, self.agent, self.stratum]


def quota_for(team_size: int) -> int:
    """Return how many tickets an agent of a team of this size has reviewed a week.

    Examples
    --------
    >>> [quota_for(size) for size in (1, 5, 6, 15, 16, 30, 31)]
    [5, 5, 4, 4, 3, 3, 2]
    """
    for largest, quota in QUOTA_BY_TEAM_SIZE:
        if team_size <= largest:
            return quota
    return SMALLEST_QUOTA


def complexity(*, messages: int, handoffs: int, reopens: int) -> str:
    """Tell how hard a ticket was to handle, from what its log shows.

    Parameters
    ----------
    messages : int
        Public messages, both ways.
    handoffs : int
        Changes from one assignee or team to another.
    reopens : int

    Returns
    -------
    {"low", "medium", "high"}
        High: ten messages or more, two hand-offs or more, or reopened at all. Medium:
        five messages or more, or one hand-off. These are what costs time and what goes
        wrong; priority and category are strata of their own and say something else.
    """
    if messages >= HIGH_MESSAGES or handoffs >= HIGH_HANDOFFS or reopens:
        return HIGH
    if messages >= MEDIUM_MESSAGES or handoffs:
        return MEDIUM
    return LOW


def stratum_of(values: Mapping[str, str], fields: Sequence[str]) -> str:
    """Join a ticket's values of the chosen fields into its stratum.

    Examples
    --------
    >>> stratum_of({"priority": "P2", "channel": "chat"}, ["channel", "priority"])
    'chat | P2'
    >>> stratum_of({"priority": ""}, ["priority"])
    '–'
    >>> stratum_of({"priority": "P2"}, [])
    ''
    """
    return JOINT.join(values.get(field) or UNKNOWN for field in fields)


def in_order(rows: Iterable[FrameRow]) -> list[FrameRow]:
    """Sort a frame by agent, stratum and ticket, so that no query's order matters."""
    return sorted(rows, key=FrameRow.key)


def frame_hash(rows: Iterable[FrameRow]) -> str:
    """Return the SHA-256 of a frame, the same for the same rows in any order."""
    text = json.dumps(
        [row.as_list() for row in in_order(rows)],
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def last_week(day: date) -> date:
    """Return the Monday of the last whole week before a day.

    Examples
    --------
    >>> last_week(date(2026, 3, 9)), last_week(date(2026, 3, 15))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2))
    """
    return day - timedelta(days=day.weekday() + 7)


def default_seed(plan: int, starts_on: str) -> int:
    """Return the seed a draw has unless somebody types another.

    It follows from the plan and the period, so that nobody can try seeds until the
    sample pleases without it being seen.
    """
    digest = hashlib.sha256(f"{plan}:{starts_on}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
