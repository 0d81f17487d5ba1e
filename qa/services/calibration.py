"""Every write to a calibration: its draft, scoring, opening, and its end.

Decisions and closing are in ``calibration_decisions``; they are offered here too, so
that one module is the calibration's whole life.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.models import (
    CalibrationItem,
    CalibrationSession,
    Participant,
    Review,
    ScorecardVersion,
)
from qa.services.calibration_decisions import (
    change_minutes,
    close,
    decide,
    finish_decisions,
    rewrite_minutes,
)
from qa.services.calibration_refusals import (
    BaselineMissing,
    DueInThePast,
    NoTickets,
    ParticipantUnfit,
    ReasonMissing,
    TicketWithoutAgent,
    TooFewFinished,
    TooFewParticipants,
    VersionNotPublished,
)
from qa.services.calibration_steps import State, address, locked, sheets_in
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from tickets.models import Ticket
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
SETTINGS = (
    "title",
    "mode",
    "baseline",
    "facilitator",
    "reveal",
    "hide_agent",
    "threshold",
    "min_participants",
    "due_at",
)


# Draft ------------------------------------------------------------------------------------


@transaction.atomic
def create_calibration(
    *,
    title: str,
    version_id: int,
    facilitator: User,
    due_at: datetime,
    actor: User,
    at: datetime,
    mode: str = CalibrationSession.Mode.CONSENSUS,
    baseline: User | None = None,
    reveal: str = CalibrationSession.Reveal.ON_REVEAL,
    hide_agent: bool = True,
    threshold: Decimal | float | str = "5.0",
    min_participants: int = 2,
) -> CalibrationSession:
    """Open the draft of a round. Raises ``VersionNotPublished`` or ``BaselineMissing``."""
    _refuse_unpublished(version_id)
    _refuse_no_baseline(mode, baseline)
    return CalibrationSession.objects.create(
        title=title,
        version_id=version_id,
        facilitator=facilitator,
        due_at=due_at,
        mode=mode,
        baseline=baseline,
        reveal=reveal,
        hide_agent=hide_agent,
        threshold=Decimal(str(threshold)),
        min_participants=min_participants,
        created_by=actor,
        created_at=at,
    )


@transaction.atomic
def change_calibration(
    *, session_id: int, version_id: int, values: Mapping[str, Any], actor: User
) -> CalibrationSession:
    """Write the settings of a draft; ``values`` names any of ``SETTINGS``.

    Raises ``CalibrationStateWrong``, ``VersionNotPublished`` or ``BaselineMissing``.
    """
    session = locked(session_id, State.DRAFT)
    _refuse_unpublished(version_id)
    session.version_id = version_id
    for name in SETTINGS:
        if name in values:
            setattr(session, name, values[name])
    _refuse_no_baseline(session.mode, session.baseline)
    session.save(update_fields=["version", *SETTINGS])
    return session


@transaction.atomic
def write_draft(
    *,
    session_id: int,
    version_id: int,
    values: Mapping[str, Any],
    users: Sequence[User],
    ticket_ids: Sequence[int],
    actor: User,
    at: datetime,
    agents: Mapping[int, int] | None = None,
) -> CalibrationSession:
    """Write settings, participants and tickets of a draft at once, or nothing.

    Raises what ``change_calibration``, ``set_participants`` and ``set_tickets`` raise.
    """
    session = change_calibration(
        session_id=session_id, version_id=version_id, values=values, actor=actor
    )
    # Who takes part is compared with the new tickets, not with those before.
    session.items.all().delete()
    set_participants(session_id=session_id, users=users, actor=actor, at=at)
    set_tickets(
        session_id=session_id,
        ticket_ids=ticket_ids,
        agents=agents,
        actor=actor,
        at=at,
    )
    return session


@transaction.atomic
def set_tickets(
    *,
    session_id: int,
    ticket_ids: Sequence[int],
    actor: User,
    at: datetime,
    agents: Mapping[int, int] | None = None,
) -> list[CalibrationItem]:
    """Replace the tickets of a draft, in the order given.

    Who is judged is the ticket's assignee, or whom ``agents`` names for it (as an
    earlier review does). Raises ``TicketWithoutAgent``, ``NoTickets`` for a number that
    does not exist, ``ParticipantUnfit`` when a participant would score their own work.
    """
    session = locked(session_id, State.DRAFT)
    wanted = list(dict.fromkeys(ticket_ids))
    tickets = Ticket.objects.in_bulk(wanted)
    judged = {pk: (agents or {}).get(pk) for pk in wanted}
    for pk in wanted:
        if pk not in tickets:
            raise NoTickets(
                _("There is no ticket #%(number)d. Correct the number.")
                % {"number": pk}
            )
        judged[pk] = judged[pk] or tickets[pk].assignee_id
        if judged[pk] is None:
            raise TicketWithoutAgent(
                _(
                    "Ticket #%(number)d has no assignee, so there is nobody whose work "
                    "could be judged. Choose another ticket."
                )
                % {"number": pk}
            )
    _refuse_own_work(session, agents=set(judged.values()))
    session.items.all().delete()
    return CalibrationItem.objects.bulk_create(
        CalibrationItem(
            session=session, ticket_id=pk, agent_id=judged[pk], position=position
        )
        for position, pk in enumerate(wanted, start=1)
    )


@transaction.atomic
def set_participants(
    *, session_id: int, users: Sequence[User], actor: User, at: datetime
) -> list[Participant]:
    """Replace who scores in a draft.

    Raises ``ParticipantUnfit`` for somebody who may not score, or whose own work is
    among the tickets.
    """
    session = locked(session_id, State.DRAFT)
    people = list({user.pk: user for user in users}.values())
    for user in people:
        if not user.has_perm("qa.score_review"):
            raise ParticipantUnfit(
                _("%(name)s may not score reviews, so cannot take part.")
                % {"name": user}
            )
    _refuse_own_work(session, people=people)
    session.participants.all().delete()
    return Participant.objects.bulk_create(
        Participant(session=session, user=user) for user in people
    )


# Scoring ----------------------------------------------------------------------------------


@transaction.atomic
def start_scoring(*, session_id: int, actor: User, at: datetime) -> CalibrationSession:
    """Freeze the tickets as they stand, and tell each participant once.

    Raises ``NoTickets``, ``TooFewParticipants``, ``VersionNotPublished``,
    ``BaselineMissing``, ``DueInThePast`` or ``CalibrationStateWrong``.
    """
    session = locked(session_id, State.DRAFT)
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

    Raises ``TooFewFinished`` under the least number of finished participants, and
    ``CalibrationStateWrong``.
    """
    _lock_drafts(session_id)
    session = locked(session_id, State.SCORING)
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

    Raises ``ReasonMissing`` or ``CalibrationStateWrong``.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the calibration is called off."))
    _lock_drafts(session_id)
    session = locked(session_id, State.DRAFT, State.SCORING)
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


