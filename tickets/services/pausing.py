"""Pausing a ticket's clocks by hand, with the documentation that the rules ask for."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import Ticket
from tickets.selectors import pause_in_force
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
        if pause_in_force(change.ticket):
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
        pause = pause_in_force(change.ticket)
        if pause is None:
            raise NotPaused(
                _(
                    "Nobody paused the clocks of ticket #%(number)d by hand. If they "
                    "stand still, its status makes them: change the status."
                )
                % {"number": ticket_id}
            )
        change.append(Kind.RESUMED, to_value=pause.to_value, reason=reason.strip())
    return change.ticket
