"""The life of a coaching talk: planned, prepared, held, acknowledged, or cancelled."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa.coaching.models import CoachingPoint, CoachingSession
from qa.coaching.selectors.facts import figures_of
from qa.coaching.selectors.people import COACH, may_coach, support_leads
from qa.coaching.selectors.sessions import AHEAD, sessions_run_by
from qa.coaching.services.refusals import (
    ChangedMeanwhile,
    NotTheirCoach,
    NotYours,
    ReasonMissing,
    SessionAhead,
    Unfinished,
    WrongState,
)
from qa.coaching.services.session_content import (
    PLAIN_FIELDS,
    SessionContent,
    write_goals,
    write_points,
)
from qa.models import Review
from supportops.metrics.scopes import today
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.people.models import User

State = CoachingSession.State
PERIOD_DAYS = 30
AFTER_LOW_SCORE_DAYS = 7


# Planning ---------------------------------------------------------------------------------


@transaction.atomic
def plan_session(
    *,
    agent: User,
    coach: User | None,
    due_on: date,
    at: datetime,
    actor: User | None = None,
    because_of: Review | None = None,
    scheduled_at: datetime | None = None,
) -> CoachingSession:
    """Plan a talk about the last 30 days, its figures as they stand.

    ``actor`` is None when a low score plans it. Without a coach, support leads are told
    that somebody has to take it.

    Raises ``NotTheirCoach``, or ``SessionAhead`` while another is planned.
    """
    _require_coach(actor, agent, coach)
    day = today(at)
    start, end = day - timedelta(days=PERIOD_DAYS - 1), day + timedelta(days=1)
    try:
        with transaction.atomic():
            session = CoachingSession.objects.create(
                agent=agent,
                coach=coach,
                because_of=because_of,
                period_start=start,
                period_end=end,
                due_on=due_on,
                scheduled_at=scheduled_at,
                facts=figures_of(agent, start=start, end=end, at=at),
                created_at=at,
                changed_at=at,
            )
    except IntegrityError as error:
        if not _ahead_of(agent):
            raise
        raise SessionAhead(
            _("A talk with %(agent)s is planned already. Open that one.")
            % {"agent": agent}
        ) from error
    _tell_planned(session, at)
    return session


def plan_after_low_scores(*, review_ids: Sequence[int], at: datetime) -> int:
    """Plan a talk within a week for each agent with a released review that failed.

    Once while one is ahead, and once for the same news. The coach is the lead of the
    agent's team; without one, or when the lead is the agent, nobody yet. Return how
    many talks were planned.
    """
    caused = CoachingSession.objects.filter(because_of__in=review_ids)
    failed = (
        Review.objects.counted()
        .filter(pk__in=review_ids, passed=False, agent__is_active=True)
        .exclude(agent__in=caused.values("agent"))
        .select_related("agent__team__lead")
        .order_by("agent_id", "score", "pk")
    )
    worst: dict[int, Review] = {}
    for review in failed:
        worst.setdefault(review.agent_id, review)
    planned = 0
    for review in worst.values():
        if _ahead_of(review.agent):
            continue
        try:
            plan_session(
                agent=review.agent,
                coach=_lead_of(review.agent),
                due_on=today(at) + timedelta(days=AFTER_LOW_SCORE_DAYS),
                because_of=review,
                at=at,
            )
        except SessionAhead:
            continue  # somebody planned one at this very moment
        planned += 1
    return planned


def _ahead_of(agent: User) -> bool:
    return CoachingSession.objects.filter(agent=agent, state__in=AHEAD).exists()


def _lead_of(agent: User) -> User | None:
    lead = agent.team.lead if agent.team else None
    return lead if lead and lead.pk != agent.pk and lead.has_perm(COACH) else None


def _require_coach(actor: User | None, agent: User, coach: User | None) -> None:
    if coach is not None and coach.pk == agent.pk:
        raise NotTheirCoach(_("Nobody coaches themselves. Choose another coach."))
    if actor is not None and not may_coach(actor, agent):
        raise NotTheirCoach(
            _("You do not coach %(agent)s. Ask the lead of that team.")
            % {"agent": agent}
        )


def _tell_planned(session: CoachingSession, at: datetime) -> None:
    day = date_format(session.due_on, "j M Y")
    words = {"agent": session.agent, "day": day}
    messages = [
        notifications.Message(
            recipients=[session.coach] if session.coach else list(support_leads()),
            kind=Told.COACHING,
            dedup_key=f"coaching-planned:{session.pk}",
            title=_("Talk with %(agent)s by %(day)s") % words
            if session.coach
            else _("Nobody coaches %(agent)s yet: a talk is due by %(day)s") % words,
            url=address_of(session),
        ),
        notifications.Message(
            recipients=[session.agent],
            kind=Told.COACHING,
            dedup_key=f"coaching-agent:{session.pk}",
            title=_("A talk about your work takes place by %(day)s") % {"day": day},
            url=address_of(session),
        ),
    ]
    notifications.notify_all(messages, at=at)


def address_of(session: CoachingSession) -> str:
    return reverse("coaching:session", kwargs={"pk": session.pk})


# Writing ----------------------------------------------------------------------------------


def locked_session(session_id: int, actor: User) -> CoachingSession:
    """Return a session that the actor may write, locked.

    Raises ``CoachingSession.DoesNotExist`` for one they may not even see.
    """
    allowed = sessions_run_by(actor).filter(pk=session_id)
    if not allowed.exists():
        raise CoachingSession.DoesNotExist
    return (
        CoachingSession.objects.select_for_update(of=("self",))
        .select_related("agent", "coach")
        .get(pk=session_id)
    )


@transaction.atomic
def save_session(
    *,
    session_id: int,
    actor: User,
    content: SessionContent,
    expected_changed_at: datetime,
    at: datetime,
) -> CoachingSession:
    """Write what the coach has typed. A state never changes by it.

    Raises ``WrongState`` once the agent has acknowledged or after cancelling, and
    ``ChangedMeanwhile`` when somebody has saved since the page was loaded.
    """
    session = locked_session(session_id, actor)
    _require_state(session, *AHEAD, State.HELD)
    _require_unchanged(session, expected_changed_at)
    moved = (session.period_start, session.period_end) != (
        content.period_start,
        content.period_end,
    )
    for name in PLAIN_FIELDS:
        setattr(session, name, getattr(content, name))
    if moved:
        session.facts = _figures(session, at)
    session.changed_at = at
    session.save()
    write_points(session, content.points)
    write_goals(session.goals.all(), content.goals, session=session)
    return session


@transaction.atomic
def save_private_notes(*, session_id: int, actor: User, notes: str) -> None:
    """Write the coach's own notes, in any state. The agent's page does not change."""
    session = locked_session(session_id, actor)
    session.private_notes = notes
    session.save(update_fields=["private_notes"])


@transaction.atomic
def take_session(*, session_id: int, actor: User, at: datetime) -> CoachingSession:
    """Become the coach of a talk that is still ahead."""
    session = locked_session(session_id, actor)
    _require_state(session, *AHEAD)
    session.coach, session.changed_at = actor, at
    session.save(update_fields=["coach", "changed_at"])
    return session


def _figures(session: CoachingSession, at: datetime) -> dict[str, Any]:
    return figures_of(
        session.agent, start=session.period_start, end=session.period_end, at=at
    )


# Steps ------------------------------------------------------------------------------------


@transaction.atomic
def prepare_session(*, session_id: int, actor: User, at: datetime) -> CoachingSession:
    """Declare a talk prepared; its figures are read once more.

    Raises ``Unfinished`` naming what is missing: a strength comes first, and one focus.
    """
    session = locked_session(session_id, actor)
    _require_state(session, State.PLANNED)
    _require_finished(session)
    session.facts = _figures(session, at)
    session.state, session.changed_at = State.PREPARED, at
    session.coach = session.coach or actor
    session.save(update_fields=["facts", "state", "changed_at", "coach"])
    return session


@transaction.atomic
def hold_session(*, session_id: int, actor: User, at: datetime) -> CoachingSession:
    """Note that the talk took place: from now on the agent reads all of it.

    Raises ``WrongState`` or ``Unfinished``.
    """
    session = locked_session(session_id, actor)
    _require_state(session, State.PREPARED)
    _require_finished(session)
    session.state = State.HELD
    session.held_at = session.changed_at = at
    session.save(update_fields=["state", "held_at", "changed_at"])
    notifications.notify(
        recipients=[session.agent],
        kind=Told.COACHING,
        dedup_key=f"coaching-held:{session.pk}",
        title=_("Please read and acknowledge what you talked about"),
        url=address_of(session),
        at=at,
    )
    return session


@transaction.atomic
def acknowledge_session(
    *, session_id: int, agent: User, expected_changed_at: datetime, at: datetime
) -> CoachingSession:
    """Note that the agent has read the talk as it stands.

    Raises ``NotYours``, ``WrongState``, or ``ChangedMeanwhile`` when the coach has saved
    since: what is acknowledged is what was read.
    """
    session = CoachingSession.objects.select_for_update(of=("self",)).get(pk=session_id)
    if session.agent_id != agent.pk:
        raise NotYours(_("Only the agent acknowledges a talk."))
    _require_state(session, State.HELD)
    _require_unchanged(session, expected_changed_at)
    session.state = State.ACKNOWLEDGED
    session.acknowledged_at = session.changed_at = at
    session.save(update_fields=["state", "acknowledged_at", "changed_at"])
    return session


@transaction.atomic
def cancel_session(
    *, session_id: int, actor: User, reason: str, at: datetime
) -> CoachingSession:
    """Call a talk off. Raises ``WrongState`` after it was held, or ``ReasonMissing``."""
    session = locked_session(session_id, actor)
    _require_state(session, *AHEAD)
    if not reason.strip():
        raise ReasonMissing(_("Say why the talk is called off: the agent reads it."))
    session.state, session.changed_at = State.CANCELLED, at
    session.cancelled_reason = reason.strip()
    session.save(update_fields=["state", "changed_at", "cancelled_reason"])
    notifications.notify(
        recipients=[session.agent],
        kind=Told.COACHING,
        dedup_key=f"coaching-cancelled:{session.pk}",
        title=_("The planned talk is called off"),
        body=session.cancelled_reason,
        url=address_of(session),
        at=at,
    )
    return session


def _require_state(session: CoachingSession, *states: str) -> None:
    if session.state not in states:
        raise WrongState(
            _("This talk is %(state)s: that step is not possible any more.")
            % {"state": State(session.state).label.lower()}
        )


def _require_unchanged(session: CoachingSession, expected: datetime) -> None:
    if session.changed_at != expected:
        raise ChangedMeanwhile(
            _(
                "Somebody has saved this talk since you loaded it, so yours was not "
                "saved. What you typed is still below: compare, then save again."
            )
        )


def _require_finished(session: CoachingSession) -> None:
    missing = []
    if not session.points.filter(kind=CoachingPoint.Kind.STRENGTH).exists():
        missing.append(_("a strength to begin with"))
    if not session.focus:
        missing.append(_("the one focus"))
    if missing:
        raise Unfinished(
            _("Still missing: %(what)s.") % {"what": ", ".join(map(str, missing))}
        )
