"""Every write to content duties: made by period, done, given to owners, reminded."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kb.core.duties import ONGOING, due_on, period_start
from kb.models import ContentDuty, ContentTask
from kb.services.signing import sign
from supportops.common.errors import OperationRefused
from supportops.notifications.models import Kind
from supportops.notifications.services import Message, notify_all
from workforce.people.models import User

AHEAD = timedelta(days=1)
"""How long before a duty is due its owner is reminded."""

MANAGE = "kb.change_contenttask"
NOTE_LENGTH = 300


class NotYourDuty(OperationRefused):
    """Only the owner, or who manages content duties, marks one."""

    code = "content_duty_not_yours"


class DutyStateRefused(OperationRefused):
    """It is done already, or was not done."""

    code = "content_duty_state_refused"


class DutyNoteMissing(OperationRefused):
    """A duty is done with a note of what came of it."""

    code = "content_duty_note_missing"


def make_duties(*, at: datetime) -> int:
    """Write the duty of the running period for every active task; return how many.

    Safe to run twice and twice at once: a task has one duty a period. What is ongoing
    has no periods.
    """
    today = at.astimezone(UTC).date()
    tasks = ContentTask.objects.filter(is_active=True).exclude(cadence=ONGOING)
    before = ContentDuty.objects.count()
    ContentDuty.objects.bulk_create(
        [_duty_of(task, today) for task in tasks], ignore_conflicts=True
    )
    return ContentDuty.objects.count() - before


def _duty_of(task: ContentTask, today: date) -> ContentDuty:
    start = period_start(today, task.cadence)
    return ContentDuty(
        task=task, period_start=start, due_on=due_on(start, task.cadence)
    )


def remind_owners(*, at: datetime) -> int:
    """Tell each owner once of a duty that is due by tomorrow; return how many."""
    today = at.astimezone(UTC).date()
    duties = ContentDuty.objects.filter(
        done_at__isnull=True,
        due_on__lte=today + AHEAD,
        task__is_active=True,
        task__owner__isnull=False,
    ).select_related("task__owner")
    return notify_all([_message(duty, today) for duty in duties], at=at)


def _message(duty: ContentDuty, today: date) -> Message:
    words = (
        _("“%(task)s” was due on %(day)s")
        if duty.due_on < today
        else _("“%(task)s” is due on %(day)s")
    )
    return Message(
        recipients=[duty.task.owner],
        kind=Kind.KNOWLEDGE,
        dedup_key=f"kb-duty:{duty.pk}",
        title=words % {"task": duty.task.name, "day": date_format(duty.due_on)},
        url=reverse("kb:duties"),
    )


@transaction.atomic
def mark_done(*, duty_id: int, note: str, actor: User, at: datetime) -> ContentDuty:
    """Mark a duty as done, with what came of it and by whom.

    Raises ``NotYourDuty``, ``DutyStateRefused``, or ``DutyNoteMissing`` for an empty note.
    """
    duty = _locked(duty_id, actor)
    if duty.done_at is not None:
        raise DutyStateRefused(
            _("%(who)s has marked it as done already.") % {"who": duty.done_by}
        )
    note = " ".join(note.split())[:NOTE_LENGTH]
    if not note:
        raise DutyNoteMissing(_("Say what came of it."))
    duty.done_at, duty.done_by, duty.note = at, actor, note
    duty.save(update_fields=["done_at", "done_by", "note"])
    return duty


@transaction.atomic
def mark_not_done(*, duty_id: int, actor: User) -> ContentDuty:
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
) -> ContentTask:
    """Give a task, with its duties to come, to another owner, or to nobody."""
    task = ContentTask.objects.select_for_update().get(pk=task_id)
    task.owner = owner
    sign(task, actor=actor, at=at)
    task.save()
    return task


def _locked(duty_id: int, actor: User) -> ContentDuty:
    duty = ContentDuty.objects.select_for_update().get(pk=duty_id)
    if duty.task.owner_id != actor.pk and not actor.has_perm(MANAGE):
        raise NotYourDuty(_("This duty is somebody else's."))
    return duty
