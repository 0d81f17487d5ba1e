"""Why a step of a review or of a dispute may be refused."""

from supportops.common.errors import OperationRefused


class WrongState(OperationRefused):
    """The review, or the dispute, is not in a state that allows this step."""

    code = "wrong_state"


class NotYours(OperationRefused):
    code = "not_yours"


class NothingToRelease(OperationRefused):
    code = "nothing_to_release"


class BlindReviewStays(OperationRefused):
    code = "blind_review_stays"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class TooLate(OperationRefused):
    code = "too_late"


class LineUnusable(OperationRefused):
    """A disputed criterion names what the scorecard does not have, or nothing at all."""

    code = "line_unusable"


class ArbiterConcerned(OperationRefused):
    code = "arbiter_concerned"


class WrongPerson(OperationRefused):
    code = "wrong_person"
