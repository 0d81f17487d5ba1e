"""What a history says about itself: the figures of the import report."""

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from tickets.imports.core.neutral import (
    ENDED,
    HANDED,
    MICROSECONDS,
    UNKNOWN,
    Row,
    moment,
)

NONE = "none"
SOLVED = "solved"


class Facts:
    """Counts record after record; memory grows by eight bytes a ticket, no more.

    Definitions. Order is the rows' order. *Hand-off*: a change between consecutive
    different non-blank values. *Ping-pong*: A, B, A in that collapsed sequence,
    overlapping ones counted each. *Reopen*: from solved or closed to neither; an
    unknown status tells nothing and is passed over. *Time to resolve*: from the first
    row to the last row that says solved.
    """

    def __init__(self) -> None:
        self.tickets = 0
        self.rows = 0
        self.texts = 0
        self.by_status: Counter[str] = Counter()
        self.by_priority: Counter[str] = Counter()
        self.arrivals: Counter[str] = Counter()
        self.reopens = 0
        self.tickets_reopened = 0
        self.handoffs: Counter[str] = Counter()
        self.ping_pongs: Counter[str] = Counter()
        self.ping_pong_tickets: Counter[str] = Counter()
        self.first_at: int | None = None
        self.last_at: int | None = None
        self._hours = array("d")

    def add(self, rows: Sequence[Row]) -> None:
        """Count one ticket, given all its rows in order."""
        self.tickets += 1
        self.rows += sum(row.weight for row in rows)
        self.texts += sum(t.body is not None for row in rows for t in row.texts)
        self._add_statuses(rows)
        self._add_times(rows)
        priorities = [row.priority for row in rows if "priority" in row.values]
        self.by_priority[(priorities and priorities[-1]) or NONE] += 1
        for name in HANDED:
            self._add_hands(name, collapsed(row.values.get(name, "") for row in rows))

    def _add_statuses(self, rows: Sequence[Row]) -> None:
        known = [row.status for row in rows if row.status not in {"", UNKNOWN}]
        self.by_status[known[-1] if known else UNKNOWN] += 1
        reopens = sum(a in ENDED and b not in ENDED for a, b in pairwise(known))
        self.reopens += reopens
        self.tickets_reopened += bool(reopens)

    def _add_times(self, rows: Sequence[Row]) -> None:
        first = rows[0].at
        solved = [row.at for row in rows if row.status == SOLVED]
        if solved:
            self._hours.append((solved[-1] - first) / MICROSECONDS / 3600)
        self.arrivals[f"{moment(first):%Y-%m}"] += 1
        low, high = min(row.at for row in rows), max(row.at for row in rows)
        self.first_at = low if self.first_at is None else min(self.first_at, low)
        self.last_at = high if self.last_at is None else max(self.last_at, high)

    def _add_hands(self, name: str, values: list[str]) -> None:
        self.handoffs[name] += max(0, len(values) - 1)
        returns = sum(a == c for a, c in zip(values, values[2:], strict=False))
        self.ping_pongs[name] += returns
        self.ping_pong_tickets[name] += bool(returns)

    @property
    def median_hours_to_resolve(self) -> float | None:
        return round(statistics.median(self._hours), 4) if self._hours else None

    def report(self) -> dict[str, Any]:
        """Return the figures under the names the import report uses."""
        return {
            "by_status": dict(self.by_status.most_common()),
            "by_priority": dict(self.by_priority.most_common()),
            "median_hours_to_resolve": self.median_hours_to_resolve,
            "reopens": self.reopens,
            "tickets_reopened": self.tickets_reopened,
            "handoffs": {name: self.handoffs[name] for name in HANDED},
            "ping_pongs": {
                name: {
                    "count": self.ping_pongs[name],
                    "tickets": self.ping_pong_tickets[name],
                }
                for name in HANDED
            },
            "first_at": _iso(self.first_at),
            "last_at": _iso(self.last_at),
        }


def collapsed(values: Iterable[str]) -> list[str]:
    """Drop blanks, then repeats of the value before.

    >>> collapsed(["A", "", "A", "B", "B", "A"])
    ['A', 'B', 'A']
    """
    return list(_collapse(values))


def _collapse(values: Iterable[str]) -> Iterator[str]:
    last = ""
    for value in values:
        if value and value != last:
            last = value
            yield value


def _iso(at: int | None) -> str | None:
    return moment(at).isoformat() if at is not None else None
