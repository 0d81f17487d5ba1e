"""Coaching of the story: weekly talks, one improvement plan, thanks, one audit."""

from datetime import date, datetime, timedelta

from qa.coaching.core.plan_text import fingerprint
from qa.coaching.models import (
    AuditLine,
    CoachingPoint,
    CoachingSession,
    ImprovementPlan,
    Playbook,
    Recognition,
)
from qa.coaching.selectors.recognition import (
    exemplary_reviews,
    last_complete,
    ranked,
)
from qa.coaching.services import audits, goals, plans, recognition, sessions
from qa.coaching.services.plans import MilestoneContent, PlanContent
from qa.coaching.services.session_content import (
    GoalContent,
    PointContent,
    SessionContent,
)
from qa.models import Review
from supportops.demo.core import remarks, talks
from supportops.demo.people import Cast
from supportops.metrics.scopes import today
from workforce.people.models import User

WEEK = timedelta(days=7)
PERIOD = timedelta(days=30)


def write(*, cast: Cast, start: datetime, until: datetime) -> None:
    """Write what coaches, a manager and colleagues did from ``start`` to ``until``."""
    # Disputes of the past have just planned talks that history has overtaken.
    CoachingSession.objects.filter(state=CoachingSession.State.PLANNED).delete()
    coaches = Coaching(cast, start, until)
    for talk in talks.TALKS:
        coaches.talk(talk)
    coaches.plan_ahead()
    coaches.improvement_plan()
    coaches.recognise()
    coaches.audit()
    goals.check_goals(at=until)


