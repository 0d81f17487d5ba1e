"""Remind of talks: due, overdue, not acknowledged, or promised for today."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa.coaching.models import CoachingSession
from qa.coaching.selectors.people import support_leads
from qa.coaching.selectors.sessions import AHEAD, TALKED
from qa.coaching.services.sessions import address_of
from supportops.metrics.scopes import today
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from supportops.notifications.services import Message

State = CoachingSession.State
ACKNOWLEDGE_AFTER = timedelta(days=3)


def remind_due(*, at: datetime) -> int:
    """Tell coaches and agents what waits for them; return how many were told.

    Each occasion once: the day before it is due, the day after, three days without an
    acknowledgement, and the day that was agreed for the next talk.
    """
    messages = [*_due(at), *_unacknowledged(at), *_agreed_next(at)]
    return notifications.notify_all(messages, at=at)


def _due(at: datetime) -> list[Message]:
    day = today(at)
    sessions = CoachingSession.objects.filter(
        state__in=AHEAD, due_on__lte=day + timedelta(days=1)
    ).select_related("agent", "coach")
    leads = list(support_leads())
    return [
        Message(
            recipients=[session.coach] if session.coach else leads,
            kind=Told.COACHING,
            dedup_key=_occasion(session, is_late=session.due_on < day),
            title=(
                _("The talk with %(agent)s was due on %(day)s")
                if session.due_on < day
                else _("The talk with %(agent)s is due on %(day)s")
            )
            % {"agent": session.agent, "day": date_format(session.due_on, "j M Y")},
            url=address_of(session),
        )
        for session in sessions
    ]


def _occasion(session: CoachingSession, *, is_late: bool) -> str:
    word = "late" if is_late else "due"
    return f"coaching-{word}:{session.pk}:{session.due_on}"


def _unacknowledged(at: datetime) -> list[Message]:
    sessions = CoachingSession.objects.filter(
        state=State.HELD, held_at__lte=at - ACKNOWLEDGE_AFTER
    ).select_related("agent")
    return [
        Message(
            recipients=[session.agent],
            kind=Told.COACHING,
            dedup_key=f"coaching-unread:{session.pk}",
            title=_("A talk still waits for your acknowledgement"),
            url=address_of(session),
        )
        for session in sessions
    ]


def _agreed_next(at: datetime) -> list[Message]:
    """The day agreed for the next talk has come, and none is planned."""
    ahead = CoachingSession.objects.filter(state__in=AHEAD).values("agent")
    sessions = (
        CoachingSession.objects.filter(
            state__in=TALKED, next_on=today(at), coach__isnull=False
        )
        .exclude(agent__in=ahead)
        .select_related("agent", "coach")
    )
    return [
        Message(
            recipients=[session.coach],
            kind=Told.COACHING,
            dedup_key=f"coaching-next:{session.pk}",
            title=_("Today you meant to talk with %(agent)s again")
            % {"agent": session.agent},
            body=session.check_in,
            url=address_of(session),
        )
        for session in sessions
    ]
