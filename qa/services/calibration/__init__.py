"""Every write to a calibration: its scoring and opening, and calling it off.

Drafts are in ``calibration_drafts``, decisions and closing in ``calibration_decisions``;
they are offered here too, so that one module is the calibration's whole life.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.models import (
    CalibrationItem,
    CalibrationSession,
    Review,
)
from qa.services.calibration.decisions import (
    change_minutes,
    close,
    decide,
    finish_decisions,
    rewrite_minutes,
)
from qa.services.calibration.drafts import (
    SETTINGS,
    change_calibration,
    create_calibration,
    refuse_unpublished,
    set_participants,
    set_tickets,
    write_draft,
)
from qa.services.calibration.refusals import (
    BaselineMissing,
    DueInThePast,
    NoTickets,
    ReasonMissing,
    TooFewFinished,
    TooFewParticipants,
)
from qa.services.calibration.steps import (
    State,
    address,
    locked,
    refuse_stranger,
    sheets_in,
)
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from workforce.people.models import User

__all__ = [
    "SETTINGS",
    "cancel",
    "change_calibration",
    "change_minutes",
    "close",
    "create_calibration",
    "decide",
    "finish_decisions",
    "finish_participant",
    "remind_late",
    "reveal",
    "rewrite_minutes",
    "set_participants",
    "set_tickets",
    "start_scoring",
    "write_draft",
]

REMIND_BEFORE = timedelta(hours=24)


# Scoring ----------------------------------------------------------------------------------


@transaction.atomic
def start_scoring(*, session_id: int, actor: User, at: datetime) -> CalibrationSession:
    """Freeze the tickets as they stand, and tell each participant once.

    Raises ``NoTickets``, ``TooFewParticipants``, ``VersionNotPublished``,
    ``BaselineMissing``, ``DueInThePast``, ``NotYourCalibration`` or
    ``CalibrationStateWrong``.
    """
    session = locked(session_id, State.DRAFT)
    refuse_stranger(session, actor)
    items = list(session.items.select_related("ticket"))
    people = [row.user for row in session.participants.select_related("user")]
    _refuse_unready(session, items, people, at)
    for item in items:
        item.last_seq = item.ticket.last_seq
    CalibrationItem.objects.bulk_update(items, ["last_seq"])
    session.state, session.started_at = State.SCORING, at
    session.save(update_fields=["state", "started_at"])
    notifications.notify(
        recipients=people,
        kind=Kind.CALIBRATION,
        dedup_key=f"calibration-start:{session.pk}",
        title=_("Calibration: %(title)s") % {"title": session.title},
        body=ngettext(
            "Score %(count)d ticket on your own before %(due)s. Nobody sees the scores "
            "of others before they are opened.",
            "Score %(count)d tickets on your own before %(due)s. Nobody sees the scores "
            "of others before they are opened.",
            len(items),
        )
        % {"count": len(items), "due": _moment(session.due_at)},
        url=address(session),
        at=at,
    )
    return session


@transaction.atomic
def finish_participant(*, session_id: int, user: User, at: datetime) -> bool:
    """Note whether a participant's sheets are all in; return whether they are.

    Called in the transaction that submits a sheet, or takes one back. When everybody is
    in, the facilitator is told that the scores can be opened. Raises
    ``CalibrationStateWrong`` once scores are open: a late sheet is then not taken.
    """
    session = locked(session_id, State.SCORING)
    row = session.participants.select_for_update().get(user=user)
    submitted = sheets_in(session).filter(reviewer=user).count()
    is_in = submitted == session.items.count()
    row.finished_at = (row.finished_at or at) if is_in else None
    row.save(update_fields=["finished_at"])
    if is_in and not session.participants.filter(finished_at__isnull=True).exists():
        _tell_facilitator(
            session,
            occasion="all-in",
            body=_("All sheets are in. Open the scores and talk them through."),
            at=at,
        )
    return is_in


@transaction.atomic
def reveal(*, session_id: int, actor: User, at: datetime) -> CalibrationSession:
    """Open the scores. Who has not finished is marked missing; what they sent counts.

    Raises ``TooFewFinished`` under the least number of finished participants,
    ``NotYourCalibration`` and ``CalibrationStateWrong``.
    """
    _lock_drafts(session_id)
    session = locked(session_id, State.SCORING)
    refuse_stranger(session, actor)
    _forget_taken_back(session)
    participants = list(session.participants.select_related("user"))
    late = [row for row in participants if row.finished_at is None]
    finished = len(participants) - len(late)
    if finished < session.min_participants:
        raise TooFewFinished(
            _(
                "%(finished)d of %(needed)d participants have finished, so there is too "
                "little to compare. Wait, or remind %(names)s."
            )
            % {
                "finished": finished,
                "needed": session.min_participants,
                "names": ", ".join(str(row.user) for row in late),
            }
        )
    session.participants.filter(finished_at__isnull=True).update(is_missing=True)
    _drop_drafts(session, _("The scores were opened before this sheet was in."), at)
    session.state, session.revealed_at = State.REVEALED, at
    session.save(update_fields=["state", "revealed_at"])
    notifications.notify(
        recipients=[row.user for row in participants],
        kind=Kind.CALIBRATION,
        dedup_key=f"calibration-open:{session.pk}",
        title=_("Scores are open: %(title)s") % {"title": session.title},
        body=_("Compare the sheets and agree on what differs."),
        url=address(session),
        at=at,
    )
    return session


@transaction.atomic
def cancel(
    *, session_id: int, actor: User, reason: str, at: datetime
) -> CalibrationSession:
    """Call a round off before scores are open. What was scored stays with its writer.

    Raises ``ReasonMissing``, ``NotYourCalibration`` or ``CalibrationStateWrong``.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the calibration is called off."))
    _lock_drafts(session_id)
    session = locked(session_id, State.DRAFT, State.SCORING)
    refuse_stranger(session, actor)
    was_scoring = session.state == State.SCORING
    _drop_drafts(session, _("The calibration was called off."), at)
    session.state, session.cancelled_reason = State.CANCELLED, reason.strip()
    session.save(update_fields=["state", "cancelled_reason"])
    if was_scoring:
        notifications.notify(
            recipients=[
                row.user for row in session.participants.select_related("user")
            ],
            kind=Kind.CALIBRATION,
            dedup_key=f"calibration-off:{session.pk}",
            title=_("Called off: %(title)s") % {"title": session.title},
            body=reason.strip(),
            url=address(session),
            at=at,
        )
    return session


