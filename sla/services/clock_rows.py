"""Clock rows in bulk: one statement inserts the new ones and updates the others.

``bulk_create(update_conflicts=True)`` does the same through the ORM; per row it spends
five times what the databases need, and recomputation writes hundreds of thousands.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from sla.models import SlaClock


class ClockValues(NamedTuple):
    """What a recomputation decides about one row, with moments as epoch seconds."""

    policy_version_id: int | None
    state: str
    target_seconds: int | None
    started_at: int
    due_at: int | None
    stopped_at: int | None
    elapsed_seconds: int
    paused_seconds: int
    breach_seconds: int
    judged_at: int | None
    is_kept: bool | None
    is_excluded: bool
    next_alert_at: int | None

    def settled(self) -> tuple[Any, ...]:
        """What must agree with a recomputation at any later moment.

        Counted, paused and late time of an open clock are as of ``computed_at``: they
        grow by themselves, and growing is no change.
        """
        if self.stopped_at is None:
            return (*self[:6], *self[9:])
        return tuple(self)


ClockKey = tuple[int, str, int]
"""Ticket, metric, cycle: what a row keeps its identity by."""


class NewRow(NamedTuple):
    key: ClockKey
    values: ClockValues
    watched_since: datetime
    computed_at: datetime


_KEY = ("ticket_id", "metric", "cycle")
_EXACT = ("watched_since", "computed_at")
_COLUMNS = (*_KEY, *ClockValues._fields, *_EXACT)
_EPOCHS = frozenset(
    {"started_at", "due_at", "stopped_at", "judged_at", "next_alert_at"}
)
_POSTGRES_TYPES = {
    "metric": "text",
    "state": "text",
    "is_kept": "boolean",
    "is_excluded": "boolean",
    **dict.fromkeys(_EXACT, "timestamptz"),
}


def upsert(rows: Sequence[NewRow]) -> None:
    """Write rows by their key. The caller holds the tickets' locks and a transaction."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _upsert_arrays(rows)
    else:
        _upsert_each(rows)


def _upsert_arrays(rows: Sequence[NewRow]) -> None:
    """PostgreSQL: one array a column, so the statement is the same for any number."""
    arrays = zip(*(_flat(row) for row in rows), strict=True)
    casts = ", ".join(
        f"%s::{_POSTGRES_TYPES.get(name, 'bigint')}[]" for name in _COLUMNS
    )
    chosen = ", ".join(
        f"to_timestamp({name})" if name in _EPOCHS else name for name in _COLUMNS
    )
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table()} ({columns}) SELECT {chosen} "  # noqa: S608
            f"FROM unnest({casts}) AS given ({columns}) {_on_conflict()}",
            [list(array) for array in arrays],
        )


def _upsert_each(rows: Sequence[NewRow]) -> None:
    """SQLite: one prepared statement, run per row without leaving its C code."""
    places = ", ".join(
        "datetime(%s, 'unixepoch')" if name in _EPOCHS else "%s" for name in _COLUMNS
    )
    adapt = connection.ops.adapt_datetimefield_value
    texts: dict[datetime, Any] = {}

    def text(moment: datetime) -> Any:
        found = texts.get(moment)
        if found is None:
            found = texts[moment] = adapt(moment)
        return found

    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_table()} ({', '.join(_COLUMNS)}) "  # noqa: S608
            f"VALUES ({places}) {_on_conflict()}",
            [
                (*row.key, *row.values, text(row.watched_since), text(row.computed_at))
                for row in rows
            ],
        )


def _flat(row: NewRow) -> tuple[Any, ...]:
    return (*row.key, *row.values, row.watched_since, row.computed_at)


def _on_conflict() -> str:
    updated = ", ".join(
        f"{name} = excluded.{name}" for name in _COLUMNS if name not in _KEY
    )
    return f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {updated}"


def _table() -> str:
    return connection.ops.quote_name(SlaClock._meta.db_table)  # noqa: SLF001 -- Django's documented model API
