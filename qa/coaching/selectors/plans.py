"""Reads of improvement plans. Nobody else even learns that one exists."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from qa.coaching.core.goals import Measured, Verdict
from qa.coaching.models import (
    Goal,
    ImprovementPlan,
    Milestone,
    PlanAccess,
    Signature,
)
from qa.coaching.selectors.goals import predicate_of, value_words
from qa.coaching.selectors.people import coachable_by
from workforce.people.models import User

State = ImprovementPlan.State
VIEW_ALL = "coaching.view_all_improvementplans"
WRITE = "coaching.add_improvementplan"
RUNNING = (State.DRAFT, State.ISSUED, State.ACTIVE)


def plans_visible_to(user: User | AnonymousUser) -> QuerySet[ImprovementPlan]:
    """Return the plans a person may read.

    The agent, once it is issued; the manager; the personnel contact; whoever may read
    all. A draft about oneself stays out of sight, whatever else one may read. Whoever
    shows the text of one goes through ``services.plans.read_plan``, which logs it.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return ImprovementPlan.objects.none()
    own = Q(agent=user, issued_at__isnull=False)
    others = (
        ~Q(agent=user)
        if user.has_perm(VIEW_ALL)
        else Q(manager=user) | Q(hr_contact=user)
    )
    return ImprovementPlan.objects.filter(own | others)


def plans_of(agent: User) -> QuerySet[ImprovementPlan]:
    """An agent's own plans, the latest first, and whether each sets standards."""
    standards = Goal.objects.filter(plan=OuterRef("pk"))
    return (
        plans_visible_to(agent)
        .filter(agent=agent)
        .annotate(has_standards=Exists(standards))
        .order_by("-starts_on")
    )


def plans_managed_by(user: User) -> QuerySet[ImprovementPlan]:
    """Plans this person may write and whose readings they may see."""
    if not user.has_perm(WRITE):
        return ImprovementPlan.objects.none()
    managed = plans_visible_to(user).exclude(agent=user)
    return managed if user.has_perm(VIEW_ALL) else managed.filter(manager=user)


def plans_listed_for(user: User) -> QuerySet[ImprovementPlan]:
    """Plans for a list, running ones first, with the next milestone to come."""
    return (
        plans_visible_to(user)
        .select_related("agent", "agent__team", "manager")
        .prefetch_related(Prefetch("milestones", Milestone.objects.order_by("week")))
        .order_by("closed_at", "-starts_on", "-pk")
    )


def plan_with_parts(user: User) -> QuerySet[ImprovementPlan]:
    """Plans with everything their page shows; ``services.plans.read_plan`` opens one."""
    return (
        plans_visible_to(user)
        .select_related("agent", "manager", "hr_contact", "buddy", "created_by")
        .prefetch_related(
            Prefetch("standards", Goal.objects.order_by("pk")),
            Prefetch("milestones", Milestone.objects.order_by("week")),
            Prefetch(
                "signatures",
                Signature.objects.select_related("user").order_by("part"),
            ),
        )
    )


def can_start_for(user: User) -> QuerySet[User]:
    """People for whom this person may start a plan."""
    if not user.has_perm(WRITE):
        return User.objects.none()
    return coachable_by(user).order_by("last_name", "first_name", "pk")


def accesses_of(plan: ImprovementPlan, user: User) -> QuerySet[PlanAccess]:
    """Who has read a plan, the latest first; empty for those who do not manage it."""
    return (
        PlanAccess.objects.filter(plan__in=plans_managed_by(user), plan=plan)
        .select_related("user")
        .order_by("-at", "-pk")
    )


@dataclass(frozen=True)
class Standing:
    """One figure of a plan as a page shows it."""

    name: str
    value: str
    interval: str
    n: int | None
    verdict: str
    is_sure: bool

    @property
    def is_doubtful(self) -> bool:
        """Enough cases, and an interval that reaches across the bound."""
        has_verdict = self.verdict.endswith((Verdict.MET, Verdict.MISSED))
        return has_verdict and bool(self.interval) and not self.is_sure


def standing_of(thing: Goal | Milestone, code: str) -> Standing:
    """Say how a goal or a milestone stands: value, interval, n, and the verdict now."""
    stored = thing.computed if isinstance(thing, Milestone) else thing.state
    found = Measured(thing.value, thing.n or 0, thing.low, thing.high)
    predicate = predicate_of(thing)
    verdict = stored
    if stored == Verdict.OPEN and thing.n is not None:
        verdict = f"OPEN_{predicate.standing(found)}"
    interval = ""
    if thing.low is not None and thing.high is not None:
        interval = f"{value_words(code, thing.low)} – {value_words(code, thing.high)}"
    return Standing(
        name=thing.text,
        value=value_words(code, thing.value),
        interval=interval,
        n=thing.n,
        verdict=str(verdict),
        is_sure=predicate.is_sure(found),
    )


def next_milestone(plan: ImprovementPlan, today: date) -> Milestone | None:
    """Return the first milestone that nobody has decided yet."""
    return next((row for row in plan.milestones.all() if not row.decided), None)


def ends_on(plan: ImprovementPlan) -> date:
    """The review date: so many days after the start."""
    return plan.starts_on + timedelta(days=plan.days)
