"""Every write to clocks: recompute them from the event log, change only what differs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from sla.core.alerts import BREACH, THRESHOLDS, Crossing
from sla.core.clock import RUNNING
from sla.core.history import PAUSED
from sla.models import SlaAlert, SlaClock
from sla.selectors.computed import (
    LIST_SIZE,
    ComputedClock,
    ComputedTicket,
    Vocabulary,
    compute_clocks,
    vocabulary,
)
from sla.services.clock_rows import ClockKey, ClockValues, NewRow, upsert
from supportops.metrics.segments import mark_dirty
from tickets import services as ticket_services
from tickets.models import Ticket

PROMISES = "promises"
"""The segment kind that holds one row per judged clock."""


class StoredClock(NamedTuple):
    pk: int
    values: ClockValues
    watched_since: datetime


_OPEN = frozenset({RUNNING, PAUSED})


class Counts(Counter[str]):
    """``tickets`` read; ``created``, ``updated``, ``unchanged``, ``removed`` clocks."""


_current: ContextVar[bool] = ContextVar("sla_clocks_kept_current", default=False)


@contextmanager
def kept_current() -> Iterator[None]:
    """Say that what is committed inside leaves every clock as it is."""
    token = _current.set(True)
    try:
        yield
    finally:
        _current.reset(token)


def are_kept_current() -> bool:
    return _current.get()


def recompute(
    ticket_ids: Iterable[int],
    at: datetime,
    *,
    mark_all_days: bool = False,
    after_batch: Callable[[int], None] | None = None,
) -> dict[str, int]:
    """Bring the clocks of these tickets in line with their event logs.

    In batches, each one transaction that locks its tickets first: a change committed
    meanwhile waits, or is seen. Rows keep their identity (ticket, metric, cycle), so
    fired alerts stay attached; a row is written only when it differs, so running it
    again changes nothing. A cycle that the log no longer gives is removed with its
    alerts: it is no promise, and must not be counted.

    Parameters
    ----------
    ticket_ids : iterable of int
        Any number; unknown ones are passed over.
    at : datetime
        The moment to compute for.
    mark_all_days : bool, optional
        Rebuild the metrics of every day that a clock of these tickets counts for, even
        where the clock did not change: needed when a ticket's team or category did.
    after_batch : callable, optional
        Told how many tickets each batch held, outside of its transaction.

    Returns
    -------
    dict
        ``tickets``, ``created``, ``updated``, ``unchanged``, ``removed``.
    """
    counts = Counts(tickets=0, created=0, updated=0, unchanged=0, removed=0)
    words = vocabulary()
    for batch in batches(ticket_ids):
        _recompute_batch(batch, at, words, counts, mark_all_days)
        if after_batch:
            after_batch(len(batch))
    return dict(counts)


@transaction.atomic
def _recompute_batch(
    batch: list[int],
    at: datetime,
    words: Vocabulary,
    counts: Counts,
    mark_all_days: bool,
) -> None:
    write_computed(
        compute_clocks(lock_tickets(batch), at, words),
        stored_clocks(batch),
        fired_thresholds(batch),
        at,
        counts=counts,
        mark_all_days=mark_all_days,
    )


def write_computed(
    computed: Iterable[ComputedTicket],
    stored: Mapping[ClockKey, StoredClock],
    fired: Mapping[int, int],
    at: datetime,
    *,
    counts: Counts,
    mark_all_days: bool = False,
) -> None:
    """Write what differs from ``stored``. The caller holds the tickets' locks."""
    left = dict(stored)
    changed: list[NewRow] = []
    days: set[date] = set()
    due: dict[int, datetime | None] = {}
    for ticket in computed:
        counts["tickets"] += 1
        _note_next_due(ticket, due)
        for clock in ticket.clocks:
            key = (ticket.ticket.ticket_id, clock.result.metric, clock.result.cycle)
            before = left.pop(key, None)
            values = clock_values(ticket, clock, before, fired)
            if before and before.values.settled() == values.settled():
                counts["unchanged"] += 1
                if mark_all_days:
                    _note_days(days, values)
                continue
            counts["updated" if before else "created"] += 1
            _note_days(days, values, before.values if before else None)
            changed.append(_new_row(key, values, before, at))
    for gone in left.values():
        _note_days(days, gone.values)
    counts["removed"] += _remove(left)
    upsert(changed)
    if due:
        ticket_services.set_next_due(due)
    if days:
        mark_dirty(PROMISES, days)


def clock_values(
    ticket: ComputedTicket,
    clock: ComputedClock,
    before: StoredClock | None,
    fired: Mapping[int, int],
) -> ClockValues:
    """The row that a computed clock should have."""
    result = clock.result
    crossing = _next_alert(ticket, clock, before, fired)
    return ClockValues(
        ticket.terms.version_id,
        result.state,
        result.target_seconds,
        result.started_at,
        result.due_at,
        result.stopped_at,
        result.elapsed_seconds,
        result.paused_seconds,
        result.breach_seconds,
        clock.judged_at,
        clock.is_kept,
        bool(ticket.timeline.excluded),
        crossing.at if crossing else None,
    )


