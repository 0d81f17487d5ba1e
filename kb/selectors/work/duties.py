"""Content duties: what is due, overdue and done, and what goes on all the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from kb.models import ContentDuty, ContentTask
from supportops.duties.periods import ONGOING
from supportops.duties.selectors import DutyLine, duty_line, page_of
from workforce.people.models import User

MANAGE = "kb.change_contenttask"
SHOWN_DAYS = 100
"""Done duties of the last quarter stay on the page."""


@dataclass(frozen=True, slots=True)
class Duties:
    open: list[DutyLine[ContentDuty]]
    done: list[DutyLine[ContentDuty]]
    ongoing: list[tuple[ContentTask, str]]

    @property
    def overdue(self) -> int:
        return sum(line.standing == "OVERDUE" for line in self.open)


def duties(*, today: date, user: User) -> Duties:
    """Return what is open, what was done lately, and what goes on all the time."""
    rows = (
        ContentDuty.objects.filter(
            Q(done_at__isnull=True, task__is_active=True)
            | Q(done_at__date__gt=today - timedelta(days=SHOWN_DAYS))
        )
        .select_related("task__owner", "done_by")
        .order_by("due_on", "task__position", "pk")
    )
    may_manage = user.has_perm(MANAGE)
    shown = [
        duty_line(duty, today=today, user=user, may_manage=may_manage) for duty in rows
    ]
    ongoing = ContentTask.objects.filter(is_active=True, cadence=ONGOING)
    newest: Callable[[DutyLine[ContentDuty]], date] = lambda one: one.duty.due_on  # noqa: E731
    return Duties(
        open=[one for one in shown if one.standing != "DONE"],
        done=sorted(
            (one for one in shown if one.standing == "DONE"), key=newest, reverse=True
        ),
        ongoing=[
            (task, page_of(task.page, user=user))
            for task in ongoing.select_related("owner")
        ],
    )
