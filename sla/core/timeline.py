"""A ticket's event rows as the clocks read them: kinds, pauses, who took charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sla.core.clock import ClockEvent

KINDS = frozenset(
    {"CREATED", "MESSAGE", "STATUS", "PRIORITY", "ASSIGNEE", "PAUSED", "RESUMED"}
)
"""Rows of other kinds tell the clocks nothing and need not be read."""

ENDED = frozenset({"RESOLVED", "CLOSED"})
EXCLUDING_OUTCOMES = frozenset({"OUT_OF_SCOPE", "DUPLICATE"})

WAITING_ON_CUSTOMER = "waiting_on_customer"
ON_HOLD = "on_hold"
NO_ANSWER = "no_answer"
OTHER = "OTHER"
_STATUS_REASONS = {"WAITING": WAITING_ON_CUSTOMER, "ON_HOLD": ON_HOLD}

_STATUS, _MANUAL, _FOLLOWUPS = "status", "manual", "followups"


class TicketRow(NamedTuple):
    """One row of the event log, in the order of ``seq``. Plain tuples serve as well.

    Parameters
    ----------
    at : int
        Epoch seconds, UTC.
    kind, from_value, to_value, state, direction : str
        As ``TicketEvent`` holds them; ``state`` is the meaning that the status had
        when the row was written.
    actor : int or None
        Who did it; None when a history does not say.
    """

    at: int
    kind: str
    from_value: str = ""
    to_value: str = ""
    state: str = ""
    direction: str = ""
    actor: int | None = None


@dataclass(frozen=True, slots=True)
class TimelineRules:
    """How event rows are read. The first three are the policy's choice.

    Parameters
    ----------
    pause_on : frozenset of str
        Meanings of statuses that stop the clocks.
    pause_after_followups : int or None
        After our reply, so many further public replies without a word from the
        customer pause the clocks until the customer writes. None: never.
    manual_pauses : bool
        Whether a documented pause (third party, product bug, customer's wish) counts.
    intake : frozenset of str
        Status codes in which nobody works on the ticket yet.
    automation : frozenset of int
        Actors that are programs: what they send is no answer, and a ticket they move
        is not taken charge of.
    """

    pause_on: frozenset[str] = frozenset({"WAITING", "ON_HOLD"})
    pause_after_followups: int | None = None
    manual_pauses: bool = True
    intake: frozenset[str] = frozenset()
    automation: frozenset[int] = frozenset()


class Timeline(NamedTuple):
    """What the clocks need of one ticket.

    Attributes
    ----------
    events : list of ClockEvent
        For ``run_clocks``; pause events carry their reason as a stable code.
    priority : str
        The priority after the last row.
    excluded : str
        The outcome that takes the ticket out of the figures; empty when it counts.
    """

    events: list[ClockEvent]
    priority: str
    excluded: str


_DEFAULT_RULES = TimelineRules()


def read_timeline(
    rows: Sequence[TicketRow] | Sequence[tuple[object, ...]],
    *,
    outcome: str = "",
    rules: TimelineRules = _DEFAULT_RULES,
) -> Timeline:
    """Translate a ticket's rows into what its clocks go by.

    Parameters
    ----------
    rows : sequence of TicketRow or of equal tuples
        In the order of ``seq``. Rows before ``CREATED`` are passed over.
    outcome : str, optional
        How the ticket ended, as the ticket says now.
    rules : TimelineRules, optional
        The policy's choices and the desk's vocabulary.

    Returns
    -------
    Timeline
        Without events when there is no ``CREATED`` row.

    Notes
    -----
    Three things can pause a ticket: its status, a documented pause, and a customer who
    does not answer. Time stops with the first and goes on when the last has ended; the
    reason is that of the latest one still in force. A resolution ends all of them.

    An ``ASSIGNEE`` row that names somebody, or leaving an intake status, takes charge.
    A ticket that starts in a working status with an assignee was taken charge of at
    once. Rows at the very instant of the creation, with nothing before them, are the
    values it started with.
    """
    reader = _Reader(rules)
    for row in rows:
        reader.read(*row)  # type: ignore[arg-type]
    reader.settle()
    return Timeline(
        reader.events,
        reader.priority,
        outcome if outcome in EXCLUDING_OUTCOMES else "",
    )


class _Reader:
    """Reads rows in order. Initial values are held back until the creation is whole."""

    __slots__ = (
        "born_at",
        "created_assignee",
        "created_state",
        "created_status",
        "events",
        "pauses",
        "priority",
        "replies",
        "rules",
        "settled",
        "state",
    )

    def __init__(self, rules: TimelineRules) -> None:
        self.rules = rules
        self.events: list[ClockEvent] = []
        self.priority = ""
        self.born_at: int | None = None
        self.settled = False
        self.state = ""
        self.created_state = ""
        self.created_status = ""
        self.created_assignee = ""
        self.pauses: dict[str, str] = {}  # source: reason, the latest last
        self.replies = 0  # of ours since the customer last wrote

    def read(
        self,
        at: int,
        kind: str,
        from_value: str,
        to_value: str,
        state: str,
        direction: str,
        actor: int | None,
    ) -> None:
        if kind == "CREATED":
            self._create(at, to_value, state)
            return
        if self.born_at is None:
            return
        if not self.settled:
            if at == self.born_at and not from_value and self._initial(kind, to_value):
                return
            self.settle()
        if kind == "MESSAGE":
            self._message(at, direction, actor)
        elif kind == "STATUS":
            self._status(at, from_value, to_value, state, actor)
        elif kind == "PRIORITY":
            self.priority = to_value
            self.events.append(ClockEvent(at, "priority_changed", to_value))
        elif kind == "ASSIGNEE":
            if to_value and not self._is_automation(actor):
                self.events.append(ClockEvent(at, "took_charge"))
        elif kind == "PAUSED":
            if self.rules.manual_pauses:
                self._pause(at, _MANUAL, to_value or OTHER)
        elif kind == "RESUMED":
            self._resume(at, _MANUAL)

    def _create(self, at: int, status: str, state: str) -> None:
        if self.born_at is None:
            self.born_at = at
            self.created_status = status
            self.created_state = self.state = state

    def _initial(self, kind: str, value: str) -> bool:
        """Take a value that the ticket started with; say whether it was one."""
        if kind == "PRIORITY" and not self.priority:
            self.priority = value
            return True
        if kind == "ASSIGNEE" and not self.created_assignee:
            self.created_assignee = value
            return True
        return False

    def settle(self) -> None:
        """Tell the creation, now that all its values are known."""
        if self.settled or self.born_at is None:
            return
        self.settled = True
        at, state = self.born_at, self.created_state
        self.events.append(ClockEvent(at, "created", self.priority))
        works = state not in ENDED and self.created_status not in self.rules.intake
        if self.created_assignee and works:
            self.events.append(ClockEvent(at, "took_charge"))
        if state in ENDED:
            self.events.append(ClockEvent(at, "resolved"))
        elif state in self.rules.pause_on:
            self._pause(at, _STATUS, _STATUS_REASONS.get(state, state.lower()))

    def _message(self, at: int, direction: str, actor: int | None) -> None:
        if direction == "IN":
            self.replies = 0
            self._resume(at, _FOLLOWUPS)
            self.events.append(ClockEvent(at, "customer_reply"))
        elif direction == "OUT" and not self._is_automation(actor):
            self.replies += 1
            self.events.append(ClockEvent(at, "agent_reply"))
            followups = self.rules.pause_after_followups
            if followups and self.replies > followups and self.state not in ENDED:
                self._pause(at, _FOLLOWUPS, NO_ANSWER)

    def _status(
        self, at: int, from_value: str, to_value: str, state: str, actor: int | None
    ) -> None:
        intake = self.rules.intake
        leaves_intake = from_value in intake and to_value not in intake
        if leaves_intake and not self._is_automation(actor):
            self.events.append(ClockEvent(at, "took_charge"))
        was_ended = self.state in ENDED
        self.state = state
        if state in ENDED:
            # The resolution holds every clock by itself; what paused them is over.
            self.pauses.clear()
            self.replies = 0
            kind = "closed" if state == "CLOSED" else "resolved"
            self.events.append(ClockEvent(at, kind))
            return
        if was_ended:
            self.events.append(ClockEvent(at, "reopened"))
        if state in self.rules.pause_on:
            self._pause(at, _STATUS, _STATUS_REASONS.get(state, state.lower()))
        else:
            self._resume(at, _STATUS)

    def _pause(self, at: int, source: str, reason: str) -> None:
        if self.state in ENDED or self.pauses.get(source) == reason:
            return
        self.pauses.pop(source, None)
        self.pauses[source] = reason
        self.events.append(ClockEvent(at, "paused", reason))

    def _resume(self, at: int, source: str) -> None:
        if self.pauses.pop(source, None) is None:
            return
        if self.pauses:
            # Still paused, for the reason that remains.
            reason = next(reversed(self.pauses.values()))
            self.events.append(ClockEvent(at, "paused", reason))
        else:
            self.events.append(ClockEvent(at, "resumed"))

    def _is_automation(self, actor: int | None) -> bool:
        return actor is not None and actor in self.rules.automation
