"""Steps that writes to a draft share: whose it is, which state, one row of history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qa.models import CalibrationSession, Review, ReviewEvent
from qa.services.drafting.refusals import (
    AlreadySubmitted,
    NotADraft,
    NotYours,
    ScoringOver,
    StaleReview,
)
from workforce.people.models import User

State = Review.State


def locked_draft(review_id: int, reviewer: User, revision: int | None = None) -> Review:
    """Lock the reviewer's own draft.

    Opening the scores of a calibration locks its drafts before it changes the state, so
    whoever holds the draft reads a state that stays: no answer arrives once they are open.

    Raises ``NotYours``, ``AlreadySubmitted``, ``NotADraft``, ``ScoringOver`` or, when a
    revision is named that is no longer the current one, ``StaleReview``.
    """
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("version", "ticket", "calibration_item")
        .get(pk=review_id)
    )
    if review.reviewer_id != reviewer.pk:
        raise NotYours(_("Only the reviewer who started a review can write it."))
    _refuse_unless_draft(review)
    if review.calibration_item:
        refuse_unless_scoring(_session_now(review.calibration_item.session_id))
    if revision is not None and revision != review.revision:
        raise StaleReview(
            _("This review was changed on another page meanwhile."),
            revision=review.revision,
        )
    return review


def _session_now(session_id: int) -> CalibrationSession:
    """Read the state once the draft is locked: the row joined above may be older."""
    return CalibrationSession.objects.get(pk=session_id)


def refuse_unless_scoring(session: CalibrationSession) -> None:
    if session.state != CalibrationSession.State.SCORING:
        raise ScoringOver(
            _("Scoring of “%(title)s” is not open.") % {"title": session.title}
        )


def _refuse_unless_draft(review: Review) -> None:
    if review.state == State.DRAFT:
        return
    if review.state in {State.SKIPPED, State.VOIDED}:
        raise NotADraft(_("This review was skipped or declared void."))
    raise AlreadySubmitted(
        _(
            "This review was submitted. Take it back to correct it while it is unreleased."
        )
    )


def next_revision(review: Review, at: datetime, *fields: str) -> None:
    """Count one saved change and write it with the fields named."""
    review.revision += 1
    review.changed_at = at
    review.save(update_fields=["revision", "changed_at", *fields])


def record(
    review: Review,
    kind: str,
    *,
    at: datetime,
    actor: User,
    details: Mapping[str, Any] | None = None,
) -> None:
    ReviewEvent.objects.create(
        review=review, at=at, actor=actor, kind=kind, details=dict(details or {})
    )
