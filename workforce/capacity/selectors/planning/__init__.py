"""Reads of the planning calendar: what is due, overdue and done in a month."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from supportops.common.row_ids import row_id
from supportops.duties.periods import next_period
from supportops.duties.selectors import (
    DutyLine,
    Standing,
    duty_line,
    page_of,
    standing,
)
from workforce.capacity.models import PlanningDuty, PlanningTask, ReviewDate
from workforce.capacity.selectors.decisions.sight import (
    decisions_visible_to,
    people_with,
)
from workforce.people.models import User

MANAGE = "capacity.change_planningtask"


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
    duties: list[DutyLine[PlanningDuty]]
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
        reviews = reviews.filter(decision__owner=row_id(owner))
    may_manage = user.has_perm(MANAGE)
    return MonthPicture(
        month=month,
        before=date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1),
        after=end,
        duties=[
            duty_line(duty, today=today, user=user, may_manage=may_manage)
            for duty in duties
        ],
        reviews=[
            ReviewLine(
                review,
                standing(review.due_on, today, is_done=review.done_at is not None),
                page_of("capacity:decision", review.decision_id, user=user),
            )
            for review in reviews
        ],
    )


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
    person = row_id(owner)
    return duties if person is None else duties.filter(task__owner=person)