class Coaching:
    """Plays the coaches; who talks to whom is in ``core/talks.py``."""

    def __init__(self, cast: Cast, start: datetime, until: datetime) -> None:
        self.users, self.start, self.until = cast.users, start, until
        self.lead = cast.users["nora.keller"]

    def talk(self, talk: talks.Talk) -> None:
        """Hold one talk as told, from the plan to the agent's acknowledgement."""
        at = self.until - talk.weeks_ago * WEEK
        agent, coach = self.users[talk.agent], self.users[talk.coach]
        examples = self._examples(agent, at)
        if not examples:
            return
        session = sessions.plan_session(
            agent=agent,
            coach=coach,
            due_on=(at + timedelta(days=3)).date(),
            at=at,
            actor=coach,
        )
        content = self._content(talk, at.date(), examples)
        session = sessions.save_session(
            session_id=session.pk,
            actor=coach,
            content=content,
            expected_changed_at=session.changed_at,
            at=at + timedelta(minutes=20),
        )
        if talk.weeks_ago == 0:
            return
        later = at + timedelta(days=2)
        sessions.prepare_session(session_id=session.pk, actor=coach, at=later)
        session = sessions.hold_session(
            session_id=session.pk, actor=coach, at=later + timedelta(hours=1)
        )
        if talk.is_acknowledged:
            sessions.acknowledge_session(
                session_id=session.pk,
                agent=agent,
                expected_changed_at=session.changed_at,
                at=later + timedelta(hours=4),
            )

    def plan_ahead(self) -> None:
        """Low scores of the last days plan talks by themselves, as they do in the portal."""
        recent = Review.objects.counted().filter(
            released_at__gt=self.until - timedelta(days=3), released_at__lte=self.until
        )
        sessions.plan_after_low_scores(
            review_ids=list(recent.values_list("pk", flat=True)), at=self.until
        )

    def improvement_plan(self) -> None:
        """Write the plan of the weakest agent, signed by both four weeks ago."""
        told = talks.PLAN
        at = self.until - told.weeks_ago * WEEK
        agent, manager = self.users[told.agent], self.users[told.manager]
        plan = plans.start_plan(
            agent=agent,
            actor=manager,
            content=self._plan_content(told, manager, at.date()),
            at=at,
        )
        plan = plans.issue_plan(
            plan_id=plan.pk, actor=manager, at=at + timedelta(hours=1)
        )
        for user, hours in ((agent, 20), (manager, 22)):
            plans.sign_plan(
                plan_id=plan.pk,
                user=user,
                name=str(user),
                text_hash=fingerprint(plan.text),
                at=at + timedelta(hours=hours),
            )

    def recognise(self) -> None:
        """Give the tickets of the week, the monthly award and some thanks."""
        for weeks_ago in range(talks.AWARDED_WEEKS, -1, -1):
            self._ticket_of_week(self.until - weeks_ago * WEEK, is_open=not weeks_ago)
        monthly = Recognition.Kind.TOP_PERFORMER
        if ranked(last_complete(monthly, today(self.until))):
            recognition.award_best(
                kind=monthly, text=talks.TOP_PERFORMER, actor=self.lead, at=self.until
            )
        for days_ago, sender, agent, text in talks.THANKS:
            recognition.shout_out(
                agent_id=self.users[agent].pk,
                text=text,
                actor=self.users[sender],
                at=self.until - timedelta(days=days_ago),
            )

    def audit(self) -> None:
        """Audit the last quarter that is over: almost all of it agrees."""
        last_day = _last_day_of_quarter(self.until.date())
        first_day = date(last_day.year, last_day.month - 2, 1)
        at = self.until - timedelta(days=9)
        if last_day >= at.date() or first_day < self.start.date():
            return
        reviewer = self.users["david.brandt"]
        audit = audits.start_audit(
            starts_on=first_day,
            ends_on=last_day,
            metrics=talks.AUDITED,
            size=talks.AUDIT_SIZE,
            seed=20,
            actor=reviewer,
            at=at,
        )
        for place, line in enumerate(audit.lines.order_by("pk")):
            differs = line.metric == talks.MISREAD and place % 17 == 11
            audits.judge_line(
                line_id=line.pk,
                verdict=AuditLine.Verdict.DIFFERS
                if differs
                else AuditLine.Verdict.AGREES,
                found=talks.FOUND_INSTEAD if differs else "",
                note=talks.AUDIT_NOTE if differs else "",
                actor=reviewer,
                at=at + timedelta(minutes=3 * place),
            )
        audits.close_audit(
            audit_id=audit.pk,
            conclusion=talks.AUDIT_CONCLUSION,
            actor=reviewer,
            at=at + timedelta(days=1),
        )

    # Parts ------------------------------------------------------------------------------

    def _examples(self, agent: User, at: datetime) -> list[Review]:
        """Return reviews of the month before, the best first."""
        found = Review.objects.counted().filter(
            agent=agent, released_at__lt=at, released_at__gte=at - PERIOD
        )
        return list(found.order_by("-score", "-released_at", "pk"))

    def _content(
        self, talk: talks.Talk, day: date, examples: list[Review]
    ) -> SessionContent:
        playbook = Playbook.objects.filter(key=talk.playbook).first()
        best, worst = examples[0], examples[-1]
        return SessionContent(
            period_start=day - PERIOD,
            period_end=day,
            due_on=day + timedelta(days=3),
            playbook=playbook,
            focus=talk.focus,
            focus_why=talk.why,
            focus_how=playbook.approach if playbook else remarks.FOCUS[talk.criterion],
            resources=playbook.resources if playbook else "",
            private_notes=talk.private,
            next_on=day + timedelta(days=14),
            check_in=talk.focus,
            points=[
                PointContent(
                    CoachingPoint.Kind.STRENGTH, best.strengths, best.pk, talk.criterion
                ),
                PointContent(
                    CoachingPoint.Kind.OPPORTUNITY,
                    worst.focus,
                    worst.pk,
                    talk.criterion,
                ),
            ],
            goals=[
                GoalContent(
                    text=talk.goal,
                    criterion_key=talk.criterion,
                    target=talk.target,
                    min_n=4,
                    starts_on=day + timedelta(days=1),
                    ends_on=day + timedelta(days=29),
                )
            ],
        )

    def _plan_content(
        self, told: talks.Plan, manager: User, starts_on: date
    ) -> PlanContent:
        return PlanContent(
            manager=manager,
            starts_on=starts_on,
            days=ImprovementPlan.Length.DAYS_60,
            concerns=told.concerns,
            support=told.support,
            success=told.success,
            buddy=self.users[told.buddy],
            load_percent=told.load_percent,
            standards=[
                GoalContent(
                    text=text,
                    metric=metric,
                    target=target,
                    starts_on=starts_on,
                    ends_on=starts_on + timedelta(days=60),
                )
                for text, metric, target in told.standards
            ],
            milestones=[
                MilestoneContent(week=week, text=text, metric=metric, at_least=at_least)
                for week, text, metric, at_least in told.milestones
            ],
        )

    def _ticket_of_week(self, at: datetime, *, is_open: bool) -> None:
        shown = (
            exemplary_reviews(self.lead, (at - 2 * WEEK).date())
            .filter(released_at__lt=at, ticket__resolved_at__lt=at)
            .order_by("-score", "pk")
        )
        # Two reviewers can have praised the same ticket; it is nominated once.
        by_ticket: dict[int, Review] = {}
        for review in shown:
            by_ticket.setdefault(review.ticket_id, review)
        rows = [
            recognition.nominate_review(
                review_id=review.pk, text=review.strengths, actor=self.lead, at=at
            )
            for review in list(by_ticket.values())[:2]
        ]
        if not rows:
            return
        for name in talks.VOTERS:
            if self.users[name].pk != rows[0].agent_id:
                recognition.vote(
                    recognition_id=rows[0].pk, user=self.users[name], at=at
                )
        if not is_open:
            recognition.award_ticket(
                recognition_id=rows[0].pk, actor=self.lead, at=at + timedelta(hours=6)
            )


def _last_day_of_quarter(day: date) -> date:
    """Return the last day of the last quarter that was over before ``day``."""
    first_month = 3 * ((day.month - 1) // 3) + 1
    return date(day.year, first_month, 1) - timedelta(days=1)
