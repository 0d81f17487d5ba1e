"""Why a draw, or a change of an item, is refused."""

from supportops.common.errors import OperationRefused


class NotAMonday(OperationRefused):
    code = "not_a_monday"


class PeriodNotOver(OperationRefused):
    code = "period_not_over"


class AlreadyDrawn(OperationRefused):
    code = "already_drawn"


class PlanInactive(OperationRefused):
    code = "plan_inactive"


class NoReviewers(OperationRefused):
    code = "no_reviewers"


class NoPublishedScorecard(OperationRefused):
    code = "no_published_scorecard"


class FrameEmpty(OperationRefused):
    code = "frame_empty"


class FrameChanged(OperationRefused):
    code = "frame_changed"


class SeedInvalid(OperationRefused):
    code = "seed_invalid"


class ItemNotOpen(OperationRefused):
    code = "item_not_open"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class ReviewerRefused(OperationRefused):
    code = "reviewer_refused"
