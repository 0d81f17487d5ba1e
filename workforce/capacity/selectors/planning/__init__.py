"""Reads of the planning calendar: what is due, overdue and done in a month."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, resolve, reverse

from workforce.capacity.core.periods import next_period
from workforce.capacity.models import PlanningDuty, PlanningTask, ReviewDate
from workforce.capacity.selectors.decisions.sight import (
    decisions_visible_to,
    people_with,
)
from workforce.people.models import User

Standing = Literal["OVERDUE", "DUE", "LATER", "DONE"]
MANAGE = "capacity.change_planningtask"
SOON_DAYS = 7


@dataclass(frozen=True)
class DutyLine:
    """A duty as the calendar shows it; ``page`` is where its task is done."""

    duty: PlanningDuty
    standing: Standing
    page: str
    is_mine: bool
    days: int


@dataclass(frozen=True)
class ReviewLine:
    review: ReviewDate
    standing: Standing
    page: str


@dataclass(frozen=True)
class MonthPicture:
    month: date
    before: date
    after: date
    duties: list[DutyLine]
    reviews: list[ReviewLine]

    def count(self, standing: Standing) -> int:
        return sum(line.standing == standing for line in self.duties)

    @property
    def overdue(self) -> int:
        return self.count("OVERDUE")

    @property
    def done(self) -> int:
        return self.count("DONE")


def month_picture(
    month: date, *, today: date, user: User, owner: str = ""
) -> MonthPicture:
    """Return what is due in a month; in the current one also what is overdue from before.

    ``owner`` is a user's key, ``"nobody"`` for tasks without owner, or empty for all.
    """
    end = next_period(month, "MONTHLY")
    within = Q(due_on__gte=month, due_on__lt=end)
    if month <= today < end:
        within |= Q(due_on__lt=month, done_at__isnull=True)
    duties = PlanningDuty.objects.filter(within).filter(
        Q(task__is_active=True) | Q(done_at__isnull=False)
    )
    duties = _of_owner(duties, owner).select_related("task__owner", "done_by")
    reviews = (
        ReviewDate.objects.filter(within, decision__in=decisions_visible_to(user))
        .select_related("decision__owner")
        .order_by("due_on", "pk")
    )
    if owner:
        # Every decision has an owner: "nobody" finds none.
        person = int(owner) if owner.isdecimal() else 0
        reviews = reviews.filter(decision__owner=person)
    return MonthPicture(
        month=month,
        before=date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1),
        after=end,
        duties=[_duty(duty, today, user) for duty in duties],
        reviews=[
            ReviewLine(
                review,
                standing(review.due_on, today, is_done=review.done_at is not None),
                _page(user, "capacity:decision", review.decision_id),
            )
            for review in reviews
        ],
    )


def standing(due: date, today: date, *, is_done: bool) -> Standing:
    if is_done:
        return "DONE"
    if due < today:
        return "OVERDUE"
    return "DUE" if (due - today).days <= SOON_DAYS else "LATER"


def owners() -> QuerySet[User]:
    """Return who owns a task."""
    owned = PlanningTask.objects.filter(owner=OuterRef("pk"))
    return User.objects.filter(Exists(owned)).order_by("first_name", "last_name", "pk")


def possible_owners() -> QuerySet[User]:
    """Return who may see the calendar, and so may own a task."""
    return people_with("capacity.view_planningtask").filter(is_automation=False)


def _of_owner(duties: QuerySet[PlanningDuty], owner: str) -> QuerySet[PlanningDuty]:
    if owner == "nobody":
        return duties.filter(task__owner__isnull=True)
    return duties.filter(task__owner=int(owner)) if owner.isdecimal() else duties


def _duty(duty: PlanningDuty, today: date, user: User) -> DutyLine:
    return DutyLine(
        duty=duty,
        standing=standing(duty.due_on, today, is_done=duty.done_at is not None),
        page=_page(user, duty.task.page),
        is_mine=duty.task.owner_id == user.pk or user.has_perm(MANAGE),
        days=(duty.due_on - today).days,
    )


def _page(user: User, name: str, *arguments: int) -> str:
    """Return the address of a page by its name; empty when absent or not theirs to see."""
    if not name:
        return ""
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    view = getattr(resolve(address).func, "view_class", None)
    permission = getattr(view, "permission", None)
    return address if not permission or user.has_perm(permission) else ""