def _drop_drafts(session: CalibrationSession, reason: str, at: datetime) -> None:
    Review.objects.filter(
        calibration_item__session=session, state=Review.State.DRAFT
    ).update(state=Review.State.SKIPPED, reason=reason, changed_at=at)


def _refuse_unpublished(version_id: int) -> None:
    version = ScorecardVersion.objects.get(pk=version_id)
    if version.state != ScorecardVersion.State.PUBLISHED:
        raise VersionNotPublished(
            _(
                "Version %(number)d of the scorecard is not published. Choose one that is."
            )
            % {"number": version.number}
        )


def _refuse_no_baseline(mode: str, baseline: User | None) -> None:
    if mode == CalibrationSession.Mode.BASELINE and baseline is None:
        raise BaselineMissing(_("Name the reviewer whom the others are compared with."))


def _refuse_own_work(
    session: CalibrationSession,
    *,
    agents: set[int | None] | None = None,
    people: Sequence[User] | None = None,
) -> None:
    if agents is None:
        agents = set(session.items.values_list("agent_id", flat=True))
    if people is None:
        people = [row.user for row in session.participants.select_related("user")]
    for user in people:
        if user.pk in agents:
            raise ParticipantUnfit(
                _(
                    "%(name)s worked on one of the tickets, and nobody scores their own "
                    "work. Take out the ticket or the person."
                )
                % {"name": user}
            )


def _refuse_unready(
    session: CalibrationSession,
    items: Sequence[CalibrationItem],
    people: Sequence[User],
    at: datetime,
) -> None:
    _refuse_unpublished(session.version_id)
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
