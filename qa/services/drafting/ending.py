"""Ending a draft: submitted with its score, or skipped for another ticket."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.gaps import gaps
from qa.core.scorecard import Criterion
from qa.core.scoring import score, shown_criteria
from qa.models import Answer, Review, ReviewEvent, RootCause, SampleItem
from qa.selectors import scorecards
from qa.selectors.answers import given_answers
from qa.services import calibration, sampling
from qa.services.announcing import announce
from qa.services.drafting.refusals import NotSkippable, ReasonMissing, Unfinished
from qa.services.drafting.steps import (
    locked_draft,
    next_revision,
    record,
)
from workforce.people.models import User

REASON_LENGTH = 300


@transaction.atomic
def submit_review(
    *, review_id: int, reviewer: User, revision: int, at: datetime
) -> Review:
    """Finish a draft: its score is computed now, written, and never again.

    A box that a rule ticked and nobody confirmed counts as it stands and stays marked as
    the rule's. The agent reads nothing before the release, and of second, known-answer
    and calibration reviews nothing ever.

    Raises ``Unfinished`` with what is missing, and what ``save_answers`` raises.
    """
    review = locked_draft(review_id, reviewer, revision)
    card = scorecards.card_of(review.version)
    facts = scorecards.facts_of(review.ticket)
    answers = list(review.answers.prefetch_related("root_causes"))
    given = given_answers(answers)
    shown = shown_criteria(card, given, facts)
    _refuse_gaps(shown, answers)
    result = score(card, given, facts)
    for answer in answers:
        share = result.points.get(answer.criterion_key)
        answer.share = None if share is None else float(share)
    Answer.objects.bulk_update(answers, ["share"])
    review.raw_score, review.score = result.raw, result.score
    review.passed, review.is_critical_fail = result.passed, bool(result.failed)
    review.state, review.submitted_at = Review.State.SUBMITTED, at
    next_revision(
        review,
        at,
        "raw_score",
        "score",
        "passed",
        "is_critical_fail",
        "state",
        "submitted_at",
    )
    _finish_origin(review, reviewer, at)
    record(review, ReviewEvent.Kind.SUBMITTED, at=at, actor=reviewer)
    announce([review.pk], at=at)
    return review


def _finish_origin(review: Review, reviewer: User, at: datetime) -> None:
    """Tell the draw or the calibration that asked for this review that it is in."""
    if review.sample_item_id:
        SampleItem.objects.filter(pk=review.sample_item_id).update(
            state=SampleItem.State.DONE
        )
    if review.calibration_item:
        calibration.finish_participant(
            session_id=review.calibration_item.session_id, user=reviewer, at=at
        )


def _refuse_gaps(shown: Sequence[Criterion], answers: Sequence[Answer]) -> None:
    offered = RootCause.objects.filter(is_active=True).values_list(
        "criterion_key", flat=True
    )
    missing = gaps(
        shown,
        given_answers(answers),
        commented={each.criterion_key for each in answers if each.comment.strip()},
        caused={each.criterion_key for each in answers if each.root_causes.all()},
        offered=set(offered),
    )
    if not missing:
        return
    titles = {criterion.key: criterion.title for criterion in shown}
    named = list(dict.fromkeys(titles[gap.criterion] for gap in missing))
    raise Unfinished(
        ngettext(
            "%(names)s is not finished yet.",
            "These are not finished yet: %(names)s.",
            len(named),
        )
        % {"names": ", ".join(named)},
        missing=[asdict(gap) for gap in missing],
    )


@transaction.atomic
def skip_review(
    *,
    review_id: int,
    reviewer: User,
    reason: str,
    at: datetime,
    code: str = SampleItem.Reason.OTHER,
) -> SampleItem | None:
    """Give a draft up, for a reason that is kept and counted under ``code``.

    A drawn ticket is replaced by another of the same agent where there is one; the
    replacement is returned. Raises ``ReasonMissing``, ``NotSkippable`` for a calibration,
    and what ``locked_draft`` raises.
    """
    review = locked_draft(review_id, reviewer)
    words = reason.strip()[:REASON_LENGTH]
    if not words or code not in SampleItem.Reason.values:
        raise ReasonMissing(_("Say why this ticket cannot be reviewed."))
    if review.kind == Review.Kind.CALIBRATION:
        raise NotSkippable(
            _("A calibration is scored on the same tickets by everybody.")
        )
    review.state, review.reason = Review.State.SKIPPED, words
    next_revision(review, at, "state", "reason")
    record(
        review,
        ReviewEvent.Kind.SKIPPED,
        at=at,
        actor=reviewer,
        details={"reason": words, "code": code},
    )
    announce([review.pk], at=at)
    if review.sample_item_id is None:
        return None
    return sampling.replace_item(
        item_id=review.sample_item_id,
        actor=reviewer,
        reason=words,
        at=at,
        code=code,
    )
