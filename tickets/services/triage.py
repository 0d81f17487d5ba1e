"""Deciding how urgent a new ticket is, with the tree and the severity matrix."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.core.triage import Verdict, decide
from tickets.models import (
    Impairment,
    Severity,
    StatusMove,
    Ticket,
    UsersAffected,
)
from tickets.services.changing import Change, Kind, changing, known, require_reason
from tickets.services.fields import set_field
from tickets.services.lifecycle import enter_status, known_priority
from tickets.services.matrix_values import (
    set_priority,
    set_severity,
    severity_by_matrix,
)
from tickets.services.refusals import TicketEnded, TriageIncomplete
from tickets.services.statuses import NEW, TRIAGED
from workforce.people.models import User

# What each question asks, and how its yes and no read in a reason.
QUESTION_TEXTS = {
    "outage": (
        gettext_lazy("Is it a system-wide outage?"),
        gettext_lazy("system-wide outage"),
        gettext_lazy("no outage"),
    ),
    "revenue_or_data": (
        gettext_lazy("Is revenue or data at risk?"),
        gettext_lazy("revenue or data at risk"),
        gettext_lazy("no revenue or data at risk"),
    ),
    "core_blocked": (
        gettext_lazy("Is core functionality blocked?"),
        gettext_lazy("core functionality blocked"),
        gettext_lazy("core functionality works"),
    ),
    "how_to": (
        gettext_lazy("Is it a how-to or a feature request?"),
        gettext_lazy("how-to or feature request"),
        gettext_lazy("neither how-to nor feature request"),
    ),
}


def triage_ticket(
    *,
    ticket_id: int,
    at: datetime,
    actor: User | None,
    answers: Mapping[str, bool],
    users_affected: str = "",
    impairment: str = "",
    priority: str = "",
    severity: str = "",
    reason: str = "",
) -> Ticket:
    """Apply the tree's priority and the matrix's severity, and move New to Triaged.

    ``priority`` or ``severity`` override the proposal and then need a ``reason``. The
    answers are kept on the ticket.

    Raises ``TriageIncomplete``, ``ReasonRequired``, ``UnknownValue``, ``TicketEnded``.
    """
    verdict = verdict_of(answers)
    reason = reason.strip()
    known_priority(priority)
    known(severity, Severity.values, what=_("severity"))
    known(users_affected, UsersAffected.values, what=_("number of users"))
    known(impairment, Impairment.values, what=_("impairment"))
    proposed_severity = severity_by_matrix(users_affected, impairment)
    _refuse_silent_override(priority, verdict.priority, reason)
    _refuse_silent_override(severity, proposed_severity, reason)
    why = explanation(verdict, reason)
    with changing(ticket_id, at=at, actor=actor) as change:
        if not change.ticket.is_open:
            raise TicketEnded(
                _("Ticket #%(number)d has ended: nothing is left to triage.")
                % {"number": ticket_id}
            )
        _record_answers(change, verdict, answers, why)
        for name, value in (
            ("users_affected", users_affected),
            ("impairment", impairment),
        ):
            if value:
                set_field(change, name, value)
        set_priority(change, priority or verdict.priority, reason=why)
        if severity or proposed_severity:
            set_severity(change, severity or proposed_severity, reason=why)
        _move_to_triaged(change, why)
    return change.ticket


def verdict_of(answers: Mapping[str, bool]) -> Verdict:
    """Return the tree's verdict. Raises ``TriageIncomplete`` when it is not reached."""
    try:
        return decide(answers)
    except ValueError as error:
        raise TriageIncomplete(
            _("The questions are not all answered. Answer each with yes or no.")
        ) from error


def explanation(verdict: Verdict, reason: str = "") -> str:
    """Say in words how the tree came to its priority, and why it was overridden."""
    facts = [
        str(QUESTION_TEXTS[question][1 if question == verdict.decided_by else 2])
        for question in verdict.asked
    ]
    text = _("Triage: %(facts)s → %(priority)s.") % {
        "facts": ", ".join(facts),
        "priority": verdict.priority,
    }
    return f"{text} {reason}".strip()


def _refuse_silent_override(value: str, proposed: str, reason: str) -> None:
    if value and proposed and value != proposed:
        require_reason(
            reason,
            _(
                "Triage proposes %(proposed)s. To set %(value)s instead, give a "
                "reason, or correct the answers."
            )
            % {"proposed": proposed, "value": value},
        )


def _record_answers(
    change: Change, verdict: Verdict, answers: Mapping[str, bool], why: str
) -> None:
    change.append(
        Kind.FIELD,
        to_value=verdict.priority,
        reason=why,
        details={
            "field": "triage",
            "answers": {question: answers[question] for question in verdict.asked},
        },
    )


def _move_to_triaged(change: Change, why: str) -> None:
    if change.ticket.status.code != NEW:
        return
    move = (
        StatusMove.objects.filter(
            source=change.ticket.status, target__code=TRIAGED, target__is_active=True
        )
        .select_related("target")
        .first()
    )
    if move:
        enter_status(change, move.target, reason=why)
