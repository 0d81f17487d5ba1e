"""Reads of duties: how one stands, whose it is, and where it is done."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from django.urls import NoReverseMatch, resolve, reverse

from supportops.duties.models import RecurringDuty
from workforce.people.models import User

Standing = Literal["OVERDUE", "DUE", "LATER", "DONE"]
SOON_DAYS = 7

DutyT = TypeVar("DutyT", bound=RecurringDuty)


@dataclass(frozen=True, slots=True)
class DutyLine(Generic[DutyT]):
    """A duty as a page shows it; ``page`` is where its task is done."""

    duty: DutyT
    standing: Standing
    page: str
    is_mine: bool


def duty_line(
    duty: DutyT, *, today: date, user: User, may_manage: bool
) -> DutyLine[DutyT]:
    """Return how a duty, read with its task, stands for a user."""
    return DutyLine(
        duty=duty,
        standing=standing(duty.due_on, today, is_done=duty.done_at is not None),
        page=page_of(duty.task.page, user=user),
        is_mine=may_manage or duty.task.owner_id == user.pk,
    )


def standing(due: date, today: date, *, is_done: bool) -> Standing:
    if is_done:
        return "DONE"
    if due < today:
        return "OVERDUE"
    return "DUE" if (due - today).days <= SOON_DAYS else "LATER"


def page_of(page: str, *arguments: int, user: User) -> str:
    """Return the address of a page; empty when there is none, or it is not theirs to see.

    ``page`` is the name of an address, with a query where one belongs to it.
    """
    name, _mark, query = page.partition("?")
    if not name:
        return ""
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    view = getattr(resolve(address).func, "view_class", None)
    permission = getattr(view, "permission", None)
    if permission and not user.has_perm(permission):
        return ""
    return f"{address}?{query}" if query else address
