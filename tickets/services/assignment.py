"""Who holds a ticket: a team, a person."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from supportops.notifications.models import Kind as NotificationKind
from supportops.notifications.services import notify
from tickets.models import Ticket
from tickets.services.changing import Change, Kind, changing
from tickets.services.refusals import AssigneeInactive
from workforce.people.models import Team, User


def assign(
    *,
    ticket_id: int,
    at: datetime,
    actor: User | None,
    assignee: User | None,
    reason: str = "",
) -> Ticket:
    """Give the ticket to a person, or take it from whoever has it (``None``).

    Raises ``AssigneeInactive`` for somebody who cannot sign in.
    """
    refuse_inactive_assignee(assignee)
    with changing(ticket_id, at=at, actor=actor) as change:
        former = change.ticket.assignee
        if former != assignee:
            if assignee is not None and assignee != actor:
                _tell_assignee(change, assignee, reason)
            change.append(
                Kind.ASSIGNEE,
                from_value=str(former or ""),
                to_value=str(assignee or ""),
                reason=reason,
                details={"id": assignee.pk if assignee else None},
            )
            change.set(assignee=assignee)
    return change.ticket


def move_to_team(
    *,
    ticket_id: int,
    at: datetime,
    actor: User | None,
    team: Team | None,
    reason: str = "",
) -> Ticket:
    """Give the ticket to a team; the person who has it keeps it."""
    with changing(ticket_id, at=at, actor=actor) as change:
        former = change.ticket.team
        if former != team:
            change.append(
                Kind.TEAM,
                from_value=str(former or ""),
                to_value=str(team or ""),
                reason=reason,
                details={"id": team.pk if team else None},
            )
            change.set(team=team)
    return change.ticket


def _tell_assignee(change: Change, assignee: User, reason: str) -> None:
    ticket = change.ticket
    notify(
        recipients=[assignee],
        kind=NotificationKind.TICKET_ASSIGNED,
        dedup_key=f"assigned:{ticket.pk}:{ticket.last_seq + 1}",
        title=_("Ticket #%(number)d was given to you") % {"number": ticket.pk},
        body=f"{ticket.subject}\n{reason}".strip(),
        url=reverse("admin:tickets_ticket_change", args=[ticket.pk]),
        at=change.at,
    )


def refuse_inactive_assignee(assignee: User | None) -> None:
    if assignee is not None and not assignee.is_active:
        raise AssigneeInactive(
            _(
                "%(name)s cannot sign in, so nobody would work on the ticket. Choose "
                "somebody who is active."
            )
            % {"name": assignee}
        )
