"""Every write to the planning calendar: duties, what was done, owners, reminders."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.notifications.models import Kind
from supportops.notifications.services import Message, notify_all
from workforce.capacity.core.periods import due_on, next_period, period_start
from workforce.capacity.models import PlanningDuty, PlanningTask
from workforce.capacity.services.signing import sign
from workforce.people.models import User

AHEAD = timedelta(days=2)
"""How long before a duty is due its owner is reminded."""

MANAGE = "capacity.change_planningtask"


class NotYourDuty(OperationRefused):
    """Only the owner, or who manages the calendar, marks a duty."""

    code = "planning_duty_not_yours"


class DutyStateRefused(OperationRefused):
    """It is done already, or was not done."""

    code = "planning_duty_state_refused"


# Duties -----------------------------------------------------------------------------------


def make_duties(*, at: datetime) -> int:
    """Write the duties of this period and the next for every active task; return how many.

    Safe to run twice and twice at once: a task has one duty a period. A task does not
    begin with a day that is over: only after an earlier period is one caught up. A due day that was changed moves those
    not done yet.
    """
    today = at.astimezone(UTC).date()
    tasks = PlanningTask.objects.filter(is_active=True).annotate(
        first=Min("duties__period_start")
    )
    wanted = [duty for task in tasks for duty in _duties_of(task, today)]
    before = PlanningDuty.objects.count()
    PlanningDuty.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=200)
    _move_due_days(wanted)
    return PlanningDuty.objects.count() - before


def _duties_of(task: PlanningTask, today: date) -> list[PlanningDuty]:
    this = period_start(today, task.cadence)
    found = []
    for start in (this, next_period(this, task.cadence)):
        due = due_on(start, task.due_day, task.cadence)
        first = task.first  # type: ignore[attr-defined]
        if due < today and (first is None or first >= start):
            continue
        found.append(PlanningDuty(task=task, period_start=start, due_on=due))
    return found


def _move_due_days(wanted: list[PlanningDuty]) -> None:
    days = {(duty.task_id, duty.period_start): duty.due_on for duty in wanted}
    stored = PlanningDuty.objects.filter(
        done_at__isnull=True, task__in={task for task, _ in days}
    )
    moved = []
    for duty in stored:
        due = days.get((duty.task_id, duty.period_start), duty.due_on)
        if due != duty.due_on:
            duty.due_on = due
            moved.append(duty)
    PlanningDuty.objects.bulk_update(moved, ["due_on"], batch_size=200)


def remind_owners(*, at: datetime) -> int:
    """Tell each owner once of a duty that is due in two days or was due; return how many."""
    today = at.astimezone(UTC).date()
    duties = PlanningDuty.objects.filter(
        done_at__isnull=True,
        due_on__lte=today + AHEAD,
        task__is_active=True,
        task__owner__isnull=False,
    ).select_related("task__owner")
    return notify_all([_message(duty, today) for duty in duties], at=at)


def _message(duty: PlanningDuty, today: date) -> Message:
    words = (
        _("“%(task)s” was due on %(day)s")
        if duty.due_on < today
        else _("“%(task)s” is due on %(day)s")
    )
    month = f"{duty.due_on:%Y-%m}"
    return Message(
        recipients=[duty.task.owner],
        kind=Kind.CAPACITY,
        dedup_key=f"planning-duty:{duty.pk}",
        title=words % {"task": duty.task.name, "day": date_format(duty.due_on)},
        url=f"{reverse('capacity:planning')}?month={month}",
    )


# Done -------------------------------------------------------------------------------------


@transaction.atomic
def mark_done(*, duty_id: int, note: str, actor: User, at: datetime) -> PlanningDuty:
    """Mark a duty as done. Raises ``NotYourDuty`` or ``DutyStateRefused``."""
    duty = _locked(duty_id, actor)
    if duty.done_at is not None:
        raise DutyStateRefused(
            _("%(who)s has marked it as done already.") % {"who": duty.done_by}
        )
    duty.done_at, duty.done_by, duty.note = at, actor, note.strip()
    duty.save(update_fields=["done_at", "done_by", "note"])
    return duty


@transaction.atomic
def mark_not_done(*, duty_id: int, actor: User) -> PlanningDuty:
    """Take back that a duty is done; its note stays until it is done again.

    Raises ``NotYourDuty`` or ``DutyStateRefused``.
    """
    duty = _locked(duty_id, actor)
    if duty.done_at is None:
        raise DutyStateRefused(_("It is not marked as done."))
    duty.done_at, duty.done_by = None, None
    duty.save(update_fields=["done_at", "done_by"])
    return duty


@transaction.atomic
def give_task(
    *, task_id: int, owner: User | None, actor: User, at: datetime
) -> PlanningTask:
    """Give a task, with its duties to come, to another owner, or to nobody."""
    task = PlanningTask.objects.select_for_update().get(pk=task_id)
    task.owner = owner
    sign(task, actor=actor, at=at)
    task.save()
    return task


def _locked(duty_id: int, actor: User) -> PlanningDuty:
    duty = (
        PlanningDuty.objects.select_for_update(of=("self",))
        .select_related("task", "done_by")
        .get(pk=duty_id)
    )
    if duty.task.owner_id != actor.pk and not actor.has_perm(MANAGE):
        raise NotYourDuty(
            _("“%(task)s” is somebody else's. Ask its owner or a workforce manager.")
            % {"task": duty.task.name}
        )
    return duty
