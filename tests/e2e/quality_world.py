"""A quarter of quality and coaching for the browser: one row at least of every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qa.coaching.models import ImprovementPlan, MetricAudit
from qa.coaching.services import audits, plans, recognition, sessions
from qa.coaching.services.session_content import PointContent, SessionContent
from qa.core.scoring import Given
from qa.models import (
    CalibrationItem,
    Review,
    SamplingDraw,
    SamplingPlan,
    ScorecardVersion,
)
from qa.selectors.scorecards import default_scorecard, published_version
from qa.services import (
    calibration,
    certification,
    disputes,
    drafting,
    gold,
    reliability,
    rubric,
    sampling,
    scorecards,
)
from qa.services.history import HistoricReview, append_reviews
from supportops.common import roles
from supportops.metrics import services as metrics
from tests.factories import coaching as talks
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sampling import resolved_tickets
from tests.factories.tickets import open_ticket
from tickets import services as tickets
from tickets.models import Ticket
from workforce.people.models import User

BEST = {
    "solution_quality": "perfect",
    "communication": "excellent",
    "process_adherence": "perfect",
    "efficiency": "excellent",
    "customer_experience": "delightful",
}
"""The highest level of each criterion of the shipped scorecard."""
WEAK = BEST | {"solution_quality": "needs_work", "communication": "adequate"}
"""75 of 100 points, which is below the pass mark."""
WEEKS = 8


@dataclass
class People:
    lead: User
    team_lead: User
    reviewer: User
    second: User
    agent: User
    other: User
    executive: User


def people() -> People:
    team_lead = UserFactory(first_name="Mei", role=roles.TEAM_LEAD)
    team = TeamFactory(name="Frontline of the northern region", lead=team_lead)
    return People(
        lead=UserFactory(first_name="Nora", role=roles.SUPPORT_LEAD),
        team_lead=team_lead,
        reviewer=UserFactory(first_name="David", role=roles.QA_REVIEWER),
        second=UserFactory(first_name="Priya", role=roles.QA_REVIEWER),
        agent=UserFactory(first_name="Ana", role=roles.AGENT, team=team),
        other=UserFactory(first_name="Jonas", role=roles.AGENT, team=team),
        executive=UserFactory(first_name="Henrik", role=roles.EXECUTIVE),
    )


def shipped() -> ScorecardVersion:
    """Return the published version of the scorecard that migrations write."""
    version = published_version(default_scorecard().pk)
    assert version is not None
    return version


def answers(levels: Mapping[str, str]) -> dict[str, Given]:
    given = {key: Given(level=level) for key, level in levels.items()}
    return given | {"checklist": Given(checked=frozenset({"greeting"}))}


def worked_ticket(agent: User, at: datetime) -> Ticket:
    """A ticket that was answered and resolved, with what was said."""
    ticket = open_ticket(
        at=at - timedelta(hours=5),
        assignee=agent,
        team=agent.team,
        subject="The export of last quarter's invoices has been empty since Friday",
        body="The export of my invoices is empty: "
        "https://example.com/export/0123456789abcdef0123456789abcdef0123456789abcdef",
    )
    said = at - timedelta(hours=4)
    body = "Hi,\nI understand that the export is empty. Please try again."
    tickets.reply(ticket_id=ticket.pk, at=said, actor=agent, body=body, public=True)
    return ticket


def past_review(
    ticket: Ticket,
    by: User,
    at: datetime,
    levels: Mapping[str, str],
    **values: object,
) -> HistoricReview:
    """A review as it stood some hours after ``at``, released unless told otherwise."""
    settings = {
        "kind": Review.Kind.ASSIGNED,
        "basis": Review.Basis.RANDOM,
        "submitted_at": at + timedelta(minutes=8),
        "released_at": at + timedelta(hours=1),
        "strengths": "Found the cause at once.",
        "focus": "Name the next step at the end of each reply.",
        "comments": {
            key: "The cause was found in the third reply only."
            for key, level in levels.items()
            if level in {"needs_work", "adequate"}
        },
        **values,
    }
    return HistoricReview(
        ticket_id=ticket.pk,
        agent_id=ticket.assignee_id,
        team_id=ticket.assignee.team_id,
        reviewer_id=by.pk,
        version=shipped(),
        answers=answers(levels),
        started_at=at,
        **settings,
    )


def write_history(who: People, now: datetime) -> list[Review]:
    """Write eight weeks of reviews; of each week one ticket was reviewed twice."""
    rows = []
    for week in range(WEEKS, 0, -1):
        at = now - timedelta(weeks=week) + timedelta(days=2)
        for place, agent in enumerate((who.agent, who.other, who.agent, who.other)):
            ticket = resolved_tickets(agent, 1, at, team=agent.team)[0]
            levels = WEAK if (place + week) % 3 == 0 else BEST
            pair = (who.reviewer, who.second)
            by, twice = pair if place % 2 else pair[::-1]
            rows.append(past_review(ticket, by, at, levels))
            if place == 0:
                blind = {"kind": Review.Kind.OVERLAP, "released_at": None}
                rows.append(past_review(ticket, twice, at, BEST, **blind))
    return append_reviews(rows, at=now)


@dataclass
class Rows:
    """What the pages are about, each by the name of its address."""

    draw: SamplingDraw
    plan: SamplingPlan
    draft: Review
    submitted: Review
    released: Review
    disputed: Review
    dispute: int
    settled: int
    scorecard: int
    calibrations: Mapping[str, int]
    change: int
    talks: Mapping[str, int]
    improvement: Mapping[str, int]
    audit: MetricAudit


def build(who: People, now: datetime) -> Rows:
    version = shipped()
    monday = now.date() - timedelta(days=now.weekday() + 7)
    write_history(who, now)
    released, disputed, decided, submitted = append_reviews(
        [
            past_review(worked_ticket(agent, at), who.reviewer, at, levels, **values)
            for at in [now - timedelta(hours=7)]
            for agent, levels, values in (
                (who.agent, WEAK, {}),
                (who.agent, WEAK, {}),
                (who.other, WEAK, {}),
                (who.other, BEST, {"released_at": None}),
            )
        ],
        at=now,
    )
    ids = [released.pk, disputed.pk, decided.pk]
    until = now + timedelta(hours=60)
    Review.objects.filter(pk__in=ids).update(dispute_until=until)
    opened = [object_to(review, now) for review in (disputed, decided)]
    disputes.decide_dispute(
        dispute_id=opened[1],
        arbiter=who.second,
        decision="The cause was named in the second reply.",
        lines=[{"criterion": "communication", "outcome": "PROPOSED"}],
        at=now,
    )
    plan, taken = draw_last_week(who, monday, now)
    item = taken.items.filter(reviewer=who.reviewer).order_by("position").first()
    draft = drafting.start_item(item_id=item.pk, reviewer=who.reviewer, at=now)
    reliability.compute(
        scorecard_id=version.scorecard_id, ends_on=now.date(), at=now, draws=100
    )
    rows = Rows(
        draw=taken,
        plan=plan,
        draft=draft,
        submitted=submitted,
        released=released,
        disputed=disputed,
        dispute=opened[0],
        settled=opened[1],
        scorecard=version.scorecard_id,
        calibrations=calibrations(who, version, now),
        change=ask_for_change(who, version, released, now),
        talks=coach(who, now),
        improvement=improve(who, now),
        audit=audit(who, now),
    )
    scorecards.start_draft(scorecard_id=version.scorecard_id, actor=who.lead, at=now)
    return rows


def object_to(review: Review, now: datetime) -> int:
    line = {
        "criterion": "communication",
        "proposed_level": "good",
        "reason": "The customer had confirmed the solution by phone.",
    }
    return disputes.open_dispute(
        review_id=review.pk,
        agent=review.agent,
        kind="SCORE",
        reason="",
        lines=[line],
        at=now,
    ).pk


def draw_last_week(
    who: People, monday: date, now: datetime
) -> tuple[SamplingPlan, SamplingDraw]:
    plan = SamplingPlan.objects.create(
        name="Weekly quality reviews of every team",
        scorecard_id=shipped().scorecard_id,
        strata=["priority", "complexity"],
        overlap_share=0.2,
    )
    plan.reviewers.set([who.reviewer, who.second])
    at = now - timedelta(days=now.weekday() + 5)
    for agent in (who.agent, who.other):
        for _ in range(3):
            ticket = worked_ticket(agent, at)
            Ticket.objects.filter(pk=ticket.pk).update(
                state="RESOLVED", is_open=False, resolved_at=at, outcome="SOLVED"
            )
    taken = sampling.take_draw(
        plan_id=plan.pk, starts_on=monday, seed=7, actor=who.lead, at=now
    )
    certification.grant(
        scorecard_id=plan.scorecard_id, reviewer=who.second, actor=who.lead, at=now
    )
    return plan, taken


def calibrations(
    who: People, version: ScorecardVersion, now: datetime
) -> dict[str, int]:
    """One round of each kind: being set up, being scored, opened, closed."""
    return {
        state: _calibration(who, version, now, state)
        for state in ("draft", "scoring", "opened", "closed")
    }


def _calibration(
    who: People, version: ScorecardVersion, now: datetime, state: str
) -> int:
    how = {"actor": who.lead, "at": now - timedelta(hours=3)}
    session = calibration.create_calibration(
        title=f"Refunds of November, {state}",
        version_id=version.pk,
        facilitator=who.lead,
        due_at=now + timedelta(days=2),
        **how,
    )
    how |= {"session_id": session.pk}
    asked = [worked_ticket(who.agent, now), worked_ticket(who.other, now)]
    calibration.set_tickets(ticket_ids=[row.pk for row in asked], **how)
    calibration.set_participants(users=[who.reviewer, who.second], **how)
    if state == "draft":
        return session.pk
    calibration.start_scoring(**how)
    _score(session.pk, who.second, BEST, now)
    if state == "scoring":
        return session.pk
    _score(session.pk, who.reviewer, WEAK, now)
    calibration.reveal(**how)
    if state == "opened":
        return session.pk
    for item in session.items.all():
        for criterion in ("solution_quality", "communication"):
            calibration.decide(
                item_id=item.pk,
                criterion=criterion,
                level="good",
                reason="The cause was found late.",
                actor=who.lead,
                at=now,
            )
    calibration.finish_decisions(**how)
    calibration.close(**how)
    gold.create_gold(item_id=session.items.first().pk, actor=who.lead, at=now)
    return session.pk


def _score(session: int, by: User, levels: Mapping[str, str], now: datetime) -> None:
    items = CalibrationItem.objects.filter(session=session).select_related("ticket")
    append_reviews(
        [
            past_review(
                item.ticket,
                by,
                now - timedelta(hours=2),
                levels,
                kind=Review.Kind.CALIBRATION,
                basis=Review.Basis.TARGETED,
                released_at=None,
                calibration_item_id=item.pk,
            )
            for item in items
        ],
        at=now,
    )
    calibration.finish_participant(session_id=session, user=by, at=now)


def ask_for_change(
    who: People, version: ScorecardVersion, review: Review, now: datetime
) -> int:
    return rubric.open_change(
        scorecard_id=version.scorecard_id,
        criterion_key="communication",
        text="What is warm, and what is too casual?",
        ticket_ids=[review.ticket_id],
        actor=who.lead,
        at=now,
    ).pk


def coach(who: People, now: datetime) -> dict[str, int]:
    """A talk that is planned, and one that waits for the agent to acknowledge it."""
    held = planned(who, who.agent, now)
    content = SessionContent(
        period_start=now.date() - timedelta(days=30),
        period_end=now.date(),
        due_on=now.date() + timedelta(days=3),
        focus="Say the next step",
        focus_how="End each reply with it",
        shared_notes="Both agreed.",
        private_notes="He was tired.",
        points=[PointContent("STRENGTH", "Calm with angry customers")],
        goals=[talks.goal(criterion_key="communication", starts_on=now.date())],
    )
    saved = sessions.save_session(
        session_id=held,
        actor=who.team_lead,
        content=content,
        expected_changed_at=now,
        at=now,
    )
    how = {"session_id": saved.pk, "actor": who.team_lead, "at": now}
    sessions.prepare_session(**how)
    sessions.hold_session(**how)
    return {"held": held, "planned": planned(who, who.other, now)}


def planned(who: People, agent: User, now: datetime) -> int:
    return sessions.plan_session(
        agent=agent,
        coach=who.team_lead,
        due_on=now.date() + timedelta(days=7),
        at=now,
        actor=who.team_lead,
    ).pk


def improve(who: People, now: datetime) -> dict[str, int]:
    """A plan that is a draft, and one that waits for its signatures."""
    made = {}
    for agent, state in ((who.agent, "draft"), (who.other, "issued")):
        plan: ImprovementPlan = plans.start_plan(
            agent=agent,
            actor=who.team_lead,
            content=plans.PlanContent(
                manager=who.team_lead,
                starts_on=now.date(),
                days=60,
                concerns="Three tickets were closed without an answer.",
                support="One talk a week.",
                success="Every ticket is answered.",
                standards=(
                    talks.goal(criterion_key="communication", starts_on=now.date()),
                ),
                milestones=(plans.MilestoneContent(2, "Half of them answered"),),
            ),
            at=now,
        )
        made[state] = plan.pk
    plans.issue_plan(plan_id=made["issued"], actor=who.team_lead, at=now)
    return made


def audit(who: People, now: datetime) -> MetricAudit:
    metrics.refresh(at=now)
    ticket = worked_ticket(who.agent, now)
    recognition.nominate_ticket(
        number=ticket.pk, text="Exact, and kind.", actor=who.lead, at=now
    )
    recognition.shout_out(
        agent_id=who.other.pk, text="Took my queue.", actor=who.agent, at=now
    )
    return audits.start_audit(
        starts_on=now.date() - timedelta(days=45),
        ends_on=now.date() - timedelta(days=1),
        metrics=["first_response_time"],
        size=6,
        seed=5,
        actor=who.reviewer,
        at=now,
    )
