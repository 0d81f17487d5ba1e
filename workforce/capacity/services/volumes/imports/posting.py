"""Volumes that another system sends row by row, written as an import that can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from workforce.capacity.core.volumes.counting import Counted
from workforce.capacity.core.volumes.csv_columns import FileRow
from workforce.capacity.core.volumes.csv_grid import (
    Refused,
    merge_refusals,
    place_rows,
)
from workforce.capacity.core.volumes.slots import local_days
from workforce.capacity.models import Queue, VolumeImport
from workforce.capacity.services.volumes.imports.writing import (
    Tally,
    write_import_day,
)
from workforce.people.models import User

SENT = "API"
UTC_ZONE = "UTC"


@transaction.atomic
def post_volumes(
    *,
    queue: Queue,
    rows: Sequence[FileRow],
    columns: Collection[str],
    minutes: int,
    refused: Sequence[Refused],
    actor: User,
    at: datetime,
) -> tuple[VolumeImport, list[Refused]]:
    """Write the rows that fit the queue's intervals; return the run and what was refused.

    ``minutes`` is how long each row is; ``columns`` are the roles that every row fills,
    and all others keep what the interval had. ``refused`` are rows that were unreadable
    before. A run that changed nothing is not kept: it has no key.
    """
    placed = place_rows(
        rows,
        zone=queue.time_zone,
        minutes=queue.interval_minutes,
        file_zone=UTC_ZONE,
        until=at,
        step=minutes,
    )
    run = VolumeImport.objects.create(
        file_name=SENT,
        mapping=_mapping(queue, columns, minutes),
        time_zone=UTC_ZONE,
        state=VolumeImport.State.DONE,
        created_by=actor,
        created_at=at,
        finished_at=at,
    )
    tally = Tally()
    for day, facts in _by_day(queue, placed.facts).items():
        write_import_day(run, queue.pk, day, facts, tally)
    all_refused = sorted([*refused, *placed.refused], key=lambda one: one.first)
    _note(run, len(rows) + len(refused), tally, all_refused)
    if tally.new or tally.replaced:
        run.save()
    else:
        run.delete()
    return run, all_refused


def _mapping(queue: Queue, columns: Collection[str], minutes: int) -> dict[str, Any]:
    """How the rows were read, as the import of a file says it."""
    return {
        "delimiter": ",",
        "columns": {role: role for role in sorted(columns)},
        "unit": "sum_seconds",
        "queue": queue.pk,
        "step": minutes,
        "names": [],
    }


def _by_day(queue: Queue, facts: dict[int, Counted]) -> dict[date, dict[int, Counted]]:
    days: dict[date, dict[int, Counted]] = {}
    starts = sorted(facts)
    local = local_days(queue.time_zone, starts).tolist()
    for start, day in zip(starts, local, strict=True):
        days.setdefault(day, {})[start] = facts[start]
    return days


def _note(
    run: VolumeImport, rows: int, tally: Tally, refused: Sequence[Refused]
) -> None:
    run.rows_read, run.rows_refused = rows, len(refused)
    run.rows_new, run.rows_replaced = tally.new, tally.replaced
    run.rows_same = tally.same
    run.refusals = [asdict(one) for one in merge_refusals(refused)]
    run.first_at, run.last_at = tally.first_at, tally.last_at
