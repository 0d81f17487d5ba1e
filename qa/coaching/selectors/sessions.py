"""Reads of coaching sessions: who sees which, and never the coach's own notes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Prefetch, Q, QuerySet

from qa.coaching.models import CoachingPoint, CoachingSession, Goal
from qa.coaching.selectors.people import COACH, VIEW_ALL, coachable_by, led_teams
from qa.models import Review
from qa.selectors.reviews import reviews_visible_to
from qa.selectors.scores import Mean, scoreboard
from workforce.people.models import Team, User

State = CoachingSession.State
AHEAD = (State.PLANNED, State.PREPARED)
TALKED = (State.HELD, State.ACKNOWLEDGED)
NOT_COACHED_DAYS = 30
RECENT_DAYS = 30
WINDOW_DAYS = 90
ON_TARGET, ON_TARGET_MIN_N = 85.0, 3
"""The seed's target score: who reaches it is easily forgotten, and is shown as such."""


def sessions_visible_to(user: User | AnonymousUser) -> QuerySet[CoachingSession]:
    """Return the sessions a person may read, without the coach's private notes.

    Their own as an agent; those they coach; those of agents in teams they lead, with
    ``coach_agent``; all with ``view_all_coaching``. Reading ``private_notes`` off these
    rows is a mistake: ask `private_notes_of`.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return CoachingSession.objects.none()
    sessions = CoachingSession.objects.defer("private_notes")
    if user.has_perm(VIEW_ALL):
        return sessions
    seen = Q(agent=user) | Q(coach=user)
    if user.has_perm(COACH):
        seen |= Q(agent__team__in=led_teams(user).values("pk"))
    return sessions.filter(seen)


def sessions_run_by(user: User) -> QuerySet[CoachingSession]:
    """Sessions this person may write: as coach or lead, never as the agent."""
    if not user.has_perm(COACH):
        return CoachingSession.objects.none()
    return sessions_visible_to(user).exclude(agent=user)


def private_notes_of(session_id: int, user: User) -> str | None:
    """Return the coach's own notes, or None for whoever must not read them.

    The agent never does, whatever else that person may read.
    """
    return (
        sessions_run_by(user)
        .filter(pk=session_id)
        .values_list("private_notes", flat=True)
        .first()
    )


def session_with_people(user: User) -> QuerySet[CoachingSession]:
    return sessions_visible_to(user).select_related(
        "agent", "agent__team", "coach", "playbook", "because_of"
    )


def sessions_of(agent: User) -> QuerySet[CoachingSession]:
    """An agent's own sessions, the latest first."""
    return (
        sessions_visible_to(agent)
        .filter(agent=agent)
        .exclude(state=State.CANCELLED)
        .select_related("coach")
        .prefetch_related("goals")
        .order_by("-due_on", "-pk")
    )


def points_of(
    session: CoachingSession, user: User
) -> dict[str, list[tuple[CoachingPoint, Review | None]]]:
    """Return strengths and opportunities, each with its review if the person may read it."""
    points = list(session.points.all())
    ids = {point.review_id for point in points if point.review_id}
    reviews = reviews_visible_to(user).select_related("ticket").in_bulk(list(ids))
    found: dict[str, list[tuple[CoachingPoint, Review | None]]] = {
        kind: [] for kind in CoachingPoint.Kind.values
    }
    for point in points:
        found[point.kind].append((point, reviews.get(point.review_id or 0)))
    return found


def open_goals_of(agent: User) -> QuerySet[Goal]:
    """Goals of an agent's talks that are still running, the next due first.

    Goals of improvement plans are never among them: a plan is known to few.
    """
    return (
        Goal.objects.filter(
            session__agent=agent, session__state__in=TALKED, state=Goal.State.OPEN
        )
        .select_related("session")
        .order_by("ends_on", "pk")
    )


def focus_of(agent: User) -> CoachingSession | None:
    """Return the last talk held that named a focus: what the agent works on now."""
    return (
        CoachingSession.objects.defer("private_notes")
        .filter(agent=agent, state__in=TALKED)
        .exclude(focus="")
        .select_related("coach")
        .order_by("-held_at", "-pk")
        .first()
    )


