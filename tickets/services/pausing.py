"""Pausing a ticket's clocks by hand, with the documentation that the rules ask for."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import ENDED, Ticket, TicketEvent
from tickets.services.changing import Kind, changing, known, require_reason
from tickets.services.refusals import AlreadyPaused, NotPaused, TicketEnded
from workforce.people.models import User


class PauseKind(models.TextChoices):
    """Why time may stop, from the six exceptions to the SLA clock rules."""

    THIRD_PARTY = "THIRD_PARTY", gettext_lazy("Third party")
    PRODUCT_BUG = "PRODUCT_BUG", gettext_lazy("Product bug")
    CUSTOMER_REQUEST = "CUSTOMER_REQUEST", gettext_lazy("The customer asked for it")
    OTHER = "OTHER", gettext_lazy("Other")


def pause_clocks(
    *, ticket_id: int, at: datetime, actor: User | None, kind: str, reason: str
) -> Ticket:
    """Stop the ticket's clocks until they are resumed.

    Raises ``ReasonRequired``, ``UnknownValue``, ``AlreadyPaused``, ``TicketEnded``.
    """
    known(kind or "?", PauseKind.values, what=_("kind of pause"))
    reason = require_reason(
        reason,
        _(
            "A pause stops what was promised, so it needs a reason. Say who asked for "
            "it or what is being waited for."
        ),
    )
    with changing(ticket_id, at=at, actor=actor) as change:
        if not change.ticket.is_open:
            raise TicketEnded(
                _("Ticket #%(number)d has ended: no clock runs. Reopen it first.")
                % {"number": ticket_id}
            )
        if is_paused(change.ticket):
            raise AlreadyPaused(
                _("The clocks of ticket #%(number)d are paused already.")
                % {"number": ticket_id}
            )
        change.append(Kind.PAUSED, to_value=kind, reason=reason)
    return change.ticket


def resume_clocks(
    *, ticket_id: int, at: datetime, actor: User | None, reason: str = ""
) -> Ticket:
    """Let the ticket's clocks run again. Raises ``NotPaused``."""
    with changing(ticket_id, at=at, actor=actor) as change:
        kind = _pause_in_force(change.ticket)
        if not kind:
            raise NotPaused(
                _(
                    "Nobody paused the clocks of ticket #%(number)d by hand. If they "
                    "stand still, its status makes them: change the status."
                )
                % {"number": ticket_id}
            )
        change.append(Kind.RESUMED, to_value=kind, reason=reason.strip())
    return change.ticket


def is_paused(ticket: Ticket) -> bool:
    return bool(_pause_in_force(ticket))


def _pause_in_force(ticket: Ticket) -> str:
    """Return the kind of the pause that nobody has ended, empty when there is none.

    A resolution ends every pause, as it does for the clocks.
    """
    last = (
        TicketEvent.objects.filter(
            Q(kind__in=[Kind.PAUSED, Kind.RESUMED])
            | Q(kind=Kind.STATUS, state__in=sorted(ENDED)),
            ticket=ticket,
        )
        .order_by("-seq")
        .values_list("kind", "to_value")
        .first()
    )
    return last[1] if last and last[0] == Kind.PAUSED else ""
