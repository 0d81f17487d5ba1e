"""What the two matrices say about one ticket."""

from django.utils.translation import gettext as _

from tickets.models import PriorityRule, SeverityRule, Ticket
from tickets.services.changing import Change, Kind, require_reason


def priority_by_matrix(impact: str, urgency: str) -> str:
    """Return the priority of that cell, empty when a side is unknown."""
    if not impact or not urgency:
        return ""
    cell = PriorityRule.objects.filter(impact=impact, urgency=urgency)
    return cell.values_list("priority", flat=True).first() or ""


def severity_by_matrix(users_affected: str, impairment: str) -> str:
    """Return the severity of that cell, empty when a side is unknown."""
    if not users_affected or not impairment:
        return ""
    cell = SeverityRule.objects.filter(
        users_affected=users_affected, impairment=impairment
    )
    return cell.values_list("severity", flat=True).first() or ""


def priority_of_matrix(ticket: Ticket) -> str:
    return priority_by_matrix(ticket.impact, ticket.urgency)


def severity_of_matrix(ticket: Ticket) -> str:
    return severity_by_matrix(ticket.users_affected, ticket.impairment)


def set_priority(change: Change, priority: str, *, reason: str = "") -> None:
    """Give the ticket this priority; the one it has changes nothing.

    Raises ``ReasonRequired`` when the matrix says otherwise and no reason is given.
    """
    if priority == change.ticket.priority:
        return
    _refuse_silent_override(priority, priority_of_matrix(change.ticket), reason)
    change.append(
        Kind.PRIORITY,
        from_value=change.ticket.priority,
        to_value=priority,
        reason=reason,
    )
    change.set(priority=priority)


def set_severity(change: Change, severity: str, *, reason: str = "") -> None:
    """Give the ticket this severity; the one it has changes nothing.

    Raises ``ReasonRequired`` when the matrix says otherwise and no reason is given.
    """
    if severity == change.ticket.severity:
        return
    _refuse_silent_override(severity, severity_of_matrix(change.ticket), reason)
    change.append(
        Kind.SEVERITY,
        from_value=change.ticket.severity,
        to_value=severity,
        reason=reason,
    )
    change.set(severity=severity)


def _refuse_silent_override(value: str, by_matrix: str, reason: str) -> None:
    if by_matrix and value != by_matrix:
        require_reason(
            reason,
            _(
                "The matrix says %(matrix)s for this ticket. To set %(value)s instead, "
                "give a reason, or correct the answers that the matrix reads."
            )
            % {"matrix": by_matrix, "value": value or _("nothing")},
        )
