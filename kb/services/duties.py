"""Every write to content duties: made by period, done, given to owners, reminded."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy

from kb.models import ContentDuty, ContentTask
from supportops.duties import services
from supportops.notifications.models import Kind
from workforce.people.models import User

MANAGE = "kb.change_contenttask"


class NotYourDuty(services.NotYourDuty):
    """Only the owner, or who manages content duties, marks one."""

    code = "content_duty_not_yours"


class DutyStateRefused(services.DutyStateRefused):
    """It is done already, or was not done."""

    code = "content_duty_state_refused"


class DutyNoteMissing(services.DutyNoteMissing):
    """A duty is done with a note of what came of it."""

    code = "content_duty_note_missing"


CONTENT = services.DutyList(
    tasks=ContentTask,
    duties=ContentDuty,
    manage=MANAGE,
    kind=Kind.KNOWLEDGE,
    key="kb-duty",
    address=lambda _duty: reverse("kb:duties"),
    ask=gettext_lazy("This duty is somebody else's."),
    not_yours=NotYourDuty,
    state_refused=DutyStateRefused,
    note_missing=DutyNoteMissing,
)


def make_duties(*, at: datetime) -> int:
    """Write the duties of this period and the next for every active task; return how many."""
    return services.make_duties(CONTENT, at=at)


def remind_owners(*, at: datetime) -> int:
    """Tell each owner once of a duty that is due in two days or was due; return how many."""
    return services.remind_owners(CONTENT, at=at)


def mark_done(*, duty_id: int, note: str, actor: User, at: datetime) -> ContentDuty:
    """Mark a duty as done, with what came of it and by whom.

    Raises ``NotYourDuty``, ``DutyStateRefused``, or ``DutyNoteMissing`` for an empty note.
    """
    return services.mark_done(CONTENT, duty_id=duty_id, note=note, actor=actor, at=at)


def mark_not_done(*, duty_id: int, actor: User) -> ContentDuty:
    """Take back that a duty is done. Raises ``NotYourDuty`` or ``DutyStateRefused``."""
    return services.mark_not_done(CONTENT, duty_id=duty_id, actor=actor)


def give_task(
    *, task_id: int, owner: User | None, actor: User, at: datetime
) -> ContentTask:
    """Give a task, with its duties to come, to another owner, or to nobody."""
    return services.give_task(CONTENT, task_id=task_id, owner=owner, actor=actor, at=at)
