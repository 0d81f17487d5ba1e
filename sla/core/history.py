"""A ticket's life as its clocks see it: cycles to measure, and slices of one state.

One reading of the event list serves the results (``sla.core.clock``), the ledger
(``sla.core.ledger``) and the causes of delay (``sla.core.attribution``), so these
cannot disagree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal, NamedTuple

FIRST_RESPONSE = "first_response"
NEXT_REPLY = "next_reply"
PERIODIC_UPDATE = "periodic_update"
RESOLUTION = "resolution"
METRICS = (FIRST_RESPONSE, NEXT_REPLY, PERIODIC_UPDATE, RESOLUTION)

RUNNING = "running"
PAUSED = "paused"
RESOLVED = "resolved"  # of a slice, not of a clock: a stopped clock is met or missed


class ClockEvent(NamedTuple):
    """One thing that happened to a ticket.

    Parameters
    ----------
    at : int
        Epoch seconds, UTC.
    kind : str
        ``created``, ``customer_reply``, ``agent_reply``, ``took_charge``, ``paused``,
        ``resumed``, ``resolved``, ``reopened``, ``closed`` or ``priority_changed``.
        Other kinds tell the clocks nothing and are passed over.
    value : object, optional
        The priority on ``created`` and ``priority_changed``; the reason on ``paused``.
    """

    at: int
    kind: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class ClockRules:
    """What a policy may choose about its clocks.

    Parameters
    ----------
    first_response : frozenset of str
        Event kinds that count as the first response. A history without messages can be
        judged by ``took_charge``.
    not_paused : frozenset of str
        Metrics that pauses do not stop. Time resolved still does not count for them.
    next_reply_from_creation : bool
        Whether the creation is the first customer contact that waits for an answer.
        When False, the first response answers all that the customer wrote before it,
        and next replies begin with what is written after it.
    reopen : {"new_cycle", "continue"}
        Whether a reopening starts a new resolution cycle, or the old one goes on with
        the resolved time taken off.
    """

    first_response: frozenset[str] = frozenset({"agent_reply"})
    not_paused: frozenset[str] = frozenset()
    next_reply_from_creation: bool = True
    reopen: Literal["new_cycle", "continue"] = "new_cycle"


class Slice(NamedTuple):
    """Part ``[starts_at, ends_at)`` of a ticket's life in one state and priority."""

    starts_at: int
    ends_at: int
    state: str
    priority: str
    reason: str


class Cycle:
    """One span to be measured. ``stopped_at`` stays None while it is open."""

    __slots__ = ("metric", "number", "priority", "started_at", "stopped_at")

    def __init__(self, metric: str, number: int, started_at: int) -> None:
        self.metric = metric
        self.number = number
        self.started_at = started_at
        self.stopped_at: int | None = None
        self.priority = ""  # in force at the stop, or now


class History:
    """A ticket's life as the clocks see it, told one event at a time."""

    __slots__ = (
        "customer_waits",
        "cycles",
        "open",
        "priority",
        "reason",
        "replied",
        "resolved_at",
        "resolved_priority",
        "rules",
        "since",
        "slices",
        "state",
    )

    def __init__(self, created: ClockEvent, rules: ClockRules) -> None:
        self.rules = rules
        self.state = RUNNING
        self.priority = _text(created.value)
        self.reason = ""
        self.since = created.at
        self.slices: list[Slice] = []
        self.cycles: dict[str, list[Cycle]] = {metric: [] for metric in METRICS}
        self.open: dict[str, Cycle] = {}
        self.replied = False
        self.customer_waits = False  # wrote while resolved, not answered since
        self.resolved_at = 0
        self.resolved_priority = ""
        self.start(FIRST_RESPONSE, created.at)
        self.start(RESOLUTION, created.at)
        if rules.next_reply_from_creation:
            self.start(NEXT_REPLY, created.at)

    def start(self, metric: str, at: int) -> None:
        cycles = self.cycles[metric]
        cycle = self.open[metric] = Cycle(metric, len(cycles) + 1, at)
        cycles.append(cycle)

    def stop(self, metric: str, at: int) -> None:
        """Stop the open cycle, if any; while resolved, at the resolution.

        A reply to a resolved ticket only confirms what the resolution had answered.
        """
        cycle = self.open.pop(metric, None)
        if cycle is None:
            return
        if self.state == RESOLVED:
            cycle.stopped_at = self.resolved_at
            cycle.priority = self.resolved_priority
        else:
            cycle.stopped_at = at
            cycle.priority = self.priority

    def turn(self, at: int, state: str, reason: str = "") -> None:
        if at > self.since:
            self.slices.append(
                Slice(self.since, at, self.state, self.priority, self.reason)
            )
            self.since = at
        self.state = state
        self.reason = reason

    def customer_reply(self, at: int, value: Any) -> None:
        if self.state == RESOLVED:
            self.customer_waits = True
        elif self._awaits_next_reply():
            self.start(NEXT_REPLY, at)

    def _awaits_next_reply(self) -> bool:
        """Say whether a word from the customer now starts a next reply."""
        if NEXT_REPLY in self.open:
            return False
        return self.rules.next_reply_from_creation or FIRST_RESPONSE not in self.open

    def agent_reply(self, at: int, value: Any) -> None:
        self.stop(NEXT_REPLY, at)
        self.replied = True
        self.customer_waits = False
        if self.state == RESOLVED:
            return
        current = self.open.get(PERIODIC_UPDATE)
        # The same reply delivered twice must not leave a cycle of no length.
        if current is None or current.started_at != at:
            self.stop(PERIODIC_UPDATE, at)
            self.start(PERIODIC_UPDATE, at)

    def paused(self, at: int, value: Any) -> None:
        reason = _text(value)
        if self.state == RUNNING or (
            self.state == PAUSED and reason and reason != self.reason
        ):
            self.turn(at, PAUSED, reason)

    def resumed(self, at: int, value: Any) -> None:
        # While resolved this is the end of a pause, never a reopening.
        if self.state == PAUSED:
            self.turn(at, RUNNING)

    def resolved(self, at: int, value: Any) -> None:
        if self.state == RESOLVED:
            return
        self.stop(PERIODIC_UPDATE, at)
        if self.rules.reopen == "new_cycle":
            self.stop(RESOLUTION, at)
        self.resolved_at = at
        self.resolved_priority = self.priority
        self.turn(at, RESOLVED)

    def reopened(self, at: int, value: Any) -> None:
        if self.state != RESOLVED:
            return
        self.turn(at, RUNNING)
        if RESOLUTION not in self.open:
            self.start(RESOLUTION, at)
        if self.replied:
            self.start(PERIODIC_UPDATE, at)
        if self.customer_waits and self._awaits_next_reply():
            self.start(NEXT_REPLY, at)
        self.customer_waits = False

    def priority_changed(self, at: int, value: Any) -> None:
        priority = _text(value)
        if priority != self.priority:
            self.turn(at, self.state, self.reason)
            self.priority = priority

    def end(self, now: int) -> None:
        """Close the books at ``now``. A resolution answers whatever is still open."""
        if self.state == RESOLVED:
            for metric in tuple(self.open):
                self.stop(metric, now)
        for cycle in self.open.values():
            cycle.priority = self.priority
        self.turn(now, self.state, self.reason)