def _next_alert(
    ticket: ComputedTicket,
    clock: ComputedClock,
    before: StoredClock | None,
    fired: Mapping[int, int],
) -> Crossing | None:
    """The first threshold not fired yet, if it has been or will be crossed.

    A clock that stopped has nothing to warn of, except a breach that happened while it
    was watched and before a sweep came by: that is still told.
    """
    result = clock.result
    target = result.target_seconds
    if target is None:
        return None
    done = fired.get(before.pk, 0) if before else 0
    threshold = next((t for t in THRESHOLDS if t > done), None)
    if threshold is None:
        return None
    if result.stopped_at is not None:
        threshold = max(threshold, BREACH)
        was_watched = before is not None and before.values.next_alert_at is not None
        if not was_watched or result.elapsed_seconds * 100 <= target * threshold:
            return None
    return ticket.crossing(clock, threshold)


def lock_tickets(ticket_ids: Sequence[int], *, skip_locked: bool = False) -> list[int]:
    """Lock tickets in the order of their ids and return those that were locked."""
    rows = Ticket.objects.select_for_update(
        no_key=True, skip_locked=skip_locked and _can_skip()
    )
    return list(
        rows.filter(pk__in=ticket_ids).order_by("pk").values_list("pk", flat=True)
    )


def _can_skip() -> bool:
    # SQLite has one writer at a time: there is no row to skip.
    return bool(connection.features.has_select_for_update_skip_locked)


def stored_clocks(ticket_ids: Sequence[int]) -> dict[ClockKey, StoredClock]:
    """Read the rows of at most ``LIST_SIZE`` tickets."""
    rows = SlaClock.objects.filter(ticket_id__in=ticket_ids).values_list(
        "pk", "ticket_id", "metric", "cycle", "watched_since", *ClockValues._fields
    )
    return {
        (row[1], row[2], row[3]): StoredClock(row[0], _as_epochs(row[5:]), row[4])
        for row in rows.iterator(2000)
    }


def fired_thresholds(ticket_ids: Sequence[int]) -> dict[int, int]:
    """The highest threshold fired, per clock that has fired any."""
    rows = SlaAlert.objects.filter(clock__ticket_id__in=ticket_ids)
    return dict(
        rows.order_by()
        .values("clock_id")
        .annotate(most=Max("threshold"))
        .values_list("clock_id", "most")
    )


def batches(ticket_ids: Iterable[int]) -> Iterator[list[int]]:
    """Cut ids into ascending lists of at most ``LIST_SIZE``."""
    ids = sorted(set(ticket_ids))
    for start in range(0, len(ids), LIST_SIZE):
        yield ids[start : start + LIST_SIZE]


def _as_epochs(row: Sequence[Any]) -> ClockValues:
    version, state, target, started, due, stopped, elapsed, paused, breach, *rest = row
    judged, is_kept, is_excluded, next_alert = rest
    return ClockValues(
        version,
        state,
        target,
        int(started.timestamp()),
        due and int(due.timestamp()),
        stopped and int(stopped.timestamp()),
        elapsed,
        paused,
        breach,
        judged and int(judged.timestamp()),
        is_kept,
        is_excluded,
        next_alert and int(next_alert.timestamp()),
    )


def moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _new_row(
    key: ClockKey, values: ClockValues, before: StoredClock | None, at: datetime
) -> NewRow:
    same_terms = (
        before is not None
        and before.values.policy_version_id == values.policy_version_id
    )
    return NewRow(
        key, values, before.watched_since if before and same_terms else at, at
    )


def _remove(left: Mapping[ClockKey, StoredClock]) -> int:
    ids = [clock.pk for clock in left.values()]
    for start in range(0, len(ids), LIST_SIZE):
        SlaClock.objects.filter(pk__in=ids[start : start + LIST_SIZE]).delete()
    return len(ids)


def _note_next_due(ticket: ComputedTicket, due: dict[int, datetime | None]) -> None:
    moments = [
        clock.result.due_at
        for clock in ticket.clocks
        if clock.result.state in _OPEN and clock.result.due_at is not None
    ]
    next_due = moment(min(moments)) if moments else None
    if next_due != ticket.ticket.next_due_at:
        due[ticket.ticket.ticket_id] = next_due


def _note_days(
    days: set[date], values: ClockValues, before: ClockValues | None = None
) -> None:
    for judged_at in (values.judged_at, before.judged_at if before else None):
        if judged_at is not None:
            days.add(datetime.fromtimestamp(judged_at, UTC).date())
