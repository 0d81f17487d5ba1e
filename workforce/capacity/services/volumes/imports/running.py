"""Reading a file in: its rows set on the grid of their queues, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from supportops.jobs.registry import Progress
from workforce.capacity.core.volumes.csv_columns import FileRow
from workforce.capacity.core.volumes.csv_grid import (
    Placed,
    Refused,
    merge_refusals,
    place_rows,
)
from workforce.capacity.core.volumes.slots import local_days
from workforce.capacity.models import Assumptions, Queue, VolumeImport
from workforce.capacity.selectors.volume_imports import (
    FileRows,
    Name,
    chosen_queues,
    file_rows,
    names_to_create,
    text_of,
)
from workforce.capacity.services.volumes.imports.writing import (
    Tally,
    write_import_day,
)

State = VolumeImport.State
_HANDLING = {"phone": Queue.Handling.LIVE, "chat": Queue.Handling.CHAT}


def run_import(
    *, import_id: int, at: datetime, progress: Progress | None = None
) -> dict[str, int]:
    """Write the numbers of a file. Safe to run again after a kill: nothing counts twice."""
    run = VolumeImport.objects.get(pk=import_id)
    if run.state in {State.DONE, State.UNDONE}:
        return _counts(run)
    found = file_rows(text_of(run), run.mapping)
    placed, refused = _place(run, found)
    days = _by_day(placed)
    if progress:
        progress.set_total(max(1, len(days)))
    tally = Tally()
    for (queue_id, day), facts in days.items():
        write_import_day(run, queue_id, day, facts, tally)
        if progress:
            progress.advance(1, note=str(day))
    return _finish(run, found.rows, tally, merge_refusals(refused), at)


def _place(
    run: VolumeImport, found: FileRows
) -> tuple[dict[Queue, Placed], list[Refused]]:
    """Set the rows on their queues' grids; queues that are to be made are made now."""
    queues = _queues(run, found.by_name)
    rows: dict[Queue, list[FileRow]] = {}
    refused = list(found.refused)
    for name, some in found.by_name.items():
        if name in queues:
            rows.setdefault(queues[name], []).extend(some)
        else:
            shown = " · ".join(filter(None, name))
            refused += [
                Refused(row.line, row.line, "unknown_queue", shown) for row in some
            ]
    placed = {
        queue: place_rows(
            sorted(some, key=lambda row: row.line),
            zone=queue.time_zone,
            minutes=queue.interval_minutes,
            file_zone=run.time_zone,
            until=run.created_at,
            step=run.mapping.get("step", 0),
        )
        for queue, some in rows.items()
    }
    for one in placed.values():
        refused += one.refused
    return placed, refused


def _queues(
    run: VolumeImport, by_name: Mapping[Name, Sequence[FileRow]]
) -> dict[Name, Queue]:
    queues = chosen_queues(run.mapping, by_name)
    for name in sorted(names_to_create(run.mapping) & by_name.keys() - queues.keys()):
        queues[name] = _create(run, name, by_name[name])
    return queues


@transaction.atomic
def _create(run: VolumeImport, name: Name, rows: Sequence[FileRow]) -> Queue:
    """Make a queue as the file suggests: its zone, its intervals, its channel."""
    channel = name[1] or "phone"
    handling = _HANDLING.get(channel.casefold(), Queue.Handling.DEFERRED)
    queue, _made = Queue.objects.get_or_create(
        name=name[0][:120],
        channel=channel[:40],
        defaults={
            "handling": handling,
            "interval_minutes": _interval(run, rows),
            "time_zone": run.time_zone,
        },
    )
    Assumptions.objects.get_or_create(queue=queue)
    return queue


def _interval(run: VolumeImport, rows: Sequence[FileRow]) -> int:
    """The shortest interval a queue may have that the file's rows fill."""
    whole = place_rows(
        rows,
        zone=run.time_zone,
        minutes=1440,
        file_zone=run.time_zone,
        until=run.created_at,
        step=run.mapping.get("step", 0),
    )
    return next(minutes for minutes in (15, 30, 60, 1440) if minutes >= whole.minutes)


def _by_day(
    placed: Mapping[Queue, Placed],
) -> dict[tuple[int, date], dict[int, Any]]:
    days: dict[tuple[int, date], dict[int, Any]] = {}
    for queue, one in placed.items():
        starts = sorted(one.facts)
        for start, day in zip(
            starts, local_days(queue.time_zone, starts).tolist(), strict=True
        ):
            days.setdefault((queue.pk, day), {})[start] = one.facts[start]
    return days


def _finish(
    run: VolumeImport, rows: int, tally: Tally, refused: list[Refused], at: datetime
) -> dict[str, int]:
    run.state, run.finished_at = State.DONE, at
    run.rows_read = rows
    run.rows_new, run.rows_replaced = tally.new, tally.replaced
    run.rows_same = tally.same
    run.rows_refused = sum(one.last - one.first + 1 for one in refused)
    run.refusals = [asdict(one) for one in refused]
    run.first_at, run.last_at = tally.first_at, tally.last_at
    run.save()
    return _counts(run)


def _counts(run: VolumeImport) -> dict[str, int]:
    names = ("rows_read", "rows_new", "rows_replaced", "rows_same", "rows_refused")
    return {name: getattr(run, name) for name in names}
