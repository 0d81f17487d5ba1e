"""Several gaps of the worklist decided at once, and that taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import GapTask, WorklistRow
from kb.services.gaps import REASON_LENGTH, GapRefused
from kb.services.signing import sign
from workforce.people.models import User

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """What one decision about several gaps changed.

    ``at`` and ``keys`` name it for `take_back`. ``left`` were gone from the worklist,
    or, taken back, changed by somebody since.
    """

    at: datetime
    keys: tuple[str, ...]
    left: int


@transaction.atomic
def take_on_many(
    *,
    keys: Collection[str],
    owner: User | None,
    due_on: date | None,
    actor: User,
    at: datetime,
) -> Batch:
    """Give gaps an owner and a day; one that has a day keeps it where none is given.

    Raises ``GapRefused`` where none is chosen or too many are.
    """
    tasks = _tasks(keys, at)
    for task in tasks:
        task.state, task.reason = GapTask.State.TAKEN, ""
        task.owner, task.due_on = owner, due_on or task.due_on
    return _saved(tasks, keys, actor, at)


@transaction.atomic
def dismiss_many(
    *, keys: Collection[str], reason: str, actor: User, at: datetime
) -> Batch:
    """Say why nothing is written for these. Raises ``GapRefused``, also without a reason."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise GapRefused(_("Say why nothing is to be done."))
    tasks = _tasks(keys, at)
    for task in tasks:
        task.state, task.reason = GapTask.State.DISMISSED, reason
    return _saved(tasks, keys, actor, at)


@transaction.atomic
def take_back(
    *, keys: Collection[str], decided_at: datetime, actor: User, at: datetime
) -> Batch:
    """Undo one decision about several gaps: each is as it was before.

    A gap that changed again since stays as it is.
    """
    _refuse_size(keys)
    tasks = list(
        GapTask.objects.select_for_update()
        .filter(key__in=keys, changed_at=decided_at)
        .order_by("key")
    )
    for task in tasks:
        before = task.history.filter(history_date__lt=decided_at).first()
        sign(task, actor=actor, at=at)
        if before is None or before.history_type == "-":
            task.delete()
            continue
        task.state, task.reason = before.state, before.reason
        task.owner_id, task.due_on = before.owner_id, before.due_on
        task.changed_at = at
        task.save()
    return Batch(at, tuple(task.key for task in tasks), len(set(keys)) - len(tasks))


def _refuse_size(keys: Collection[str]) -> None:
    if not keys:
        raise GapRefused(_("Tick at least one gap."))
    if len(keys) > MOST_AT_ONCE:
        raise GapRefused(
            _("At most %(most)d gaps are decided at once.") % {"most": MOST_AT_ONCE}
        )


def _tasks(keys: Collection[str], at: datetime) -> list[GapTask]:
    """The tasks of gaps under their locks; new ones, not stored, for new gaps."""
    _refuse_size(keys)
    # Two batches lock in the same order; rows of the worklist also order new tasks.
    rows = WorklistRow.objects.select_for_update().filter(key__in=keys).order_by("key")
    found = list(rows)
    tasks = GapTask.objects.select_for_update().filter(key__in=keys).order_by("key")
    stored = {task.key: task for task in tasks}
    return [stored.get(row.key) or _new(row, at) for row in found]


def _new(row: WorklistRow, at: datetime) -> GapTask:
    return GapTask(
        key=row.key,
        title=row.title,
        state=GapTask.State.TAKEN,
        article_id=row.article_id,
        changed_at=at,
    )


def _saved(
    tasks: list[GapTask], keys: Collection[str], actor: User, at: datetime
) -> Batch:
    for task in tasks:
        task.changed_at = at
        sign(task, actor=actor, at=at)
        task.save()
    return Batch(at, tuple(task.key for task in tasks), len(set(keys)) - len(tasks))
