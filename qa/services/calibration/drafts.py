"""The draft of a calibration: settings, tickets, and who scores."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qa.models import (
    CalibrationItem,
    CalibrationSession,
    Participant,
    ScorecardVersion,
)
from qa.services.calibration.refusals import (
    BaselineMissing,
    NoTickets,
    ParticipantUnfit,
    TicketWithoutAgent,
    VersionNotPublished,
)
from qa.services.calibration.steps import State, locked, refuse_foreign_draft
from tickets.models import Ticket
from workforce.people.models import User

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
    refuse_unpublished(version_id)
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
    refuse_foreign_draft(session, actor)
    refuse_unpublished(version_id)
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
    session = locked(session_id, State.DRAFT)
    refuse_foreign_draft(session, actor)
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
    # Last: who hands the round to another facilitator may write no more of it.
    return change_calibration(
        session_id=session_id, version_id=version_id, values=values, actor=actor
    )


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
    refuse_foreign_draft(session, actor)
    wanted = list(dict.fromkeys(ticket_ids))
    tickets = Ticket.objects.in_bulk(wanted)
    judged: dict[int, int] = {}
    for pk in wanted:
        if pk not in tickets:
            raise NoTickets(
                _("There is no ticket #%(number)d. Correct the number.")
                % {"number": pk}
            )
        agent_id = (agents or {}).get(pk) or tickets[pk].assignee_id
        if agent_id is None:
            raise TicketWithoutAgent(
                _(
                    "Ticket #%(number)d has no assignee, so there is nobody whose work "
                    "could be judged. Choose another ticket."
                )
                % {"number": pk}
            )
        judged[pk] = agent_id
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
    refuse_foreign_draft(session, actor)
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


def refuse_unpublished(version_id: int) -> None:
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
    agents: set[int] | None = None,
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
