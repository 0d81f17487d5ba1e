"""A team with its lead, talks and plans for tests, written through the services."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from qa.coaching.core.plan_text import fingerprint
from qa.coaching.models import (
    AuditLine,
    CoachingPoint,
    CoachingSession,
    Goal,
    ImprovementPlan,
    MetricAudit,
    Milestone,
    Recognition,
)
from qa.coaching.services import plans, sessions
from qa.coaching.services.session_content import (
    GoalContent,
    PointContent,
    SessionContent,
)
from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import MONDAY_9AM
from tickets.models import Ticket
from workforce.people.models import Team, User

AT = MONDAY_9AM
DAY = AT.date()


@dataclass
class Floor:
    """One team: its lead and an agent; a support lead; and people with no part in it."""

    team: Team
    lead: User
    agent: User
    support_lead: User
    other_lead: User
    peer: User


def floor() -> Floor:
    lead = UserFactory(role=roles.TEAM_LEAD)
    team = TeamFactory(lead=lead)
    other_lead = UserFactory(role=roles.TEAM_LEAD)
    TeamFactory(lead=other_lead)
    return Floor(
        team=team,
        lead=lead,
        agent=UserFactory(role=roles.AGENT, team=team),
        support_lead=UserFactory(role=roles.SUPPORT_LEAD),
        other_lead=other_lead,
        peer=UserFactory(role=roles.AGENT, team=team),
    )


def planned(people: Floor, *, at: datetime = AT, **values: Any) -> CoachingSession:
    values = {"coach": people.lead, "due_on": DAY + timedelta(days=7), **values}
    agent = values.pop("agent", people.agent)
    return sessions.plan_session(agent=agent, at=at, **values)


CONTENT = SessionContent(
    period_start=DAY - timedelta(days=29),
    period_end=DAY + timedelta(days=1),
    due_on=DAY + timedelta(days=7),
    focus="Say the next step",
    focus_how="End each reply with it",
    shared_notes="Both agreed.",
    private_notes="PRIVATE-WORDS",
    points=(PointContent(CoachingPoint.Kind.STRENGTH, "Calm with angry customers"),),
)


def goal(**values: Any) -> GoalContent:
    start = values.pop("starts_on", DAY)
    return GoalContent(
        **{
            "text": "Tone at least 75",
            "criterion_key": "tone",
            "target": 75.0,
            "starts_on": start,
            "ends_on": start + timedelta(days=7),
            **values,
        }
    )


def saved(
    session: CoachingSession, actor: User, *, at: datetime = AT, **values: Any
) -> CoachingSession:
    return sessions.save_session(
        session_id=session.pk,
        actor=actor,
        content=replace(CONTENT, **values),
        expected_changed_at=session.changed_at,
        at=at,
    )


def held(people: Floor, *, at: datetime = AT, **values: Any) -> CoachingSession:
    """A talk that was planned, written, prepared and held."""
    session = saved(planned(people, at=at), people.lead, at=at, **values)
    sessions.prepare_session(session_id=session.pk, actor=people.lead, at=at)
    return sessions.hold_session(session_id=session.pk, actor=people.lead, at=at)


def plan_content(people: Floor, **values: Any) -> plans.PlanContent:
    return plans.PlanContent(
        **{
            "manager": people.lead,
            "starts_on": DAY,
            "days": 60,
            "concerns": "Three tickets closed without an answer",
            "support": "One talk a week",
            "success": "Every ticket answered",
            "standards": (goal(),),
            "milestones": (plans.MilestoneContent(2, "Half of them answered"),),
            **values,
        }
    )


def draft_plan(people: Floor, **values: Any) -> ImprovementPlan:
    return plans.start_plan(
        agent=people.agent,
        actor=people.lead,
        content=plan_content(people, **values),
        at=AT,
    )


def issued_plan(people: Floor, **values: Any) -> ImprovementPlan:
    draft = draft_plan(people, **values)
    return plans.issue_plan(plan_id=draft.pk, actor=people.lead, at=AT)


def active_plan(people: Floor, **values: Any) -> ImprovementPlan:
    plan = issued_plan(people, **values)
    for person in (people.agent, people.lead):
        sign(plan, person)
    plan.refresh_from_db()
    return plan


def sign(plan: ImprovementPlan, person: User, **values: Any) -> ImprovementPlan:
    return plans.sign_plan(
        **{
            "plan_id": plan.pk,
            "user": person,
            "name": str(person),
            "text_hash": fingerprint(plan.text),
            "at": AT,
            **values,
        }
    )


def on(days: int) -> datetime:
    return AT + timedelta(days=days)


def day(days: int) -> date:
    return DAY + timedelta(days=days)


def own_coaching(owner: User, ticket: Ticket) -> dict[str, Any]:
    """Rows that belong to one person whatever their role, by the addresses they have."""
    team = TeamFactory(lead=owner)
    member = UserFactory(team=team, role=roles.AGENT)
    talk = planned(
        Floor(team, owner, member, owner, owner, member),
    )
    task = Goal.objects.create(
        session=talk, text="Sit beside Bo", starts_on=DAY, ends_on=day(7)
    )
    plan = ImprovementPlan.objects.create(
        agent=member,
        manager=owner,
        starts_on=DAY,
        concerns="Late",
        support="Weekly",
        success="In time",
        created_by=owner,
        created_at=AT,
    )
    milestone = Milestone.objects.create(plan=plan, week=2, text="In time")
    nomination = Recognition.objects.create(
        kind=Recognition.Kind.TICKET_OF_WEEK,
        agent=member,
        ticket=ticket,
        period_start=DAY,
        text="Exact",
        nominated_by=owner,
        created_at=AT,
    )
    audit, _created = MetricAudit.objects.get_or_create(
        starts_on=day(-90),
        ends_on=day(-1),
        defaults={"seed": 1, "created_by": owner, "created_at": AT},
    )
    line = AuditLine.objects.create(
        audit=audit, metric="reopen_rate", ticket=ticket, reported="reopened"
    )
    return {
        "coaching:session": talk,
        "admin:coaching_coachingsession": talk,
        "coaching:goal": task,
        "coaching:plan": plan,
        "admin:coaching_improvementplan": plan,
        "coaching:milestone": milestone,
        "coaching:award": nomination,
        "admin:coaching_recognition": nomination,
        "coaching:audit": audit,
        "coaching:audit-line": line,
    }
