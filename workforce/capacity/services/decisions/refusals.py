"""Why something about a decision is refused."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused


class DecisionNotYours(OperationRefused):
    """The person may not do this to decisions, or not to this one."""

    code = "decision_not_yours"


class DecisionWrongState(OperationRefused):
    """The decision is not in a state in which this is possible."""

    code = "decision_wrong_state"


class DecisionReasonMissing(OperationRefused):
    """Something that others will ask about needs words."""

    code = "decision_reason_missing"


class DecisionPartInvalid(OperationRefused):
    """What was sent for a section cannot be kept; the message says why."""

    code = "decision_part_invalid"


class StaleDecision(OperationRefused):
    """Somebody else has changed the same section since it was read.

    ``changes`` are their entries of the evidence log, oldest first: nothing was written,
    and nothing of theirs is lost.
    """

    code = "decision_stale"

    def __init__(self, changes: Sequence[Any], revision: int) -> None:
        self.changes = list(changes)
        self.revision = revision
        super().__init__(
            _(
                "Not saved: this section was changed since you opened it (%(changes)s). "
                "Compare, then save yours over it or take theirs."
            )
            % {"changes": "; ".join(entry.text for entry in self.changes)}
        )


class DecisionIncomplete(OperationRefused):
    """The record lacks what a proposal needs; ``missing`` names each thing."""

    code = "decision_incomplete"

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(
            _("Not proposed. The record still needs: %(missing)s.")
            % {"missing": "; ".join(self.missing)}
        )


class InputsNotAccepted(OperationRefused):
    """Inputs are not validated, and nobody has accepted them; ``inputs`` says which."""

    code = "inputs_not_accepted"

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = list(inputs)
        super().__init__(
            _(
                "Not proposed. These inputs are not validated; mend them, or tick that "
                "you propose on them as they are: %(inputs)s."
            )
            % {"inputs": "; ".join(self.inputs)}
        )


class CrossingsNotAccepted(OperationRefused):
    """Triggers are crossed, and the approver has not accepted each of them."""

    code = "crossings_not_accepted"

    def __init__(self, crossings: Sequence[str]) -> None:
        self.crossings = list(crossings)
        super().__init__(
            _(
                "Not approved. Tick each trigger that is crossed, or reject: "
                "%(crossings)s"
            )
            % {"crossings": " ".join(self.crossings)}
        )


class ApproversRefused(OperationRefused):
    """The people named cannot approve this decision."""

    code = "approvers_refused"


class ApprovalAnswered(OperationRefused):
    """This approval has its answer, or is no longer asked for."""

    code = "approval_answered"
