"""Counts of one local day from its tickets: the ledger of what came, left and stayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workforce.capacity.core.volumes.slots import slot_starts

LONGEST_MINUTES = 7 * 24 * 60
"""Hands-on time above a week is a slip of the pen, not a fact."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """One ticket that came in or ended on the day; moments in epoch seconds."""

    created: int
    ended: int | None
    gave_up: bool
    handle_seconds: int | None = None

    def touches(self, bounds: tuple[int, int]) -> bool:
        """Whether it came in or ended from the first second to before the second."""
        start, end = bounds
        ended = self.ended is not None and start <= self.ended < end
        return ended or start <= self.created < end


@dataclass(frozen=True, slots=True)
class Counted:
    """The facts of one interval. ``backlog`` is what is open at its end."""

    offered: int = 0
    handled: int = 0
    abandoned: int = 0
    timed: int = 0
    handle_seconds: int = 0
    backlog: int | None = None

    def plus(self, other: "Counted") -> "Counted":
        """Both together; the backlog is the other's where that one knows it."""
        return Counted(
            self.offered + other.offered,
            self.handled + other.handled,
            self.abandoned + other.abandoned,
            self.timed + other.timed,
            self.handle_seconds + other.handle_seconds,
            self.backlog if other.backlog is None else other.backlog,
        )


CAME = Counted(offered=1)
GAVE_UP = Counted(abandoned=1)


def count_day(
    zone: str,
    bounds: tuple[int, int],
    minutes: int,
    tickets: Sequence[TicketFacts],
    open_before: int,
) -> tuple[dict[int, Counted], int]:
    """Count a local day by interval.

    Parameters
    ----------
    zone : str
        IANA name.
    bounds : (int, int)
        First second of the day and of the next.
    minutes : int
        Length of an interval.
    tickets : sequence of TicketFacts
        Those that came in or ended on the day; what of them lies outside is not counted.
    open_before : int
        How many were open when the day began.

    Returns
    -------
    dict of int to Counted
        By the interval's start, in order; only intervals in which something happened.
        So ``backlog = open_before + offered - handled - abandoned`` up to and with it.
    int
        How many are open when the day ends.
    """
    happened = [
        (moment, fact)
        for ticket in tickets
        for moment, fact in _events(ticket)
        if bounds[0] <= moment < bounds[1]
    ]
    starts = slot_starts(zone, [moment for moment, _fact in happened], minutes)
    counts: dict[int, Counted] = {}
    for start, (_moment, fact) in zip(starts.tolist(), happened, strict=True):
        counts[start] = counts.get(start, Counted()).plus(fact)
    return _with_backlog(counts, open_before)


def _events(ticket: TicketFacts) -> list[tuple[int, Counted]]:
    events = [(ticket.created, CAME)]
    if ticket.ended is not None:
        events.append((ticket.ended, GAVE_UP if ticket.gave_up else _handled(ticket)))
    return events


def _handled(ticket: TicketFacts) -> Counted:
    if ticket.handle_seconds is None:
        return Counted(handled=1)
    return Counted(handled=1, timed=1, handle_seconds=ticket.handle_seconds)


def _with_backlog(
    counts: Mapping[int, Counted], open_before: int
) -> tuple[dict[int, Counted], int]:
    ledger, backlog = {}, open_before
    for start, fact in sorted(counts.items()):
        backlog += fact.offered - fact.handled - fact.abandoned
        # A history may end a ticket before it came in; nobody has less than nothing open.
        ledger[start] = replace(fact, backlog=max(0, backlog))
    return ledger, max(0, backlog)


def open_before(
    tickets: Sequence[TicketFacts], open_then: int, then: int, now: int
) -> int:
    """How many tickets are open at a moment, from how many were at an earlier one.

    Parameters
    ----------
    tickets : sequence of TicketFacts
        Those that came in or ended in ``[then, now)``, or later.
    open_then : int
        How many were open at ``then``: came in before it and had not ended before it.
    then, now : int
        Epoch seconds, ``now`` not before ``then``.
    """
    came = left = 0
    for ticket in tickets:
        is_over = ticket.ended is not None and ticket.ended < now
        if ticket.created >= then:
            came += ticket.created < now and not is_over
        elif is_over and ticket.ended is not None:
            left += ticket.ended >= then
    return open_then + came - left


def seconds_of(minutes: object) -> int | None:
    """Whole seconds of hands-on minutes as a ticket states them.

    Returns
    -------
    int or None
        ``None`` for what is no number above 0 and up to a week.
    """
    if isinstance(minutes, bool) or not isinstance(minutes, int | float | str):
        return None
    try:
        value = float(minutes)
    except ValueError:
        return None
    return round(60 * value) if 0 < value <= LONGEST_MINUTES else None


def total(facts: Sequence[Counted]) -> Counted:
    """The sum of intervals in order; the backlog is the last one known."""
    found = Counted()
    for fact in facts:
        found = found.plus(fact)
    return found
