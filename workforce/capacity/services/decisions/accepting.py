"""What somebody accepts knowingly: unvalidated inputs, triggers crossed already."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from supportops.metrics.scopes import today
from workforce.capacity.models import Decision, Evidence
from workforce.capacity.selectors.decisions.crossings import Crossing, crossings_now
from workforce.capacity.selectors.decisions.inputs import Unvalidated, unvalidated
from workforce.capacity.services.decisions.evidence_log import log
from workforce.capacity.services.decisions.refusals import (
    CrossingsNotAccepted,
    InputsNotAccepted,
)
from workforce.people.models import User


def require_inputs_accepted(
    decision: Decision, accepted: Collection[int], at: datetime
) -> list[Unvalidated]:
    """Return the inputs that are not validated, each of which must be accepted.

    What was accepted and has been validated since does no harm; an input that became
    unvalidated after the list was read refuses. Raises ``InputsNotAccepted``.
    """
    found = unvalidated(decision.inputs.all(), today(at))
    open_ones = [each for each in found if each.input_id not in accepted]
    if open_ones:
        raise InputsNotAccepted([each.words() for each in open_ones])
    return found


def note_inputs(
    decision: Decision,
    number: int,
    rows: Iterable[Unvalidated],
    actor: User,
    at: datetime,
) -> None:
    """Write into the evidence log which unvalidated inputs a version was proposed on."""
    listed = list(rows)
    if not listed:
        return
    text = _(
        "Version %(number)d is proposed on inputs that are not validated, accepted as "
        "they are. %(inputs)s."
    ) % {"number": number, "inputs": "; ".join(each.words() for each in listed)}
    log(
        decision, Evidence.Kind.NOTE, text, actor=actor, at=at, number=number,
        unvalidated=[[each.input_id, each.name, each.flaws] for each in listed],
    )  # fmt: skip


def require_crossings_accepted(
    decision: Decision, accepted: Collection[int], at: datetime
) -> list[Crossing]:
    """Return the triggers that are crossed now, each of which an approver must accept.

    Raises ``CrossingsNotAccepted``.
    """
    found = crossings_now(decision, at)
    open_ones = [each for each in found if each.trigger_id not in accepted]
    if open_ones:
        raise CrossingsNotAccepted([each.words() for each in open_ones])
    return found


def note_crossings(
    decision: Decision,
    number: int,
    crossings: Iterable[Crossing],
    actor: User,
    at: datetime,
) -> None:
    """Write into the evidence log what an approver accepted, one entry a trigger."""
    for each in crossings:
        text = _(
            "Version %(number)d is approved knowing that this is crossed: %(what)s"
        )
        log(
            decision, Evidence.Kind.NOTE,
            text % {"number": number, "what": each.words()},
            actor=actor, at=at, number=number, accepted=each.trigger_id,
        )  # fmt: skip