@dataclass(frozen=True)
class Board:
    """Columns of the coaching board."""

    due: list[CoachingSession] = field(default_factory=list)
    prepared: list[CoachingSession] = field(default_factory=list)
    waiting: list[CoachingSession] = field(default_factory=list)
    recent: list[CoachingSession] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.due or self.prepared or self.waiting or self.recent)


def board(
    user: User,
    *,
    today: date,
    team: Team | None = None,
    coach: User | None = None,
    is_unassigned: bool = False,
) -> Board:
    """Return what this person may read, by what is to be done next; own talks left out."""
    sessions = sessions_run_by(user).select_related("agent", "agent__team", "coach")
    if team:
        sessions = sessions.filter(agent__team=team)
    if coach:
        sessions = sessions.filter(coach=coach)
    if is_unassigned:
        sessions = sessions.filter(coach__isnull=True)
    rows = sessions.filter(
        Q(state__in=[*AHEAD, State.HELD])
        | Q(
            state=State.ACKNOWLEDGED,
            acknowledged_at__date__gte=today - timedelta(days=RECENT_DAYS),
        )
    ).order_by("due_on", "pk")
    found: dict[str, list[CoachingSession]] = {state: [] for state in State.values}
    for session in rows:
        found[session.state].append(session)
    recent = sorted(
        found[State.ACKNOWLEDGED],
        key=lambda each: each.acknowledged_at or each.created_at,
        reverse=True,
    )
    return Board(
        found[State.PLANNED], found[State.PREPARED], found[State.HELD], recent[:12]
    )


@dataclass(frozen=True)
class Uncoached:
    """Somebody without a talk for a while, with what is known of their work."""

    agent: User
    last_held_at: datetime | None
    score: Mean | None

    @property
    def is_on_target(self) -> bool:
        score = self.score
        if score is None or score.value is None:
            return False
        return score.n >= ON_TARGET_MIN_N and score.value >= ON_TARGET


def uncoached(
    user: User, *, at: datetime, today: date, team: Team | None = None
) -> list[Uncoached]:
    """Return people without a talk held for 30 days and none ahead, longest first.

    Top performers are among them: that nobody has to talk to them is how they are lost.
    """
    people = coachable_by(user)
    if team:
        people = people.filter(team=team)
    ahead = CoachingSession.objects.filter(state__in=AHEAD).values("agent")
    people = (
        people.exclude(pk__in=ahead)
        .annotate(last_held_at=Max("coaching_sessions__held_at"))
        .filter(
            Q(last_held_at__isnull=True)
            | Q(last_held_at__lt=at - timedelta(days=NOT_COACHED_DAYS))
        )
        .select_related("team")
        .order_by("last_name", "first_name", "pk")
    )
    listed = list(people)
    scores = _scores(listed, today)
    rows = [
        Uncoached(person, person.last_held_at, scores.get(person.pk))
        for person in listed
    ]
    never = [row for row in rows if row.last_held_at is None]
    before = [row for row in rows if row.last_held_at is not None]
    return [*never, *sorted(before, key=lambda row: row.last_held_at or at)]


def _scores(people: Iterable[User], today: date) -> dict[int, Mean]:
    end = today + timedelta(days=1)
    ids = [person.pk for person in people]
    if not ids:
        return {}
    shown = scoreboard(start=end - timedelta(days=WINDOW_DAYS), end=end, agent_ids=ids)
    return {row.agent_id: row.random for row in shown.agents}


def previous_session(session: CoachingSession) -> CoachingSession | None:
    """Return the talk before, whose goals are looked at first, with its goals."""
    return (
        CoachingSession.objects.defer("private_notes")
        .filter(agent_id=session.agent_id, state__in=TALKED)
        .exclude(pk=session.pk)
        .prefetch_related(Prefetch("goals", Goal.objects.order_by("ends_on", "pk")))
        .order_by("-held_at", "-pk")
        .first()
    )
