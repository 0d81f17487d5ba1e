"""Goals and milestones check themselves; people decide those without a figure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.coaching.core.goals import Measured, Verdict, counted_days
from qa.coaching.models import Goal, ImprovementPlan, Milestone
from qa.coaching.selectors.goals import (
    Question,
    code_of,
    measure,
    predicate_of,
    value_words,
)
from qa.coaching.selectors.sessions import TALKED, sessions_run_by
from qa.coaching.services.refusals import NotTheirCoach, WrongState
from supportops.metrics.scopes import FactStore, today
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.people.models import User

FIGURE_FIELDS = ("state", "value", "low", "high", "n", "checked_at")


def check_goals(*, at: datetime) -> dict[str, int]:
    """Read the figure of every running goal and milestone, judge those whose time is over.

    Safe to run twice: judged ones are not looked at again.
    """
    facts = FactStore()
    judged = [_check_goal(goal.pk, at, facts) for goal in _running_goals()]
    looked_at = [_check_milestone(row.pk, at, facts) for row in _due_milestones()]
    return {
        "goals": len(judged),
        "judged": sum(judged),
        "milestones": sum(looked_at),
    }


def _running_goals() -> Iterable[Goal]:
    running = Q(session__state__in=TALKED) | Q(plan__state=ImprovementPlan.State.ACTIVE)
    goals = Goal.objects.filter(running, state=Goal.State.OPEN).exclude(
        metric="", criterion_key=""
    )
    return goals.only("pk").order_by("pk")


@transaction.atomic
def _check_goal(goal_id: int, at: datetime, facts: FactStore) -> bool:
    """Write the goal's figure; return whether it was judged now."""
    goal = (
        Goal.objects.select_for_update(of=("self",))
        .select_related("session__agent", "session__coach", "plan__agent")
        .get(pk=goal_id)
    )
    if goal.state != Goal.State.OPEN:
        return False
    owner = goal.session or goal.plan
    if owner is None:
        raise ValueError(f"goal {goal.pk} belongs to nothing")
    day = today(at)
    found = _figure(
        owner.agent_id, code_of(goal), goal.starts_on, goal.ends_on, at, facts
    )
    goal.value, goal.low, goal.high, goal.n = (
        found.value,
        found.low,
        found.high,
        found.n,
    )
    goal.state = predicate_of(goal).judge(found, is_over=day > goal.ends_on)
    goal.checked_at, goal.checked_by = at, None
    goal.save(update_fields=[*FIGURE_FIELDS, "checked_by"])
    if goal.state == Goal.State.OPEN:
        return False
    _tell_judged(goal, at)
    return True


def _figure(
    agent_id: int, code: str, start: date, last: date, at: datetime, facts: FactStore
) -> Measured:
    first, after = counted_days(start, last, today(at))
    return measure(Question(agent_id, code, first, after), at=at, facts=facts)


def _tell_judged(goal: Goal, at: datetime) -> None:
    """Tell those whose talk it is. Goals of a plan are told with its milestones."""
    session = goal.session
    if session is None:
        return
    people = [person for person in (session.agent, session.coach) if person]
    notifications.notify(
        recipients=people,
        kind=Told.COACHING,
        dedup_key=f"coaching-goal:{goal.pk}",
        title=_("Goal “%(goal)s”: %(state)s")
        % {"goal": goal.text, "state": Goal.State(goal.state).label.lower()},
        body=_("%(value)s, n = %(n)s")
        % {"value": value_words(code_of(goal), goal.value), "n": goal.n or 0},
        url=reverse("coaching:session", kwargs={"pk": session.pk}),
        at=at,
    )


# Milestones -------------------------------------------------------------------------------


def _due_milestones() -> Iterable[Milestone]:
    return (
        Milestone.objects.filter(
            plan__state=ImprovementPlan.State.ACTIVE, computed=Milestone.Verdict.OPEN
        )
        .only("pk")
        .order_by("pk")
    )


def due_day(milestone: Milestone) -> date:
    """The last day that counts for a milestone."""
    return milestone.plan.starts_on + timedelta(days=7 * milestone.week - 1)


@transaction.atomic
def _check_milestone(milestone_id: int, at: datetime, facts: FactStore) -> bool:
    row = (
        Milestone.objects.select_for_update(of=("self",))
        .select_related("plan__agent", "plan__manager")
        .get(pk=milestone_id)
    )
    is_over = today(at) > due_day(row)
    if row.metric:
        found = _figure(
            row.plan.agent_id, row.metric, row.plan.starts_on, due_day(row), at, facts
        )
        row.value, row.low, row.high, row.n = (
            found.value,
            found.low,
            found.high,
            found.n,
        )
        row.computed = predicate_of(row).judge(found, is_over=is_over)
        row.computed_at = at
        row.save(update_fields=["value", "low", "high", "n", "computed", "computed_at"])
    if is_over and not row.decided:
        _tell_manager(row, at)
    return row.computed != Verdict.OPEN


def _tell_manager(row: Milestone, at: datetime) -> None:
    notifications.notify(
        recipients=[row.plan.manager],
        kind=Told.COACHING,
        dedup_key=f"plan-milestone:{row.pk}",
        title=_("Week %(week)d of an improvement plan is over: say how it went")
        % {"week": row.week},
        url=reverse("coaching:plan", kwargs={"pk": row.plan_id}),
        at=at,
    )


# Deciding ---------------------------------------------------------------------------------


@transaction.atomic
def decide_goal(*, goal_id: int, actor: User, state: str, at: datetime) -> Goal:
    """Say whether a goal without a figure was reached.

    Raises ``NotTheirCoach``, or ``WrongState`` for one that checks itself or is judged.
    """
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal_id)
    mine = sessions_run_by(actor).filter(goals=goal)
    if not mine.exists():
        raise NotTheirCoach(_("Only the coach decides about a goal."))
    if goal.is_measured or goal.state != Goal.State.OPEN:
        raise WrongState(_("This goal checks itself, or was decided already."))
    if state not in {Goal.State.MET, Goal.State.MISSED}:
        raise WrongState(_("A goal is met or missed."))
    goal.state, goal.checked_at, goal.checked_by = state, at, actor
    goal.save(update_fields=["state", "checked_at", "checked_by"])
    return goal
