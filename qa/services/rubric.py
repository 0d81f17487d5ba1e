"""Changes of rubric: what could not be scored as written, and what was done about it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa.models import RubricChange, Scorecard
from qa.services.calibration.refusals import ReasonMissing
from supportops.common.errors import OperationRefused
from workforce.people.models import User


class ChangeSettled(OperationRefused):
    code = "rubric_change_settled"


@transaction.atomic
def open_change(
    *,
    scorecard_id: int,
    criterion_key: str,
    text: str,
    ticket_ids: Iterable[int],
    actor: User,
    at: datetime,
) -> RubricChange:
    """Open a change of a criterion, or add text and tickets to the one that is open.

    Raises ``ReasonMissing``.
    """
    text = text.strip()
    if not text:
        raise ReasonMissing(_("Say what about the criterion is unclear."))
    # Two people may find the same criterion unclear at once: one waits for the other.
    Scorecard.objects.select_for_update().get(pk=scorecard_id)
    change, is_new = RubricChange.objects.get_or_create(
        scorecard_id=scorecard_id,
        criterion_key=criterion_key,
        state=RubricChange.State.OPEN,
        defaults={"text": text, "opened_by": actor, "opened_at": at},
    )
    if not is_new and text not in change.text:
        change.text = f"{change.text}\n\n{text}"
        change.save(update_fields=["text"])
    change.tickets.add(*ticket_ids)
    return change


@transaction.atomic
def settle_change(
    *, change_id: int, is_done: bool, settlement: str, actor: User, at: datetime
) -> RubricChange:
    """Close a change: the rubric was changed, or will not be, and why.

    Raises ``ReasonMissing`` or ``ChangeSettled``.
    """
    if not settlement.strip():
        raise ReasonMissing(_("Say what was done, or why nothing is."))
    change = RubricChange.objects.select_for_update().get(pk=change_id)
    if change.state != RubricChange.State.OPEN:
        raise ChangeSettled(
            _("This change is settled already: “%(state)s”.")
            % {"state": change.get_state_display()}
        )
    states = RubricChange.State
    change.state = states.DONE if is_done else states.REJECTED
    change.settlement = settlement.strip()
    change.settled_by, change.settled_at = actor, at
    change.save(update_fields=["state", "settlement", "settled_by", "settled_at"])
    return change
