"""Every write to the planning calendar: duties, what was done, owners, reminders."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy

from supportops.duties import services
from supportops.notifications.models import Kind
from workforce.capacity.models import PlanningDuty, PlanningTask
from workforce.people.models import User

MANAGE = "capacity.change_planningtask"


class NotYourDuty(services.NotYourDuty):
    """Only the owner, or who manages the calendar, marks a duty."""

    code = "planning_duty_not_yours"


class DutyStateRefused(services.DutyStateRefused):
    """It is done already, or was not done."""

    code = "planning_duty_state_refused"


class DutyNoteMissing(services.DutyNoteMissing):
    """A duty is done with a note of what came of it."""

    code = "planning_duty_note_missing"


def _month_of(duty: PlanningDuty) -> str:
    return f"{reverse('capacity:planning')}?month={duty.due_on:%Y-%m}"


PLANNING = services.DutyList(
    tasks=PlanningTask,
    duties=PlanningDuty,
    manage=MANAGE,
    kind=Kind.CAPACITY,
    key="planning-duty",
    address=_month_of,
    ask=gettext_lazy(
        "“%(task)s” is somebody else's. Ask its owner or a workforce manager."
    ),
    not_yours=NotYourDuty,
    state_refused=DutyStateRefused,
    note_missing=DutyNoteMissing,
)


def make_duties(*, at: datetime) -> int:
    """Write the duties of this period and the next for every active task; return how many."""
    return services.make_duties(PLANNING, at=at)


def remind_owners(*, at: datetime) -> int:
    """Tell each owner once of a duty that is due in two days or was due; return how many."""
    return services.remind_owners(PLANNING, at=at)


def mark_done(*, duty_id: int, note: str, actor: User, at: datetime) -> PlanningDuty:
    """Mark a duty as done, with what came of it and by whom.

    Raises ``NotYourDuty``, ``DutyStateRefused``, or ``DutyNoteMissing`` for an empty note.
    """
    return services.mark_done(PLANNING, duty_id=duty_id, note=note, actor=actor, at=at)


def mark_not_done(*, duty_id: int, actor: User) -> PlanningDuty:
    """Take back that a duty is done. Raises ``NotYourDuty`` or ``DutyStateRefused``."""
    return services.mark_not_done(PLANNING, duty_id=duty_id, actor=actor)


def give_task(
    *, task_id: int, owner: User | None, actor: User, at: datetime
) -> PlanningTask:
    """Give a task, with its duties to come, to another owner, or to nobody."""
    return services.give_task(
        PLANNING, task_id=task_id, owner=owner, actor=actor, at=at
    )
