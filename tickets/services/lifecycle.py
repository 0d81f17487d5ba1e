"""A ticket's way from one status to the next."""

from datetime import datetime

from django.utils.translation import gettext as _

from tickets.models import (
    ENDED,
    Category,
    Outcome,
    Priority,
    ProductArea,
    Status,
    StatusCategory,
    Ticket,
)
from tickets.services.changing import Change, Kind, changing, known
from tickets.services.refusals import MissingFields, OutcomeRefused
from tickets.services.statuses import refuse_illegal_move, status_named
from workforce.people.models import User


def change_status(
    *,
    ticket_id: int,
    at: datetime,
    actor: User | None,
    status: str,
    reason: str = "",
    outcome: str = "",
) -> Ticket:
    """Move a ticket along the lifecycle; the status it already has changes nothing.

    Raises ``IllegalMove`` (naming the allowed ones), ``UnknownStatus``,
    ``MissingFields`` when it leaves intake without what the desk needs to know,
    ``OutcomeRefused``.
    """
    with changing(ticket_id, at=at, actor=actor) as change:
        target = status_named(status)
        if target.pk == change.ticket.status_id:
            return change.ticket
        refuse_outcome(outcome, target)
        source = change.ticket.status
        refuse_illegal_move(source, target)
        if source.is_intake and outcome != Outcome.OUT_OF_SCOPE:
            refuse_missing_fields(change.ticket, target)
        enter_status(change, target, reason=reason, outcome=outcome)
    return change.ticket


def record_escalation(
    *,
    ticket_id: int,
    at: datetime,
    reason: str,
    details: dict[str, object],
    actor: User | None = None,
) -> Ticket:
    """Write on the ticket that somebody above was called in."""
    with changing(ticket_id, at=at, actor=actor, merged=True) as change:
        change.append(Kind.ESCALATION, reason=reason, details=details)
    return change.ticket


def enter_status(
    change: Change, target: Status, *, reason: str = "", outcome: str = ""
) -> None:
    """Append the STATUS event and set every column that follows from it."""
    ticket = change.ticket
    source = ticket.status
    ends = target.category in ENDED
    if ends:
        # Resolved, then closed: the outcome given at the resolution stands.
        outcome = outcome or ticket.outcome
    change.append(
        Kind.STATUS,
        from_value=source.code,
        to_value=target.code,
        state=target.category,
        reason=reason,
        details={"outcome": outcome} if outcome else {},
    )
    change.set(outcome=outcome if ends else "")
    take_status(change, target)


def take_status(change: Change, target: Status) -> None:
    """Set status, meaning, and the moments that follow from entering it."""
    ticket = change.ticket
    was_open = ticket.is_open
    ends = target.category in ENDED
    change.set(status=target, state=target.category, is_open=not ends)
    if not ends:
        if not was_open:
            change.set(reopen_count=ticket.reopen_count + 1)
        change.set(resolved_at=None, closed_at=None)
        return
    if target.category == StatusCategory.RESOLVED:
        change.set(resolved_at=change.at, closed_at=None)
    else:
        # Closed without having been resolved: the closing is the resolution.
        change.set(resolved_at=ticket.resolved_at or change.at, closed_at=change.at)


def refuse_outcome(outcome: str, target: Status) -> None:
    known(outcome, Outcome.values, what=_("outcome"))
    if outcome and target.category not in ENDED:
        raise OutcomeRefused(
            _(
                "“%(status)s” does not end a ticket, so it has no outcome. Leave the "
                "outcome out, or resolve the ticket."
            )
            % {"status": target.name}
        )
    if outcome == Outcome.DUPLICATE:
        raise OutcomeRefused(
            _(
                "A duplicate is closed by merging it, so that the other ticket is "
                "known. Merge it into the older ticket."
            )
        )


def refuse_missing_fields(ticket: Ticket, target: Status) -> None:
    """Raise ``MissingFields`` when work would begin without a required field.

    A category or product area is required as soon as the desk keeps any.
    """
    if target.is_intake:
        return
    missing = missing_fields(ticket)
    if missing:
        raise MissingFields(
            _(
                "A ticket cannot go to “%(status)s” without: %(fields)s. Fill in what "
                "is missing, then move it."
            )
            % {
                "status": target.name,
                "fields": ", ".join(label for _name, label in missing),
            },
            [name for name, _label in missing],
        )


def missing_fields(ticket: Ticket) -> list[tuple[str, str]]:
    """Return name and label of each required field that is empty."""
    missing: list[tuple[str, str]] = []
    if not ticket.priority:
        missing.append(("priority", _("priority")))
    if not ticket.category_id and Category.objects.exists():
        missing.append(("category", _("category")))
    if not ticket.product_area_id and ProductArea.objects.exists():
        missing.append(("product_area", _("product area")))
    if not ticket.organisation_id and not ticket.requester_id:
        missing.append(("customer", _("customer")))
    return missing


def known_priority(priority: str) -> str:
    return known(priority, Priority.values, what=_("priority"))
