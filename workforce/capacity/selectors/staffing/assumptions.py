"""What staffing of a queue stands on, as the core takes it, with what was measured."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.selectors.handle_time import HandleTime, handle_times


@dataclass(frozen=True)
class Standing:
    """The saved assumptions of a queue: the row, the core's form, and the handle time.

    A queue whose assumptions were never saved stands on the defaults; its row has no key.
    """

    row: Assumptions
    given: Given
    handle: HandleTime


def standing_of(queues: Sequence[Queue], at: date) -> dict[int, Standing]:
    """Return what each queue stands on, in three queries for any number of queues."""
    rows = Assumptions.objects.in_bulk(
        [queue.pk for queue in queues], field_name="queue_id"
    )
    handles = handle_times(queues, at)
    found = {}
    for queue in queues:
        row = rows.get(queue.pk) or Assumptions(queue=queue)
        handle = handles[queue.pk]
        found[queue.pk] = Standing(row, as_core(row, handle.seconds), handle)
    return found


def assumptions_of(queue: Queue, at: date) -> Given:
    """Return a queue's assumptions; the handle time is measured where that is known."""
    return standing_of([queue], at)[queue.pk].given


def as_core(row: Assumptions, handle_seconds: float) -> Given:
    """Return a row as the core takes it, with this handle time."""
    return Given(
        service_level=float(row.service_level),
        target_seconds=float(row.target_seconds),
        definition=row.definition,
        handle_seconds=float(handle_seconds),
        patience_seconds=None
        if row.patience_seconds is None
        else float(row.patience_seconds),
        concurrency=row.concurrency,
        slowdown=float(row.slowdown),
        max_occupancy=float(row.max_occupancy),
        shrinkage=float(row.shrinkage),
        hours_per_week=float(row.hours_per_week),
    )


@dataclass(frozen=True)
class Change:
    """One saved change of assumptions: when, by whom, why, and what."""

    at: object
    by: str
    reason: str
    fields: list[tuple[str, object, object]]
    """Name of the field, its value before and after."""


def saved_changes(row: Assumptions, limit: int = 10) -> list[Change]:
    """Return the last changes of a queue's assumptions, newest first."""
    if row.pk is None:
        return []
    records = list(
        row.history.select_related("history_user").order_by("-history_date", "-pk")[
            : limit + 1
        ]
    )
    changes = []
    for newer, older in itertools.pairwise(records):
        delta = newer.diff_against(older, excluded_fields=("changed_at",))
        if delta.changes:
            changes.append(_change(newer, delta))
    return changes[:limit]


def _change(record: object, delta: object) -> Change:
    return Change(
        at=record.history_date,  # type: ignore[attr-defined]
        by=str(record.history_user or ""),  # type: ignore[attr-defined]
        reason=record.history_change_reason or "",  # type: ignore[attr-defined]
        fields=[(change.field, change.old, change.new) for change in delta.changes],  # type: ignore[attr-defined]
    )
