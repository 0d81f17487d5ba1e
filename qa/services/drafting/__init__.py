"""Every write to a review while it is a draft: start, save, pin, submit, skip.

Call as ``drafting.verb(...)``, keyword arguments only, with the time. Each verb locks the
row it judges; only the own reviewer writes, and only while it is a draft.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qa.models import Review
from qa.selectors import scorecards
from qa.services.drafting.changes import apply_changes
from qa.services.drafting.ending import skip_review, submit_review
from qa.services.drafting.pins import add_pin, change_pin, remove_pin
from qa.services.drafting.refusals import (
    AlreadySubmitted,
    DraftExists,
    ItemNotOpen,
    NotADraft,
    NotAParticipant,
    NotCertified,
    NothingPublished,
    NotSkippable,
    NotYours,
    OwnWork,
    PassageUnknown,
    ReasonMissing,
    ScoringOver,
    StaleReview,
    Unfinished,
    UnknownAnswer,
)
from qa.services.drafting.starting import start_adhoc, start_calibration, start_item
from qa.services.drafting.steps import locked_draft, next_revision
from workforce.people.models import User

__all__ = [
    "AlreadySubmitted",
    "DraftExists",
    "ItemNotOpen",
    "NotADraft",
    "NotAParticipant",
    "NotCertified",
    "NotSkippable",
    "NotYours",
    "NothingPublished",
    "OwnWork",
    "PassageUnknown",
    "ReasonMissing",
    "ScoringOver",
    "StaleReview",
    "Unfinished",
    "UnknownAnswer",
    "add_pin",
    "change_pin",
    "remove_pin",
    "save_answers",
    "skip_review",
    "start_adhoc",
    "start_calibration",
    "start_item",
    "submit_review",
]


@transaction.atomic
def save_answers(
    *,
    review_id: int,
    reviewer: User,
    revision: int,
    changes: Sequence[Mapping[str, Any]],
    seconds: int,
    at: datetime,
) -> Review:
    """Save what was changed since ``revision``: all of it, or nothing.

    A change is ``{"criterion": key, …}`` with any of level, checked, seen (boxes that the
    reviewer confirmed), is_na, text, comment and root_causes, or an overall one with
    strengths, focus or is_exemplary. ``seconds`` is the active time in all so far, so a
    repeated request adds nothing.

    Raises ``StaleReview`` with the present revision, ``UnknownAnswer``, ``NotYours``,
    ``AlreadySubmitted``, ``NotADraft`` or ``ScoringOver``.
    """
    review = locked_draft(review_id, reviewer, revision)
    fields = apply_changes(review, scorecards.card_of(review.version), changes)
    review.active_seconds = max(review.active_seconds, seconds)
    next_revision(review, at, "active_seconds", *fields)
    return review
