"""Why a write to policies may be refused."""

from supportops.common.errors import OperationRefused


class PolicyNameTaken(OperationRefused):
    code = "policy_name_taken"


class VersionIsPublished(OperationRefused):
    code = "version_is_published"


class DraftChangedMeanwhile(OperationRefused):
    code = "draft_changed_meanwhile"


class DraftExists(OperationRefused):
    code = "draft_exists"


class DefinitionUnreadable(OperationRefused):
    code = "definition_unreadable"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class PolicyHasErrors(OperationRefused):
    code = "policy_has_errors"


class NothingInForce(OperationRefused):
    code = "nothing_in_force"


class OrderIncomplete(OperationRefused):
    code = "order_incomplete"
