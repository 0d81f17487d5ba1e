"""Content duties: what is due, overdue and done, and what goes on all the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Q
from django.urls import NoReverseMatch, resolve, reverse

from kb.core.duties import ONGOING
from kb.models import ContentDuty, ContentTask
from workforce.people.models import User

Standing = Literal["OVERDUE", "DUE", "DONE"]
MANAGE = "kb.change_contenttask"
SHOWN_DAYS = 100
"""Done duties of the last quarter stay on the page."""


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as the page shows it; ``page`` is where its task is done."""

    duty: ContentDuty
    standing: Standing
    page: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Duties:
    open: list[DutyLine]
    done: list[DutyLine]
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

    def line(duty: ContentDuty) -> DutyLine:
        return DutyLine(
            duty=duty,
            standing=_standing(duty, today),
            page=page_of(duty.task, user),
            is_mine=may_manage or duty.task.owner_id == user.pk,
        )

    shown = [line(duty) for duty in rows]
    ongoing = ContentTask.objects.filter(is_active=True, cadence=ONGOING)
    newest: Callable[[DutyLine], date] = lambda one: one.duty.due_on  # noqa: E731
    return Duties(
        open=[one for one in shown if one.standing != "DONE"],
        done=sorted(
            (one for one in shown if one.standing == "DONE"), key=newest, reverse=True
        ),
        ongoing=[
            (task, page_of(task, user)) for task in ongoing.select_related("owner")
        ],
    )


def _standing(duty: ContentDuty, today: date) -> Standing:
    if duty.done_at is not None:
        return "DONE"
    return "OVERDUE" if duty.due_on < today else "DUE"


def page_of(task: ContentTask, user: User) -> str:
    """Return where a task is done; empty when there is no such page, or it is not theirs.

    ``task.page`` is the name of an address, with a query where one belongs to it.
    """
    name, _mark, query = task.page.partition("?")
    if not name:
        return ""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    view = getattr(resolve(address).func, "view_class", None)
    permission = getattr(view, "permission", None)
    if permission and not user.has_perm(permission):
        return ""
    return f"{address}?{query}" if query else address
