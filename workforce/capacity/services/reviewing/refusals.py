"""Why a change of an investigation was refused."""

from supportops.common.errors import OperationRefused


class WrongState(OperationRefused):
    code = "investigation_wrong_state"


class OutcomeMissing(OperationRefused):
    code = "investigation_outcome_missing"


class FindingMissing(OperationRefused):
    code = "investigation_finding_missing"


class ReasonMissing(OperationRefused):
    code = "investigation_reason_missing"


class OwnerUnfit(OperationRefused):
    code = "investigation_owner_unfit"
