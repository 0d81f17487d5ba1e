"""Every write to duties: made by period, done, given to owners, reminded.

An app says with a `DutyList` which models its list is kept in, and in what words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Min
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.duties.models import RecurringDuty, RecurringTask
from supportops.duties.periods import ONGOING, due_on, next_period, period_start
from supportops.notifications.models import Kind
from supportops.notifications.services import Message, notify_all
from workforce.people.models import User

AHEAD = timedelta(days=2)
"""How long before a duty is due its owner is reminded."""

NOTE_LENGTH = 300

TaskT = TypeVar("TaskT", bound=RecurringTask)
DutyT = TypeVar("DutyT", bound=RecurringDuty)


class NotYourDuty(OperationRefused):
    """Only the owner, or who manages the list, marks a duty."""

    code = "duty_not_yours"


class DutyStateRefused(OperationRefused):
    """It is done already, or was not done."""

    code = "duty_state_refused"


class DutyNoteMissing(OperationRefused):
    """A duty is done with a note of what came of it."""

    code = "duty_note_missing"


@dataclass(frozen=True)
class DutyList(Generic[TaskT, DutyT]):
    """The duties of one app: where they are kept, who manages them, how it refuses.

    ``key`` begins the key by which an owner is reminded once. ``address`` is the page
    that shows a duty. ``ask`` says who else may mark it, with ``%(task)s``.
    """

    tasks: type[TaskT]
    duties: type[DutyT]
    manage: str
    kind: Kind
    key: str
    address: Callable[[DutyT], str]
    ask: Promise
    not_yours: type[NotYourDuty]
    state_refused: type[DutyStateRefused]
    note_missing: type[DutyNoteMissing]


# Made -------------------------------------------------------------------------------------


def make_duties(kept: DutyList[TaskT, DutyT], *, at: datetime) -> int:
    """Write the duties of this period and the next for every active task; return how many.

    Safe to run twice and twice at once: a task has one duty a period. A task does not
    begin with a day that is over: only after an earlier period is one caught up. A due
    day that was changed moves those not done yet. What is ongoing has no periods.
    """
    today = at.astimezone(UTC).date()
    tasks = (
        kept.tasks.objects.filter(is_active=True)
        .exclude(cadence=ONGOING)
        .annotate(first=Min("duties__period_start"))
    )
    wanted = [duty for task in tasks for duty in _duties_of(kept, task, today)]
    stored = kept.duties.objects
    before = stored.count()
    stored.bulk_create(wanted, ignore_conflicts=True, batch_size=200)
    _move_due_days(kept, wanted)
    return stored.count() - before


def _duties_of(kept: DutyList[TaskT, DutyT], task: TaskT, today: date) -> list[DutyT]:
    this = period_start(today, task.cadence)
    due_day: int | None = getattr(task, "due_day", None)
    first: date | None = task.first  # type: ignore[attr-defined]
    found = []
    for start in (this, next_period(this, task.cadence)):
        due = due_on(start, task.cadence, due_day=due_day)
        if due < today and (first is None or first >= start):
            continue
        found.append(kept.duties(task=task, period_start=start, due_on=due))
    return found


def _move_due_days(kept: DutyList[TaskT, DutyT], wanted: list[DutyT]) -> None:
    days = {(duty.task_id, duty.period_start): duty.due_on for duty in wanted}
    stored = kept.duties.objects.filter(
        done_at__isnull=True, task__in={task for task, _ in days}
    )
    moved = []
    for duty in stored:
        due = days.get((duty.task_id, duty.period_start), duty.due_on)
        if due != duty.due_on:
            duty.due_on = due
            moved.append(duty)
    kept.duties.objects.bulk_update(moved, ["due_on"], batch_size=200)


# Reminded ---------------------------------------------------------------------------------


def remind_owners(kept: DutyList[TaskT, DutyT], *, at: datetime) -> int:
    """Tell each owner once of a duty that is due in two days or was due; return how many."""
    today = at.astimezone(UTC).date()
    duties = kept.duties.objects.filter(
        done_at__isnull=True,
        due_on__lte=today + AHEAD,
        task__is_active=True,
        task__owner__isnull=False,
    ).select_related("task__owner")
    return notify_all([_message(kept, duty, today) for duty in duties], at=at)


def _message(kept: DutyList[TaskT, DutyT], duty: DutyT, today: date) -> Message:
    words = (
        _("“%(task)s” was due on %(day)s")
        if duty.due_on < today
        else _("“%(task)s” is due on %(day)s")
    )
    return Message(
        recipients=[duty.task.owner],
        kind=kept.kind,
        dedup_key=f"{kept.key}:{duty.pk}",
        title=words % {"task": duty.task.name, "day": date_format(duty.due_on)},
        url=kept.address(duty),
    )


# Done -------------------------------------------------------------------------------------


@transaction.atomic
def mark_done(
    kept: DutyList[Any, DutyT], *, duty_id: int, note: str, actor: User, at: datetime
) -> DutyT:
    """Mark a duty as done, with what came of it and by whom.

    Raises the list's ``NotYourDuty``, ``DutyStateRefused``, or ``DutyNoteMissing`` for an
    empty note.
    """
    duty = _locked(kept, duty_id, actor)
    if duty.done_at is not None:
        raise kept.state_refused(
            _("%(who)s has marked it as done already.") % {"who": duty.done_by}
        )
    note = " ".join(note.split())[:NOTE_LENGTH]
    if not note:
        raise kept.note_missing(_("Say what came of it."))
    duty.done_at, duty.done_by, duty.note = at, actor, note
    duty.save(update_fields=["done_at", "done_by", "note"])
    return duty


@transaction.atomic
def mark_not_done(kept: DutyList[Any, DutyT], *, duty_id: int, actor: User) -> DutyT:
    """Take back that a duty is done; its note stays until it is done again.

    Raises the list's ``NotYourDuty`` or ``DutyStateRefused``.
    """
    duty = _locked(kept, duty_id, actor)
    if duty.done_at is None:
        raise kept.state_refused(_("It is not marked as done."))
    duty.done_at, duty.done_by = None, None
    duty.save(update_fields=["done_at", "done_by"])
    return duty


@transaction.atomic
def give_task(
    kept: DutyList[TaskT, Any],
    *,
    task_id: int,
    owner: User | None,
    actor: User,
    at: datetime,
) -> TaskT:
    """Give a task, with its duties to come, to another owner, or to nobody."""
    task = kept.tasks.objects.select_for_update().get(pk=task_id)
    task.owner = owner
    # simple-history's documented hooks: who and when, for the record that is written.
    task._history_user, task._history_date = actor, at  # type: ignore[attr-defined]  # noqa: SLF001
    task.save()
    return task


def _locked(kept: DutyList[Any, DutyT], duty_id: int, actor: User) -> DutyT:
    duty = (
        kept.duties.objects.select_for_update(of=("self",))
        .select_related("task", "done_by")
        .get(pk=duty_id)
    )
    if duty.task.owner_id != actor.pk and not actor.has_perm(kept.manage):
        raise kept.not_yours(str(kept.ask) % {"task": duty.task.name})
    return duty
