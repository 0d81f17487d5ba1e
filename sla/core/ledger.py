"""Why a clock is due then: the slices of time that add up to its target."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla.core.calendar import BusinessCalendar
from sla.core.clock import (
    Calendars,
    ClockEvent,
    ClockResult,
    ClockRules,
    Targets,
    calendar_for,
    measure,
)
from sla.core.history import RESOLVED, RUNNING, Cycle, History, find_cycle, parts_of

OPEN = "open"
CLOSED = "closed"
HOLIDAY = "holiday"
PAUSED = "paused"
FOLDED = "folded"

OUTSIDE_HOURS = "outside hours"
CLOSED_THAT_DAY = "closed that day"
NO_NAME_HOLIDAY = "holiday"
TICKET_RESOLVED = "resolved"
NO_REASON = "paused"

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One slice ``[starts_at, ends_at)`` of a clock's time.

    Attributes
    ----------
    starts_at, ends_at : int
        Epoch seconds. Rows follow one another without gaps.
    kind : str
        ``open``, ``closed``, ``holiday``, ``paused``; ``folded`` stands for the rows
        of ``days`` days left out of a long ledger.
    reason : str
        Holiday name, pause reason, ``outside hours`` …; empty for open time.
    counted_seconds, running_seconds : int
        What the slice adds to the clock, and the sum up to its end.
    open_seconds : int
        Open time inside the slice. In a pause it is the time the pause took off.
    is_due : bool
        The target is used up where this row ends.
    is_overdue, is_projected : bool
        After the deadline; after ``now``, if nothing stops or pauses the clock.
    days : int
        Days folded, else 0.
    """

    starts_at: int
    ends_at: int
    kind: str
    reason: str
    counted_seconds: int
    running_seconds: int
    open_seconds: int
    is_due: bool = False
    is_overdue: bool = False
    is_projected: bool = False
    days: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """A clock and the rows that explain it.

    The counted seconds add up to the target at ``due_at`` of the result, and to its
    elapsed seconds at the stop or now.
    """

    result: ClockResult
    rows: tuple[LedgerRow, ...]

    @property
    def total_seconds(self) -> int:
        return self.rows[-1].running_seconds if self.rows else 0


class _Stretch(NamedTuple):
    """A row before sums and marks; ``counted`` and ``open`` in seconds."""

    starts_at: int
    ends_at: int
    kind: str
    reason: str
    counted: int
    open: int
    is_overdue: bool
    is_projected: bool


_DEFAULT_RULES = ClockRules()


def explain(
    events: Sequence[ClockEvent],
    targets: Targets,
    calendar: Calendars,
    now: int,
    *,
    metric: str,
    cycle: int,
    rules: ClockRules = _DEFAULT_RULES,
) -> Ledger:
    """Lay out a clock's time from its start to its stop, its deadline, or now.

    A clock that stopped ends at the stop. A running clock that is not late goes on to
    its deadline; those rows are projected. A late clock has the deadline marked and
    goes on, overdue, to the stop or now. A paused clock ends now.

    Parameters
    ----------
    events, targets, calendar, now, rules
        As for :func:`sla.core.clock.run_clocks`.
    metric : str
        One of the metrics in ``targets``.
    cycle : int
        From 1.

    Returns
    -------
    Ledger
        At most ``MOST_ROWS`` rows; a longer ledger has its middle folded. The row at
        the deadline is never folded away.

    Raises
    ------
    ValueError
        If the ticket has no such cycle, or as ``run_clocks`` does.
    """
    history, found = find_cycle(events, now, rules, metric, cycle)
    result = measure(found, history, targets, calendar, now)
    stretches = _merged(
        stretch
        for part in _split_parts(found, history, result, now)
        for stretch in _stretches(*part, calendar)
    )
    rows = _rows(stretches, result)
    return Ledger(result=result, rows=tuple(_bounded(rows)))


class _Part(NamedTuple):
    starts_at: int
    ends_at: int
    counts: bool
    state: str
    priority: str
    reason: str
    is_overdue: bool
    is_projected: bool


def _split_parts(
    cycle: Cycle, history: History, result: ClockResult, now: int
) -> Iterator[_Part]:
    """Give the clock's parts, cut at the deadline, and the projection to it."""
    due_at = result.due_at
    for starts_at, ends_at, counts, piece in parts_of(cycle, history, now):
        cuts = [starts_at, ends_at]
        if due_at is not None and starts_at < due_at < ends_at:
            cuts.insert(1, due_at)
        for a, b in itertools.pairwise(cuts):
            late = due_at is not None and a >= due_at
            yield _Part(
                a, b, counts, piece.state, piece.priority, piece.reason, late, False
            )
    if result.state == RUNNING and due_at is not None and due_at > now:
        yield _Part(now, due_at, True, RUNNING, cycle.priority, "", False, True)


