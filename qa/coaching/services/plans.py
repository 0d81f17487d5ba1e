"""The life of an improvement plan: drafted, issued, signed by both, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.coaching.core.goals import milestone_weeks
from qa.coaching.core.plan_text import fingerprint, is_name_of
from qa.coaching.models import (
    ImprovementPlan,
    Milestone,
    PlanAccess,
    Signature,
)
from qa.coaching.selectors.facts import figures_of, plain_mean
from qa.coaching.selectors.people import may_coach
from qa.coaching.selectors.plans import (
    RUNNING,
    VIEW_ALL,
    plan_with_parts,
    plans_managed_by,
    plans_visible_to,
)
from qa.coaching.services.plan_text import compose
from qa.coaching.services.refusals import (
    AlreadySigned,
    NameDiffers,
    NotTheirCoach,
    NotYours,
    PlanRefused,
    ReasonMissing,
    TextDiffers,
    Unfinished,
    WrongState,
)
from qa.coaching.services.session_content import GoalContent, write_goals
from qa.selectors.scores import scoreboard
from supportops.metrics.scopes import today
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.people.models import User

State = ImprovementPlan.State
WINDOW_DAYS = 90
CLOSED = (State.PASSED, State.FAILED)


@dataclass(frozen=True)
class MilestoneContent:
    """What should be seen by the end of one week."""

    week: int
    text: str
    metric: str = ""
    at_least: float | None = None
    at_most: float | None = None
    min_n: int = 3


@dataclass(frozen=True)
class PlanContent:
    """Everything a manager writes in a draft."""

    manager: User
    starts_on: date
    days: int
    concerns: str
    support: str
    success: str
    hr_contact: User | None = None
    buddy: User | None = None
    load_percent: int = 100
    standards: Sequence[GoalContent] = ()
    milestones: Sequence[MilestoneContent] = ()


PLAIN_FIELDS = (
    "manager",
    "starts_on",
    "days",
    "concerns",
    "support",
    "success",
    "hr_contact",
    "buddy",
    "load_percent",
)


# Drafting ---------------------------------------------------------------------------------


@transaction.atomic
def start_plan(
    *, agent: User, actor: User, content: PlanContent, at: datetime
) -> ImprovementPlan:
    """Open a draft. Only the manager, the personnel contact and readers of all see it.

    Raises ``NotTheirCoach``, or ``PlanRefused`` while another plan runs: in words that
    do not tell whoever may not know of it.
    """
    _require_right_people(agent, actor, content)
    plan = ImprovementPlan(agent=agent, created_by=actor, created_at=at)
    _fill(plan, content)
    plan.facts = _performance(agent, at)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        if not ImprovementPlan.objects.filter(agent=agent, state__in=RUNNING).exists():
            raise
        raise PlanRefused(_refusal(agent, actor)) from error
    _write_parts(plan, content)
    return plan


def _refusal(agent: User, actor: User) -> str:
    known = plans_visible_to(actor).filter(agent=agent, state__in=RUNNING)
    if known.exists():
        return _("%(agent)s already has a plan. Close that one first.") % {
            "agent": agent
        }
    return _("A plan cannot be started here now. Please ask your support lead.")


@transaction.atomic
def save_plan(
    *, plan_id: int, actor: User, content: PlanContent, at: datetime
) -> ImprovementPlan:
    """Change a draft. Raises ``WrongState`` once it was issued."""
    plan = locked_plan(plan_id, actor)
    _require_state(plan, State.DRAFT)
    _require_right_people(plan.agent, actor, content)
    _fill(plan, content)
    plan.facts = _performance(plan.agent, at)
    plan.save()
    _write_parts(plan, content)
    return plan


def locked_plan(plan_id: int, actor: User) -> ImprovementPlan:
    """Return a plan the actor manages, locked. Raises ``DoesNotExist`` for all others."""
    managed = plans_managed_by(actor).filter(pk=plan_id)
    if not managed.exists():
        raise ImprovementPlan.DoesNotExist
    return (
        ImprovementPlan.objects.select_for_update(of=("self",))
        .select_related("agent", "manager", "hr_contact", "buddy")
        .get(pk=plan_id)
    )


def _require_right_people(agent: User, actor: User, content: PlanContent) -> None:
    if not may_coach(actor, agent):
        raise NotTheirCoach(_("You may not start a plan for this person."))
    if content.manager.pk == agent.pk:
        raise PlanRefused(_("The manager is somebody else than the agent."))
    if content.manager.pk != actor.pk and not actor.has_perm(VIEW_ALL):
        raise PlanRefused(_("Only a support lead names another manager."))
    named = [each for each in (content.hr_contact, content.buddy) if each]
    if agent.pk in {person.pk for person in named}:
        raise PlanRefused(_("The agent is neither the contact nor the buddy."))


def _fill(plan: ImprovementPlan, content: PlanContent) -> None:
    for name in PLAIN_FIELDS:
        setattr(plan, name, getattr(content, name))


def _write_parts(plan: ImprovementPlan, content: PlanContent) -> None:
    write_goals(plan.standards.all(), content.standards, plan=plan)
    allowed = milestone_weeks(content.days)
    plan.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(
            plan=plan,
            week=row.week,
            text=row.text,
            metric=row.metric,
            at_least=row.at_least,
            at_most=row.at_most,
            min_n=row.min_n,
        )
        for row in content.milestones
        if row.week in allowed
    )


def _performance(agent: User, at: datetime) -> dict[str, Any]:
    """The agent's figures of the last 90 days, and the team's mean beside them."""
    end = today(at) + timedelta(days=1)
    start = end - timedelta(days=WINDOW_DAYS)
    facts = figures_of(agent, start=start, end=end, at=at)
    facts["team"] = None
    if agent.team_id:
        team = scoreboard(start=start, end=end, team_ids=[agent.team_id]).random
        facts["team"] = plain_mean(team)
    return facts


# Issue and signatures ---------------------------------------------------------------------


@transaction.atomic
def issue_plan(*, plan_id: int, actor: User, at: datetime) -> ImprovementPlan:
    """Freeze the text and let the agent read it.

    Raises ``WrongState``, or ``Unfinished`` naming what is missing.
    """
    plan = locked_plan(plan_id, actor)
    _require_state(plan, State.DRAFT)
    _require_finished(plan)
    plan.text = compose(plan)
    plan.state, plan.issued_at = State.ISSUED, at
    plan.save(update_fields=["text", "state", "issued_at"])
    _tell(plan, [plan.agent], _("Please read something personal"), at, "issued")
    return plan


def _require_finished(plan: ImprovementPlan) -> None:
    weeks = set(plan.milestones.values_list("week", flat=True))
    missing = [
        name
        for name, is_there in (
            (_("specific concerns"), plan.concerns.strip()),
            (_("the support provided"), plan.support.strip()),
            (_("success criteria"), plan.success.strip()),
            (_("a standard"), plan.standards.exists()),
            (_("a milestone"), weeks),
        )
        if not is_there
    ]
    if missing:
        raise Unfinished(_("Still missing: %(what)s.") % {"what": ", ".join(missing)})


def _tell(
    plan: ImprovementPlan, people: list[User], title: str, at: datetime, occasion: str
) -> None:
    """Tell the people of a plan in words that say nothing to whoever looks over."""
    notifications.notify(
        recipients=people,
        kind=Told.COACHING,
        dedup_key=f"plan-{occasion}:{plan.pk}",
        title=title,
        url=reverse("coaching:plan", kwargs={"pk": plan.pk}),
        at=at,
    )


@transaction.atomic
def sign_plan(
    *, plan_id: int, user: User, name: str, text_hash: str, at: datetime
) -> ImprovementPlan:
    """Sign exactly the text that was shown. Both signatures make the plan active.

    Raises ``WrongState``, ``NotYours``, ``AlreadySigned``, ``NameDiffers`` when the
    typed name is not one's own, or ``TextDiffers`` when the text shown is another.
    """
    if not plans_visible_to(user).filter(pk=plan_id).exists():
        raise ImprovementPlan.DoesNotExist
    plan = (
        ImprovementPlan.objects.select_for_update(of=("self",))
        .select_related("agent", "manager")
        .get(pk=plan_id)
    )
    _require_state(plan, State.ISSUED)
    part = _part_of(plan, user)
    if plan.signatures.filter(part=part).exists():
        raise AlreadySigned(_("You have signed this plan already."))
    if not is_name_of(name, str(user)):
        raise NameDiffers(
            _("Type your name as it stands here: %(name)s.") % {"name": user}
        )
    if text_hash != fingerprint(plan.text):
        raise TextDiffers(_("What you read is not what was issued. Load it again."))
    Signature.objects.create(
        plan=plan,
        part=part,
        user=user,
        name=name.strip(),
        text_hash=text_hash,
        signed_at=at,
    )
    _begin_if_signed(plan, user, at)
    return plan


def _part_of(plan: ImprovementPlan, user: User) -> str:
    if user.pk == plan.agent_id:
        return Signature.Part.AGENT
    if user.pk == plan.manager_id:
        return Signature.Part.MANAGER
    raise NotYours(_("Only the agent and the manager sign."))


def _begin_if_signed(plan: ImprovementPlan, user: User, at: datetime) -> None:
    other = plan.manager if user.pk == plan.agent_id else plan.agent
    if plan.signatures.count() == len(Signature.Part):
        plan.state = State.ACTIVE
        plan.save(update_fields=["state"])
        _tell(plan, [other], _("A plan is signed by both"), at, "active")
    else:
        _tell(plan, [other], _("A plan waits for your signature"), at, "signed")


# Milestones and the end -------------------------------------------------------------------


@transaction.atomic
def decide_milestone(
    *, milestone_id: int, actor: User, verdict: str, note: str, at: datetime
) -> Milestone:
    """Write the manager's verdict beside the computed one, with a note.

    Raises ``WrongState``, or ``ReasonMissing`` when it differs from the figures.
    """
    row = Milestone.objects.get(pk=milestone_id)
    plan = locked_plan(row.plan_id, actor)
    _require_state(plan, State.ACTIVE)
    if verdict not in {Milestone.Verdict.MET, Milestone.Verdict.MISSED}:
        raise WrongState(_("A milestone is met or missed."))
    computed = {Milestone.Verdict.MET, Milestone.Verdict.MISSED} & {row.computed}
    if computed and verdict not in computed and not note.strip():
        raise ReasonMissing(_("Say why you judge otherwise than the figures do."))
    row.decided, row.note, row.decided_at = verdict, note.strip(), at
    row.save(update_fields=["decided", "note", "decided_at"])
    return row


@transaction.atomic
def close_plan(
    *, plan_id: int, actor: User, state: str, outcome: str, at: datetime
) -> ImprovementPlan:
    """End an active plan as passed or not. Raises ``WrongState``, ``ReasonMissing``."""
    plan = locked_plan(plan_id, actor)
    _require_state(plan, State.ACTIVE)
    if state not in CLOSED:
        raise WrongState(_("A plan ends as passed or not passed."))
    return _end(plan, state, outcome, at)


@transaction.atomic
def cancel_plan(
    *, plan_id: int, actor: User, reason: str, at: datetime
) -> ImprovementPlan:
    """Withdraw a plan at any moment before its end, with the reason."""
    plan = locked_plan(plan_id, actor)
    _require_state(plan, *RUNNING)
    return _end(plan, State.CANCELLED, reason, at)


def _end(
    plan: ImprovementPlan, state: str, outcome: str, at: datetime
) -> ImprovementPlan:
    if not outcome.strip():
        raise ReasonMissing(_("Write what came of it: both read it."))
    was_issued = plan.issued_at is not None
    plan.state, plan.outcome, plan.closed_at = state, outcome.strip(), at
    plan.save(update_fields=["state", "outcome", "closed_at"])
    if was_issued:
        _tell(plan, [plan.agent], _("A plan has come to its end"), at, "closed")
    return plan


def _require_state(plan: ImprovementPlan, *states: str) -> None:
    if plan.state not in states:
        raise WrongState(
            _("This plan is “%(state)s”: that step is not possible.")
            % {"state": State(plan.state).label}
        )


# Reading ----------------------------------------------------------------------------------


@transaction.atomic
def read_plan(*, plan_id: int, user: User, what: str, at: datetime) -> ImprovementPlan:
    """Return a plan to show, and log that this person reads it.

    Raises ``ImprovementPlan.DoesNotExist`` for whoever must not know of it.
    """
    plan = plan_with_parts(user).get(pk=plan_id)
    PlanAccess.objects.create(plan=plan, user=user, at=at, what=what)
    return plan
