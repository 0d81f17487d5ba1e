"""Why a step of coaching may be refused."""

from supportops.common.errors import OperationRefused


class NotTheirCoach(OperationRefused):
    code = "not_their_coach"


class SessionAhead(OperationRefused):
    code = "session_ahead"


class WrongState(OperationRefused):
    code = "wrong_state"


class Unfinished(OperationRefused):
    code = "unfinished"


class ChangedMeanwhile(OperationRefused):
    code = "changed_meanwhile"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class NotYours(OperationRefused):
    code = "not_yours"


class PlanRefused(OperationRefused):
    code = "plan_refused"


class NameDiffers(OperationRefused):
    code = "name_differs"


class TextDiffers(OperationRefused):
    code = "text_differs"


class AlreadySigned(OperationRefused):
    code = "already_signed"


class AwardRefused(OperationRefused):
    code = "award_refused"


class AuditRefused(OperationRefused):
    code = "audit_refused"
