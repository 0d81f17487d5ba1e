"""What is written of a talk or a plan, and how its points and goals reach their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qa.coaching.models import CoachingPoint, CoachingSession, Goal, Playbook


@dataclass(frozen=True)
class PointContent:
    """One strength or opportunity as typed."""

    kind: str
    text: str
    review_id: int | None = None
    criterion_key: str = ""


@dataclass(frozen=True)
class GoalContent:
    """One goal as typed; ``id`` names the one it changes, None is a new one."""

    text: str
    starts_on: date
    ends_on: date
    id: int | None = None
    metric: str = ""
    criterion_key: str = ""
    comparison: str = Goal.Comparison.AT_LEAST
    target: float | None = None
    min_n: int = 3


@dataclass(frozen=True)
class SessionContent:
    """Everything a coach writes before and during a talk."""

    period_start: date
    period_end: date
    due_on: date
    scheduled_at: datetime | None = None
    playbook: Playbook | None = None
    focus: str = ""
    focus_why: str = ""
    focus_how: str = ""
    resources: str = ""
    shared_notes: str = ""
    private_notes: str = ""
    next_on: date | None = None
    check_in: str = ""
    points: Sequence[PointContent] = ()
    goals: Sequence[GoalContent] = ()


PLAIN_FIELDS = (
    "period_start",
    "period_end",
    "due_on",
    "scheduled_at",
    "playbook",
    "focus",
    "focus_why",
    "focus_how",
    "resources",
    "shared_notes",
    "private_notes",
    "next_on",
    "check_in",
)


def write_goals(existing: Any, wanted: Sequence[GoalContent], **owner: Any) -> None:
    """Change, add and remove goals; one that was judged already is left alone."""
    kept = {goal.pk: goal for goal in existing}
    named = {content.id for content in wanted}
    for goal in kept.values():
        if goal.pk not in named and goal.state == Goal.State.OPEN:
            goal.delete()
    for content in wanted:
        goal = kept.get(content.id or 0) or Goal(**owner)
        if goal.state != Goal.State.OPEN:
            continue
        for name in (
            "text",
            "metric",
            "criterion_key",
            "comparison",
            "target",
            "min_n",
            "starts_on",
            "ends_on",
        ):
            setattr(goal, name, getattr(content, name))
        goal.save()


def write_points(session: CoachingSession, points: Sequence[PointContent]) -> None:
    session.points.all().delete()
    CoachingPoint.objects.bulk_create(
        CoachingPoint(
            session=session,
            kind=point.kind,
            text=point.text,
            review_id=point.review_id,
            criterion_key=point.criterion_key,
            position=place,
        )
        for place, point in enumerate(points)
    )
