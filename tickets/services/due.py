"""The column that says what is due next, written by whoever keeps promises."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction

from tickets.models import Ticket

Row = TypeVar("Row")

_BATCH = 10_000


@transaction.atomic
def set_next_due(due: Mapping[int, datetime | None]) -> int:
    """Set ``next_due_at`` of these tickets; return how many rows changed.

    No event and no signal: it follows from the clocks, not from what happened.
    """
    changed: list[tuple[datetime | None, int]] = []
    for batch in _batches(sorted(due), _read_batch()):
        rows = Ticket.objects.filter(pk__in=batch).values_list("pk", "next_due_at")
        changed += [(due[pk], pk) for pk, former in rows if due[pk] != former]
    if changed:
        _write(sorted(changed, key=lambda row: row[1]))
    return len(changed)


def _read_batch() -> int:
    # Django holds SQLite to 999 parameters a statement; PostgreSQL has no such limit.
    limit = connection.features.max_query_params
    return min(limit, _BATCH) if limit else _BATCH


def _write(rows: list[tuple[datetime | None, int]]) -> None:
    """Write many rows at once: bulk_update's CASE of so many branches is far slower."""
    if connection.vendor == "postgresql":
        for batch in _batches(rows, _BATCH):
            _write_arrays(batch)
        return
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE tickets_ticket SET next_due_at = %s WHERE id = %s",
            [(adapt(moment), pk) for moment, pk in rows],
        )


def _write_arrays(rows: list[tuple[datetime | None, int]]) -> None:
    numbers = [pk for _moment, pk in rows]
    with connection.cursor() as cursor:
        # An UPDATE locks in any order; locking by number first, as every writer of
        # tickets does, cannot deadlock with them.
        cursor.execute(
            "SELECT 1 FROM tickets_ticket WHERE id = ANY(%s) "
            "ORDER BY id FOR NO KEY UPDATE",
            [numbers],
        )
        cursor.execute(
            "UPDATE tickets_ticket AS ticket SET next_due_at = given.due "
            "FROM unnest(%s::bigint[], %s::timestamptz[]) AS given(id, due) "
            "WHERE ticket.id = given.id",
            [numbers, [moment for moment, _pk in rows]],
        )


def _batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
