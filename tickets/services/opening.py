"""How a ticket begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import (
    Category,
    Channel,
    Contact,
    Impact,
    Message,
    Organisation,
    ProductArea,
    Severity,
    Status,
    StatusCategory,
    Ticket,
    Urgency,
)
from tickets.services.assignment import refuse_inactive_assignee
from tickets.services.changing import Change, Kind, known
from tickets.services.fields import (
    checked_subject,
    known_level,
    tag_details,
    tag_rows,
    tags_named,
)
from tickets.services.lifecycle import (
    known_priority,
    refuse_missing_fields,
    take_status,
)
from tickets.services.matrix_values import priority_by_matrix
from tickets.services.refusals import MissingFields, ReasonRequired
from tickets.services.statuses import NEW, preferred_status, status_named
from workforce.people.models import Team, User


@transaction.atomic
def open_ticket(
    *,
    at: datetime,
    actor: User | None,
    subject: str,
    requester: Contact | None = None,
    organisation: Organisation | None = None,
    channel: Channel | None = None,
    body: str = "",
    status: str | Status | None = None,
    priority: str = "",
    severity: str = "",
    impact: str = "",
    urgency: str = "",
    category: Category | None = None,
    product_area: ProductArea | None = None,
    team: Team | None = None,
    assignee: User | None = None,
    level: str = "",
    tags: Iterable[str] = (),
    language: str = "",
    custom: Mapping[str, Any] | None = None,
) -> Ticket:
    """Open a ticket: CREATED, one event for each value it starts with, the first message.

    Impact and urgency give the priority when none is named. ``body`` is the customer's
    text, whoever typed it in. A person (``actor``) must name the customer; mail and
    programs may not know it yet.

    Raises ``MissingFields``, ``UnknownStatus``, ``UnknownValue``, ``TextTooLong``,
    ``AssigneeInactive``, ``ReasonRequired`` when the priority contradicts the matrix.
    """
    subject = checked_subject(subject)
    organisation = organisation or (requester.organisation if requester else None)
    _refuse_without_customer(actor, requester, organisation)
    refuse_inactive_assignee(assignee)
    names = tags_named(tags)
    start = _starting_status(status)
    ticket = Ticket(
        subject=subject,
        requester=requester,
        organisation=organisation,
        channel=channel,
        language=language or (requester.language if requester else ""),
        created_at=at,
        updated_at=at,
        status=start,
        state=start.category,
        priority=_starting_priority(priority, impact, urgency),
        severity=known(severity, Severity.values, what=_("severity")),
        impact=impact,
        urgency=urgency,
        category=category,
        product_area=product_area,
        team=team,
        assignee=assignee,
        level=known_level(level),
        custom=dict(custom or {}),
    )
    change = Change(ticket, at=at, actor=actor)
    take_status(change, start)
    if actor and not start.is_intake:
        refuse_missing_fields(ticket, start)
    ticket.save()
    _record_beginning(change, names)
    if body.strip():
        _record_first_message(change, body)
    change.write()
    return ticket


def _record_beginning(change: Change, tags: list[str]) -> None:
    ticket = change.ticket
    change.append(Kind.CREATED, to_value=ticket.status.code, state=ticket.state)
    if ticket.priority:
        change.append(Kind.PRIORITY, to_value=ticket.priority)
    if ticket.severity:
        change.append(Kind.SEVERITY, to_value=ticket.severity)
    for kind, value in (
        (Kind.TEAM, ticket.team),
        (Kind.ASSIGNEE, ticket.assignee),
    ):
        if value:
            change.append(kind, to_value=str(value), details={"id": value.pk})
    if ticket.level:
        change.append(Kind.LEVEL, to_value=ticket.level)
    if ticket.category:
        details = {"id": ticket.category.pk}
        change.append(Kind.CATEGORY, to_value=ticket.category.path, details=details)
    if tags:
        ticket.tags.set(tag_rows(tags))
        change.append(Kind.TAGS, to_value=" ".join(tags), details=tag_details(tags))


def _record_first_message(change: Change, body: str) -> None:
    ticket = change.ticket
    contact = ticket.requester
    name = str(contact or ticket.organisation or "")
    change.say(Message.Direction.IN, body, contact=contact, author_name=name)


def _refuse_without_customer(
    actor: User | None, requester: Contact | None, organisation: Organisation | None
) -> None:
    by_person = actor is not None and not actor.is_automation
    if by_person and requester is None and organisation is None:
        raise MissingFields(
            _(
                "A ticket needs a customer: it decides what is promised. Choose the "
                "requester or the organisation."
            ),
            ["customer"],
        )


def _starting_status(status: str | Status | None) -> Status:
    if isinstance(status, Status):
        return status
    if status:
        return status_named(status)
    return preferred_status(StatusCategory.OPEN, [NEW])


def _starting_priority(priority: str, impact: str, urgency: str) -> str:
    known_priority(priority)
    known(impact, Impact.values, what=_("impact"))
    known(urgency, Urgency.values, what=_("urgency"))
    by_matrix = priority_by_matrix(impact, urgency)
    if priority and by_matrix and priority != by_matrix:
        raise ReasonRequired(
            _(
                "The matrix says %(matrix)s for this impact and urgency, not "
                "%(value)s. Open it without a priority, then change it with a reason."
            )
            % {"matrix": by_matrix, "value": priority}
        )
    return priority or by_matrix
