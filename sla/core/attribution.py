"""Where a clock's time went: seconds by cause, and which of them were late."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from sla.core.clock import (
    Calendars,
    ClockEvent,
    ClockResult,
    ClockRules,
    Targets,
    calendar_for,
    measure,
)
from sla.core.history import PAUSED, Slice, find_cycle, parts_of
from sla.core.history import RESOLVED as RESOLVED_STATE

UNASSIGNED = "unassigned"
WRONG_QUEUE = "wrong_queue"
AGENT = "agent"
OTHER_DEPARTMENT = "other_department"
CUSTOMER = "customer"
RESOLVED = "resolved"
CALENDAR = "calendar"
CAUSES = (
    UNASSIGNED,
    WRONG_QUEUE,
    AGENT,
    OTHER_DEPARTMENT,
    CUSTOMER,
    RESOLVED,
    CALENDAR,
)


class Handling(NamedTuple):
    """Who held a ticket from ``at`` on; empty strings for nobody."""

    at: int
    queue: str
    assignee: str


class Ownership(NamedTuple):
    """A span ``[starts_at, ends_at)`` of epoch seconds and the cause it stands for."""

    starts_at: int
    ends_at: int
    cause: str


@dataclass(slots=True)
class CauseShare:
    """Seconds of one cause.

    Attributes
    ----------
    counted_seconds : int
        Open time that ran on the clock.
    overdue_seconds : int
        The part of it after the deadline.
    off_clock_seconds : int
        Time that did not count: open time inside pauses for ``customer`` and
        ``other_department``, the time resolved, and closed hours for ``calendar``.
    """

    counted_seconds: int = 0
    overdue_seconds: int = 0
    off_clock_seconds: int = 0

    @property
    def counted_minutes(self) -> float:
        return self.counted_seconds / 60


@dataclass(frozen=True, slots=True)
class Attribution:
    """A clock and its time by cause.

    The counted seconds add up to the clock's elapsed seconds, the overdue ones to its
    breach, and everything together to the time from start to stop, or now.
    """

    result: ClockResult
    shares: Mapping[str, CauseShare] = field(default_factory=dict)

    @property
    def main_cause(self) -> str | None:
        """The cause with most counted time; the first of ``CAUSES`` among equals."""
        cause = max(CAUSES, key=lambda name: self.shares[name].counted_seconds)
        return cause if self.shares[cause].counted_seconds else None


def ownership_of(
    changes: Iterable[Handling],
    *,
    until: int,
    right_queue: str | None = None,
    other_departments: frozenset[str] = frozenset(),
) -> list[Ownership]:
    """Turn changes of queue and assignee into spans with a cause.

    Parameters
    ----------
    changes : iterable of Handling
        In any order. The latest change at one instant holds.
    until : int
        Epoch seconds where the last span ends.
    right_queue : str, optional
        The queue the ticket belonged in; by default the last one that held it, known
        only afterwards. Time in any other queue is ``wrong_queue``.
    other_departments : frozenset of str
        Queues outside support. Time there is ``other_department``.

    Returns
    -------
    list of Ownership
        Without gaps from the first change to ``until``.
    """
    ordered = [c for c in sorted(changes, key=attrgetter("at")) if c.at < until]
    if right_queue is None:
        inside = [c.queue for c in ordered if c.queue not in other_departments]
        right_queue = next((queue for queue in reversed(inside) if queue), "")
    ends = [*(c.at for c in ordered[1:]), until][: len(ordered)]
    return [
        Ownership(change.at, end, _cause(change, right_queue, other_departments))
        for change, end in zip(ordered, ends, strict=True)
        if end > change.at
    ]


def _cause(
    change: Handling, right_queue: str, other_departments: frozenset[str]
) -> str:
    if change.queue in other_departments:
        return OTHER_DEPARTMENT
    if change.queue and change.queue != right_queue:
        return WRONG_QUEUE
    return AGENT if change.assignee else UNASSIGNED


_DEFAULT_RULES = ClockRules()


def attribute(
    events: Sequence[ClockEvent],
    targets: Targets,
    calendar: Calendars,
    now: int,
    *,
    metric: str,
    cycle: int,
    ownership: Iterable[Ownership],
    rules: ClockRules = _DEFAULT_RULES,
    pause_causes: Mapping[str, str] | None = None,
) -> Attribution:
    """Give every second of a clock to a cause.

    Parameters
    ----------
    events, targets, calendar, now, rules
        As for :func:`sla.core.clock.run_clocks`.
    metric : str
        One of the metrics in ``targets``.
    cycle : int
        From 1.
    ownership : iterable of Ownership
        Spans that do not overlap, in any order. Time in none is ``unassigned``.
    pause_causes : mapping of str to str, optional
        Cause of a pause by its reason, such as ``{"third party":
        "other_department"}``. Any other pause is the customer's. On a clock that
        pauses do not stop, paused time counts, still under the pause's cause.

    Returns
    -------
    Attribution
        With a share for each of ``CAUSES``.

    Raises
    ------
    ValueError
        If spans overlap, a cause is unknown, the ticket has no such cycle, or as
        ``run_clocks`` does.
    """
    history, found = find_cycle(events, now, rules, metric, cycle)
    result = measure(found, history, targets, calendar, now)
    spans = _checked(ownership)
    causes = pause_causes or {}
    shares = {cause: CauseShare() for cause in CAUSES}
    for starts_at, ends_at, counts, piece in parts_of(found, history, now):
        fixed = _slice_cause(piece, causes)
        pieces = [(starts_at, ends_at, fixed)] if fixed else spans
        for a, b, cause in _cut(pieces, starts_at, ends_at):
            hours = calendar_for(calendar, piece.priority)
            seconds = hours.between_seconds(a, b)
            shares[CALENDAR].off_clock_seconds += b - a - seconds
            share = shares[cause]
            if not counts:
                share.off_clock_seconds += seconds
                continue
            share.counted_seconds += seconds
            if result.breach_seconds and result.due_at is not None:
                late_from = max(a, result.due_at)
                share.overdue_seconds += hours.between_seconds(
                    late_from, max(b, late_from)
                )
    return Attribution(result=result, shares=shares)


def _slice_cause(piece: Slice, pause_causes: Mapping[str, str]) -> str:
    """Name the cause that a slice has whoever owns the ticket; empty when none."""
    if piece.state == RESOLVED_STATE:
        return RESOLVED
    if piece.state != PAUSED:
        return ""
    cause = pause_causes.get(piece.reason, CUSTOMER)
    if cause not in CAUSES:
        raise ValueError(f"unknown cause {cause!r} for pauses of {piece.reason!r}")
    return cause


def _checked(ownership: Iterable[Ownership]) -> list[Ownership]:
    spans = sorted(ownership)
    for span in spans:
        if span.cause not in CAUSES:
            raise ValueError(f"unknown cause {span.cause!r}")
    for earlier, later in itertools.pairwise(spans):
        if later.starts_at < earlier.ends_at:
            raise ValueError(f"ownership spans overlap: {earlier} and {later}")
    return spans


def _cut(
    spans: Iterable[tuple[int, int, str]], starts_at: int, ends_at: int
) -> Iterator[tuple[int, int, str]]:
    """Clip spans to ``[starts_at, ends_at)``; nobody owned what lies between them."""
    reached = starts_at
    for a, b, cause in spans:
        first, last = max(a, reached), min(b, ends_at)
        if last <= first:
            continue
        if first > reached:
            yield reached, first, UNASSIGNED
        yield first, last, cause
        reached = last
    if reached < ends_at:
        yield reached, ends_at, UNASSIGNED