def remind_late(*, at: datetime) -> int:
    """Remind who has not finished a day before it is due, and each facilitator after.

    Safe to run often: nobody is told twice of one occasion. Returns how many were told.
    """
    told = 0
    rounds = CalibrationSession.objects.filter(
        state=State.SCORING, due_at__lte=at + REMIND_BEFORE
    ).select_related("facilitator")
    for session in rounds.prefetch_related("participants__user"):
        late = [
            row.user for row in session.participants.all() if row.finished_at is None
        ]
        if session.due_at > at:
            told += notifications.notify(
                recipients=late,
                kind=Kind.CALIBRATION,
                dedup_key=f"calibration-due:{session.pk}",
                title=_("Due %(due)s: %(title)s")
                % {"due": _moment(session.due_at), "title": session.title},
                body=_("Your sheets of this calibration are not all in."),
                url=address(session),
                at=at,
            )
        elif late:
            told += _tell_facilitator(
                session,
                occasion="late",
                body=_("Missing: %(names)s. Wait, or open the scores without them.")
                % {"names": ", ".join(map(str, late))},
                at=at,
            )
    return told


# Steps ------------------------------------------------------------------------------------


def _lock_drafts(session_id: int) -> None:
    """Lock open sheets before the round, in the order in which submitting one does."""
    drafts = Review.objects.filter(
        calibration_item__session_id=session_id, state=Review.State.DRAFT
    )
    list(drafts.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _forget_taken_back(session: CalibrationSession) -> None:
    """Whoever has taken a sheet back since has not finished."""
    needed = session.items.count()
    whole = (
        sheets_in(session)
        .order_by()
        .values("reviewer")
        .annotate(sheets=Count("pk"))
        .filter(sheets=needed)
    )
    session.participants.exclude(user__in=whole.values("reviewer")).update(
        finished_at=None
    )


def _drop_drafts(session: CalibrationSession, reason: str, at: datetime) -> None:
    Review.objects.filter(
        calibration_item__session=session, state=Review.State.DRAFT
    ).update(state=Review.State.SKIPPED, reason=reason, changed_at=at)


def _refuse_unready(
    session: CalibrationSession,
    items: Sequence[CalibrationItem],
    people: Sequence[User],
    at: datetime,
) -> None:
    refuse_unpublished(session.version_id)
    if not items:
        raise NoTickets(_("Add at least one ticket to score."))
    if len(people) < max(2, session.min_participants):
        raise TooFewParticipants(
            _("%(count)d take part; at least %(needed)d are needed to compare scores.")
            % {"count": len(people), "needed": max(2, session.min_participants)}
        )
    if session.mode == CalibrationSession.Mode.BASELINE and session.baseline_id not in {
        person.pk for person in people
    }:
        raise BaselineMissing(
            _(
                "The baseline reviewer must take part. Add them, or compare by agreement."
            )
        )
    if session.due_at <= at:
        raise DueInThePast(_("Scores are due in the past. Set a later time."))


def _tell_facilitator(
    session: CalibrationSession, *, occasion: str, body: str, at: datetime
) -> int:
    return notifications.notify(
        recipients=[session.facilitator],
        kind=Kind.CALIBRATION,
        dedup_key=f"calibration-{occasion}:{session.pk}",
        title=_("Calibration: %(title)s") % {"title": session.title},
        body=body,
        url=address(session),
        at=at,
    )


def _moment(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