_HANDLERS: dict[str, Callable[[History, int, Any], None]] = {
    "customer_reply": History.customer_reply,
    "agent_reply": History.agent_reply,
    "paused": History.paused,
    "resumed": History.resumed,
    "resolved": History.resolved,
    "closed": History.resolved,
    "reopened": History.reopened,
    "priority_changed": History.priority_changed,
}


def read_history(
    events: Iterable[ClockEvent], now: int, rules: ClockRules
) -> History | None:
    """Read events up to and including ``now``; None when the ticket is not created yet.

    Events are taken in time order, those of one instant in the order given. What is
    dated before ``created`` (a mail received before its ticket was stored) happens at
    the creation, so that nothing is lost. A second ``created`` is passed over.
    """
    ordered = sorted(events, key=itemgetter(0))
    place = next((i for i, e in enumerate(ordered) if e[1] == "created"), None)
    if place is None or ordered[place][0] > now:
        return None
    created = ordered[place]
    history = History(created, rules)
    born_at = created[0]
    responses = rules.first_response
    opened = history.open
    for at, kind, value in ordered:
        if at > now:
            break
        if kind in responses and FIRST_RESPONSE in opened:
            history.stop(FIRST_RESPONSE, max(at, born_at))
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(history, max(at, born_at), value)
    history.end(now)
    return history


def find_cycle(
    events: Sequence[ClockEvent],
    now: int,
    rules: ClockRules,
    metric: str,
    cycle: int,
) -> tuple[History, Cycle]:
    """Read a ticket's history and pick one cycle out of it.

    Raises
    ------
    ValueError
        If the ticket has no such cycle by ``now``.
    """
    history = read_history(events, now, rules)
    cycles = history.cycles.get(metric, []) if history else []
    if history is None or not 1 <= cycle <= len(cycles):
        raise ValueError(
            f"no cycle {cycle} of {metric}: the ticket has {len(cycles)} by {now}"
        )
    return history, cycles[cycle - 1]


def parts_of(
    cycle: Cycle, history: History, now: int
) -> list[tuple[int, int, bool, Slice]]:
    """Cut the slices to a cycle: ``(starts_at, ends_at, counts, slice)`` in order.

    A part counts when the clock runs in it: not while resolved, and not while paused
    unless pauses do not stop this metric. Parts cover start to stop without gaps.
    """
    starts_at = cycle.started_at
    ends_at = now if cycle.stopped_at is None else cycle.stopped_at
    runs_paused = cycle.metric in history.rules.not_paused
    parts = []
    for piece in history.slices:
        if piece[1] <= starts_at:
            continue
        if piece[0] >= ends_at:
            break
        state = piece[2]
        parts.append(
            (
                max(starts_at, piece[0]),
                min(ends_at, piece[1]),
                state == RUNNING or (runs_paused and state == PAUSED),
                piece,
            )
        )
    return parts


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
