"""One queue's day of an imported file: what was there is kept, so that undo can be."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from workforce.capacity.core.volumes.counting import Counted
from workforce.capacity.models import (
    IntervalVolume,
    ReplacedVolume,
    Source,
    VolumeImport,
)
from workforce.capacity.selectors.ticket_facts import feeds
from workforce.capacity.selectors.volumes import local_bounds
from workforce.capacity.services.volumes.marking import mark_days
from workforce.capacity.services.volumes.writing import (
    BATCH,
    FACTS,
    fact_of,
    locked_queue,
    write_day,
)

_ROLES = {
    "offered": ("offered",),
    "handled": ("handled",),
    "abandoned": ("abandoned",),
    "handle": ("timed", "handle_seconds"),
    "backlog": ("backlog",),
}


@dataclass(slots=True)
class Tally:
    """What an import came to so far, in intervals."""

    new: int = 0
    replaced: int = 0
    same: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def note(self, starts_at: datetime) -> None:
        self.first_at = min(self.first_at or starts_at, starts_at)
        self.last_at = max(self.last_at or starts_at, starts_at)


@transaction.atomic
def write_import_day(
    run: VolumeImport,
    queue_id: int,
    day: date,
    facts: Mapping[int, Counted],
    tally: Tally,
) -> None:
    """Write the file's intervals of one local day, and the day's sum with them.

    Columns that the file lacks keep what the interval had. An interval that says the
    same already stays as it is; one written by an earlier attempt counts as it did then.
    """
    queue = locked_queue(queue_id)
    if queue is None:
        return
    first, last = local_bounds(queue, day, day + timedelta(days=1))
    held = {
        int(row.starts_at.timestamp()): row
        for row in IntervalVolume.objects.filter(
            queue=queue, starts_at__gte=first, starts_at__lt=last
        )
    }
    kept = set(
        ReplacedVolume.objects.filter(
            import_run=run, queue=queue, starts_at__gte=first, starts_at__lt=last
        ).values_list("starts_at", flat=True)
    )
    given = [name for role in run.mapping["columns"] for name in _ROLES.get(role, ())]
    new, changed, replaced = [], [], []
    for start, fact in facts.items():
        row = held.get(start)
        moment = datetime.fromtimestamp(start, UTC)
        tally.note(moment)
        if row is None:
            new.append(_new(run, queue_id, queue.interval_minutes, moment, fact))
        elif row.imported_by_id == run.pk:
            tally.replaced += moment in kept
            tally.new += moment not in kept
        elif row.source == Source.IMPORT and _agrees(row, fact, given):
            tally.same += 1
        else:
            replaced.append(_kept(run, row))
            changed.append(_overwrite(run, row, fact, given))
    tally.new += len(new)
    tally.replaced += len(replaced)
    ReplacedVolume.objects.bulk_create(
        replaced, ignore_conflicts=True, batch_size=BATCH
    )
    IntervalVolume.objects.bulk_create(new, batch_size=BATCH)
    IntervalVolume.objects.bulk_update(
        changed, [*FACTS, "source", "imported_by"], batch_size=BATCH
    )
    write_day(queue, day, began=False)
    if feeds([queue_id]):
        # The tickets say how the day's backlog ends; an import only may.
        mark_days(queue_id, [day])


def _new(
    run: VolumeImport, queue_id: int, minutes: int, moment: datetime, fact: Counted
) -> IntervalVolume:
    return IntervalVolume(
        queue_id=queue_id,
        starts_at=moment,
        minutes=minutes,
        source=Source.IMPORT,
        imported_by=run,
        **asdict(fact),
    )


def _agrees(row: IntervalVolume, fact: Counted, given: list[str]) -> bool:
    return all(getattr(row, name) == getattr(fact, name) for name in given)


def _kept(run: VolumeImport, row: IntervalVolume) -> ReplacedVolume:
    return ReplacedVolume(
        import_run=run,
        queue_id=row.queue_id,
        starts_at=row.starts_at,
        minutes=row.minutes,
        source=row.source,
        former_import_id=row.imported_by_id,
        **asdict(fact_of(row)),
    )


def _overwrite(
    run: VolumeImport, row: IntervalVolume, fact: Counted, given: list[str]
) -> IntervalVolume:
    for name in given:
        setattr(row, name, getattr(fact, name))
    row.source, row.imported_by = Source.IMPORT, run
    return row
