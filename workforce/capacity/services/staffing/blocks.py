"""Writing planned people: the whole week at once, copied days, a template, a file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from workforce.capacity.models import PlannedStaff, Queue
from workforce.capacity.selectors.staffing.planned import (
    Block,
    blocks_of,
    fingerprint,
)
from workforce.capacity.services.staffing.block_files import read_blocks
from workforce.capacity.services.staffing.refusals import (
    BlocksInvalid,
    NothingToCopy,
    PlanChangedMeanwhile,
    PlanNotEmpty,
)
from workforce.people.models import User

BLOCK_COLUMNS = (
    "name", "weekday", "starts_minute", "ends_minute", "people", "valid_from",
    "valid_until",
)  # fmt: skip

# The table "Schedule Template" of the workforce chapter this product grew from:
# people by weekday on three shifts.
TEMPLATE = (
    ("Early", 6, 14, (4, 3, 3, 3, 3, 1, 1)),
    ("Core", 9, 17, (12, 10, 10, 10, 8, 2, 2)),
    ("Late", 12, 20, (6, 5, 5, 5, 4, 1, 1)),
)


@dataclass(frozen=True)
class Changes:
    """How many blocks a write added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@transaction.atomic
def save_blocks(
    *,
    queue_id: int,
    blocks: Sequence[Block],
    actor: User | None,
    at: datetime,
    expected: str = "",
) -> Changes:
    """Make these the blocks of a queue: rows not among them are removed.

    ``expected`` is the fingerprint of what the caller saw. The queue's row is locked.

    Raises ``PlanChangedMeanwhile`` or ``BlocksInvalid``; nothing is written then.
    """
    queue, rows = _locked(queue_id)
    if expected and fingerprint(rows) != expected:
        raise PlanChangedMeanwhile(
            _(
                "Somebody changed the planned people of this queue meanwhile. "
                "Open the page again and look at them first."
            )
        )
    return _write(queue, rows, blocks, actor=actor, at=at)


@transaction.atomic
def copy_day(
    *,
    queue_id: int,
    source: int,
    targets: Collection[int],
    actor: User | None,
    at: datetime,
) -> Changes:
    """Give some weekdays the blocks of another; what they had is removed.

    Raises ``NothingToCopy`` when the day has no block, or no other day was chosen.
    """
    queue, rows = _locked(queue_id)
    wanted = {day for day in targets if day != source and 0 <= day <= 6}
    model = [_block(row) for row in rows if row.weekday == source]
    if not model:
        raise NothingToCopy(
            _("%(day)s has no block to copy.") % {"day": WEEKDAYS[source]}
        )
    if not wanted:
        raise NothingToCopy(_("Choose at least one other day to copy to."))
    kept = [_block(row) for row in rows if row.weekday not in wanted]
    copied = [
        replace(block, weekday=day, pk=None)
        for day in sorted(wanted)
        for block in model
    ]  # fmt: skip
    return _write(queue, rows, kept + copied, actor=actor, at=at)


@transaction.atomic
def start_from_template(
    *, queue_id: int, actor: User | None, at: datetime
) -> Changes:  # fmt: skip
    """Fill an empty plan with three staggered shifts. Raises ``PlanNotEmpty``."""
    queue, rows = _locked(queue_id)
    if rows:
        raise PlanNotEmpty(
            _("This queue has planned people. Remove them before the template.")
        )
    blocks = [
        Block(weekday, 60 * starts, 60 * ends, Decimal(people), name)
        for name, starts, ends, by_day in TEMPLATE
        for weekday, people in enumerate(by_day)
    ]
    return _write(queue, rows, blocks, actor=actor, at=at)


@transaction.atomic
def import_blocks(
    *, queue_id: int, text: str, replaces: bool, actor: User | None, at: datetime
) -> Changes:
    """Take the blocks of a CSV file, beside those there are or in their place.

    A block that is there already is not added twice. Raises ``FileUnreadable`` naming
    line and reason, or ``BlocksInvalid``; nothing of the file is taken then.
    """
    read = read_blocks(text)
    queue, rows = _locked(queue_id)
    present = {_values(_block(row)): row.pk for row in rows}
    blocks = [replace(block, pk=present.pop(_values(block), None)) for block in read]
    if not replaces:
        taken = {block.pk for block in blocks}
        blocks += [_block(row) for row in rows if row.pk not in taken]
    return _write(queue, rows, blocks, actor=actor, at=at)


def _locked(queue_id: int) -> tuple[Queue, list[PlannedStaff]]:
    queue = Queue.objects.select_for_update().get(pk=queue_id)
    return queue, blocks_of([queue.pk])[queue.pk]


def _write(
    queue: Queue,
    rows: Sequence[PlannedStaff],
    blocks: Sequence[Block],
    *,
    actor: User | None,
    at: datetime,
) -> Changes:
    by_pk = {row.pk: row for row in rows}
    added = changed = 0
    kept = set()
    for block in blocks:
        row = by_pk.get(block.pk) if block.pk else None
        if row is not None:
            kept.add(row.pk)
            if _values(_block(row)) == _values(block):
                continue
            changed += 1
        else:
            row = PlannedStaff(queue=queue)
            added += 1
        _save(row, block, actor=actor, at=at)
    gone = [row for row in rows if row.pk not in kept]
    for row in gone:
        _sign(row, actor, at)
        row.delete()
    return Changes(added, changed, len(gone))


def _save(row: PlannedStaff, block: Block, *, actor: User | None, at: datetime) -> None:
    for name in BLOCK_COLUMNS:
        setattr(row, name, getattr(block, name))
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise BlocksInvalid(f"{_words(block)}: {' '.join(error.messages)}") from error
    _sign(row, actor, at)
    row.save()


def _sign(row: PlannedStaff, actor: User | None, at: datetime) -> None:
    row._history_user = actor  # type: ignore[attr-defined]  # noqa: SLF001 -- simple-history's documented hook
    row._history_date = at  # type: ignore[attr-defined]  # noqa: SLF001


def _block(row: PlannedStaff) -> Block:
    return Block(pk=row.pk, **{name: getattr(row, name) for name in BLOCK_COLUMNS})


def _values(block: Block) -> tuple[object, ...]:
    return tuple(getattr(block, name) for name in BLOCK_COLUMNS)


def _words(block: Block) -> str:
    day = WEEKDAYS.get(block.weekday, block.weekday)
    return " ".join(str(part) for part in (day, block.name) if part)
