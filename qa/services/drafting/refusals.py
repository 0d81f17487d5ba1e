"""Why a write to a draft may be refused. Codes are stable: pages and the API know them."""

from collections.abc import Sequence
from typing import Any

from supportops.common.errors import OperationRefused


class StaleReview(OperationRefused):
    """Another page saved the draft first; ``revision`` is where it stands now."""

    code = "stale_review"

    def __init__(self, message: str, *, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class Unfinished(OperationRefused):
    """``missing`` names each gap: a criterion, and "answer", "comment" or "root_cause"."""

    code = "unfinished"

    def __init__(self, message: str, *, missing: Sequence[dict[str, Any]]) -> None:
        super().__init__(message)
        self.missing = list(missing)


class NotCertified(OperationRefused):
    code = "not_certified"


class NotYours(OperationRefused):
    code = "not_yours"


class OwnWork(OperationRefused):
    code = "own_work"


class AlreadySubmitted(OperationRefused):
    code = "already_submitted"


class NotADraft(OperationRefused):
    code = "not_a_draft"


class ItemNotOpen(OperationRefused):
    code = "item_not_open"


class DraftExists(OperationRefused):
    code = "draft_exists"


class NothingPublished(OperationRefused):
    code = "nothing_published"


class NotAParticipant(OperationRefused):
    code = "not_a_participant"


class ScoringOver(OperationRefused):
    code = "scoring_over"


class UnknownAnswer(OperationRefused):
    code = "unknown_answer"


class PassageUnknown(OperationRefused):
    code = "passage_unknown"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class NotSkippable(OperationRefused):
    code = "not_skippable"
