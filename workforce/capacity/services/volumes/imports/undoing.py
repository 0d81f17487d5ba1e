"""Taking an import back: what it replaced returns, what it added goes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from supportops.jobs.registry import Progress
from workforce.capacity.models import (
    IntervalVolume,
    Queue,
    ReplacedVolume,
    VolumeImport,
)
from workforce.capacity.selectors.ticket_facts import feeds
from workforce.capacity.selectors.volumes import local_bounds
from workforce.capacity.services.volumes.imports.steps import refuse_replaced
from workforce.capacity.services.volumes.marking import mark_days
from workforce.capacity.services.volumes.writing import (
    BATCH,
    FACTS,
    locked_queue,
    write_day,
)


def undo_import(
    *, import_id: int, at: datetime, progress: Progress | None = None
) -> dict[str, int]:
    """Bring back what an import replaced and remove what it added, day by day.

    Safe to run again after a kill: it goes on with the days that are left. Raises
    ``UndoRefused`` when a later import has replaced numbers of it.
    """
    run = VolumeImport.objects.get(pk=import_id)
    refuse_replaced(run)
    days = _days(run)
    if progress:
        progress.set_total(max(1, len(days)))
    counts = {"restored": 0, "removed": 0}
    for queue_id, day in days:
        restored, removed = _undo_day(run, queue_id, day)
        counts["restored"] += restored
        counts["removed"] += removed
        if progress:
            progress.advance(1, note=str(day))
    VolumeImport.objects.filter(pk=run.pk).update(
        state=VolumeImport.State.UNDONE, finished_at=at
    )
    return counts


def _days(run: VolumeImport) -> list[tuple[int, date]]:
    zones = dict(Queue.objects.values_list("pk", "time_zone"))
    rows = IntervalVolume.objects.filter(imported_by=run)
    found = {
        (queue_id, moment.astimezone(ZoneInfo(zones[queue_id])).date())
        for queue_id, moment in rows.values_list("queue_id", "starts_at")
    }
    return sorted(found)


@transaction.atomic
def _undo_day(run: VolumeImport, queue_id: int, day: date) -> tuple[int, int]:
    queue = locked_queue(queue_id)
    if queue is None:
        return 0, 0
    first, last = local_bounds(queue, day, day + timedelta(days=1))
    within = {"queue": queue, "starts_at__gte": first, "starts_at__lt": last}
    rows = list(IntervalVolume.objects.filter(imported_by=run, **within))
    former = {
        kept.starts_at: kept
        for kept in ReplacedVolume.objects.filter(import_run=run, **within)
    }
    restored = [
        _restore(row, former[row.starts_at]) for row in rows if row.starts_at in former
    ]
    IntervalVolume.objects.bulk_update(
        restored, [*FACTS, "minutes", "source", "imported_by"], batch_size=BATCH
    )
    removed, _kinds = IntervalVolume.objects.filter(imported_by=run, **within).delete()
    ReplacedVolume.objects.filter(import_run=run, **within).delete()
    write_day(queue, day, began=False)
    if feeds([queue_id]):
        mark_days(queue_id, [day])
    return len(restored), removed


def _restore(row: IntervalVolume, kept: ReplacedVolume) -> IntervalVolume:
    for name in (*FACTS, "minutes", "source"):
        setattr(row, name, getattr(kept, name))
    row.imported_by_id = kept.former_import_id
    return row