def _stretches(
    starts_at: int,
    ends_at: int,
    counts: bool,
    state: str,
    priority: str,
    reason: str,
    is_overdue: bool,
    is_projected: bool,
    calendar: Calendars,
) -> Iterator[_Stretch]:
    hours = calendar_for(calendar, priority)
    if counts:
        for a, b, kind, why in _timetable(hours, starts_at, ends_at):
            seconds = b - a if kind == OPEN else 0
            yield _Stretch(a, b, kind, why, seconds, seconds, is_overdue, is_projected)
        return
    why = TICKET_RESOLVED if state == RESOLVED else reason or NO_REASON
    taken_off = hours.between_seconds(starts_at, ends_at)
    yield _Stretch(
        starts_at, ends_at, PAUSED, why, 0, taken_off, is_overdue, is_projected
    )


def _timetable(
    hours: BusinessCalendar, starts_at: int, ends_at: int
) -> Iterator[tuple[int, int, str, str]]:
    """Give the open windows of a span and what lies between them."""
    reached = starts_at
    for opens_at, closes_at in hours.windows(starts_at, ends_at):
        if opens_at > reached:
            yield from _closures(hours, reached, opens_at)
        yield opens_at, closes_at, OPEN, ""
        reached = closes_at
    if reached < ends_at:
        yield from _closures(hours, reached, ends_at)


def _closures(
    hours: BusinessCalendar, starts_at: int, ends_at: int
) -> Iterator[tuple[int, int, str, str]]:
    """Cut closed time at local midnights, so that a holiday stands by itself."""
    zone = ZoneInfo(hours.timezone)
    day = datetime.fromtimestamp(starts_at, zone).date()
    while starts_at < ends_at:
        day += timedelta(days=1)
        midnight = int(datetime.combine(day, time(0), zone).timestamp())
        until = min(midnight, ends_at)
        if until > starts_at:
            kind, reason = _why_closed(hours, day - timedelta(days=1))
            yield starts_at, until, kind, reason
            starts_at = until


def _why_closed(hours: BusinessCalendar, day: date) -> tuple[str, str]:
    kind = hours.day_kind(day)
    if kind == "holiday":
        return HOLIDAY, hours.holiday_name(day) or NO_NAME_HOLIDAY
    if kind == "exception" and not hours.open_seconds_on(day):
        return CLOSED, CLOSED_THAT_DAY
    return CLOSED, OUTSIDE_HOURS


def _merged(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Join neighbours that differ in nothing but time: one night, one weekend."""
    joined: list[_Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last is None or _character(last) != _character(stretch):
            joined.append(stretch)
            continue
        joined[-1] = last._replace(
            ends_at=stretch.ends_at,
            counted=last.counted + stretch.counted,
            open=last.open + stretch.open,
        )
    return joined


def _character(stretch: _Stretch) -> tuple[str, str, bool, bool]:
    return stretch.kind, stretch.reason, stretch.is_overdue, stretch.is_projected


def _rows(stretches: Sequence[_Stretch], result: ClockResult) -> list[LedgerRow]:
    """Add the running sum and mark the deadline."""
    due_at = result.due_at
    rows = []
    if due_at == result.started_at:
        rows.append(LedgerRow(due_at, due_at, OPEN, "", 0, 0, 0, is_due=True))
    total = 0
    for stretch in stretches:
        total += stretch.counted
        rows.append(
            LedgerRow(
                starts_at=stretch.starts_at,
                ends_at=stretch.ends_at,
                kind=stretch.kind,
                reason=stretch.reason,
                counted_seconds=stretch.counted,
                running_seconds=total,
                open_seconds=stretch.open,
                is_due=stretch.ends_at == due_at,
                is_overdue=stretch.is_overdue,
                is_projected=stretch.is_projected,
            )
        )
    return rows


def _bounded(rows: list[LedgerRow]) -> list[LedgerRow]:
    """Fold the middle of a long ledger, on either side of the deadline."""
    if len(rows) <= MOST_ROWS:
        return rows
    due = next((i for i, row in enumerate(rows) if row.is_due), len(rows) - 1)
    before, after = rows[: due + 1], rows[due + 1 :]
    # Whichever side is short leaves its places to the other.
    half = MOST_ROWS // 2
    for_before = max(half, MOST_ROWS - len(after))
    for_after = MOST_ROWS - min(len(before), for_before)
    return _folded(before, for_before) + _folded(after, for_after)


def _folded(rows: list[LedgerRow], most: int) -> list[LedgerRow]:
    if len(rows) <= most:
        return rows
    first, last = rows[: most // 2], rows[len(rows) - (most - most // 2 - 1) :]
    middle = rows[len(first) : len(rows) - len(last)]
    days = max(1, round((middle[-1].ends_at - middle[0].starts_at) / 86_400))
    fold = LedgerRow(
        starts_at=middle[0].starts_at,
        ends_at=middle[-1].ends_at,
        kind=FOLDED,
        reason=f"{days} more days",
        counted_seconds=sum(row.counted_seconds for row in middle),
        running_seconds=middle[-1].running_seconds,
        open_seconds=sum(row.open_seconds for row in middle),
        is_overdue=middle[-1].is_overdue,
        is_projected=middle[0].is_projected,
        days=days,
    )
    return [*first, fold, *last]
