"""The life of a review after it was scored: release, reading, acknowledgement, end.

Disputes have a module of their own. Each step locks the review, writes one event and
tells others after commit.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.models import Answer, Review, ReviewEvent, SampleItem
from qa.models.reviews import COUNTED_KINDS, FINISHED_STATES
from qa.selectors.scorecards import card_of
from qa.services.announcing import announce
from qa.services.review_refusals import (
    BlindReviewStays,
    NothingToRelease,
    NotYours,
    ReasonMissing,
    WrongState,
)
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.people.models import User

__all__ = [
    "BlindReviewStays",
    "NotYours",
    "NothingToRelease",
    "ReasonMissing",
    "WrongState",
    "acknowledge_review",
    "close_due",
    "dispute_end",
    "locked_review",
    "note_read",
    "record",
    "release_reviews",
    "take_back",
    "tell_agents",
    "void_review",
]

State = Review.State
Kind = ReviewEvent.Kind
RELEASE_ANY = "qa.void_review"
"""Who may declare any review void may also release any: it is the lighter of the two."""
BLIND_KINDS = (Review.Kind.OVERLAP, Review.Kind.GOLD, Review.Kind.CALIBRATION)
VOIDABLE_KINDS = (*COUNTED_KINDS, Review.Kind.OVERLAP, Review.Kind.GOLD)
_BATCH = 500


# What steps share ---------------------------------------------------------------------


def locked_review(review_id: int) -> Review:
    """Return the review, locked until the transaction ends."""
    return Review.objects.select_for_update().get(pk=review_id)


def record(
    review: Review, kind: str, *, actor: User | None, at: datetime, **details: object
) -> ReviewEvent:
    """Write that something has happened to a review."""
    return ReviewEvent.objects.create(
        review=review, kind=kind, actor=actor, at=at, details=details
    )


def dispute_end(review: Review, released_at: datetime) -> datetime:
    """Return until when a review released then may be disputed, by its scorecard."""
    return released_at + timedelta(hours=card_of(review.version).dispute_hours)


def tell_agents(reviews: Iterable[Review], *, at: datetime) -> None:
    """Tell each agent that a review of their work can be read. No score: mail travels."""
    notifications.notify_all(
        [
            notifications.Message(
                recipients=[review.agent],
                kind=Told.REVIEW_RELEASED,
                dedup_key=f"review-released:{review.pk}",
                title=_("Your work on ticket #%(ticket)d was reviewed")
                % {"ticket": review.ticket_id},
                body=_("Read what went well and the one thing to work on."),
                url=reverse("qa:review", kwargs={"pk": review.pk}),
            )
            for review in reviews
        ],
        at=at,
    )


# Steps --------------------------------------------------------------------------------


@transaction.atomic
def release_reviews(*, review_ids: Sequence[int], actor: User, at: datetime) -> int:
    """Let agents read these reviews; return how many were released.

    Those that do not wait for it are passed over: drafts, released ones, and kinds that
    agents never see. Reviewers release their own; whoever may declare reviews void
    releases any.

    Raises ``NotYours``, or ``NothingToRelease`` when none of them waits.
    """
    waiting = list(
        Review.objects.select_for_update(of=("self",))
        .filter(pk__in=review_ids, state=State.SUBMITTED, kind__in=COUNTED_KINDS)
        .select_related("version", "agent")
        .order_by("pk")
    )
    if any(review.reviewer_id != actor.pk for review in waiting):
        _require_release_any(actor)
    if not waiting:
        raise NothingToRelease(
            _("None of these reviews waits to be released. Load the page again.")
        )
    for review in waiting:
        review.state = State.RELEASED
        review.released_at = review.changed_at = at
        review.dispute_until = dispute_end(review, at)
    Review.objects.bulk_update(
        waiting, ["state", "released_at", "changed_at", "dispute_until"], _BATCH
    )
    _record_all(waiting, Kind.RELEASED, actor=actor, at=at)
    tell_agents(waiting, at=at)
    announce([review.pk for review in waiting], at=at, released=True)
    return len(waiting)


@transaction.atomic
def take_back(*, review_id: int, reviewer: User, at: datetime) -> Review:
    """Make one's own submitted review a draft again, before its agent has seen it.

    Its item of a draw is open again. Raises ``NotYours``, ``WrongState``, or
    ``BlindReviewStays`` where somebody else has judged the same ticket: who could read
    that one meanwhile would no longer judge alone.
    """
    review = locked_review(review_id)
    if review.reviewer_id != reviewer.pk:
        raise NotYours(_("Only who wrote a review takes it back."))
    _require_state(review, State.SUBMITTED)
    _refuse_second_thoughts(review)
    review.state, review.submitted_at, review.changed_at = State.DRAFT, None, at
    review.raw_score = review.score = review.passed = None
    review.is_critical_fail = False
    review.revision += 1
    review.save()
    Answer.objects.filter(review=review).update(share=None)
    done = SampleItem.objects.filter(review=review, state=SampleItem.State.DONE)
    done.update(state=SampleItem.State.OPEN)
    record(review, Kind.REOPENED, actor=reviewer, at=at)
    announce([review.pk], at=at)
    return review


@transaction.atomic
def acknowledge_review(
    *, review_id: int, agent: User, words: str, at: datetime
) -> Review:
    """Write down that the agent has taken note, with their own words if they wish.

    Also after the review has closed: who was away may still answer. Raises ``NotYours``,
    or ``WrongState`` when it was acknowledged before, is disputed or was superseded.
    """
    review = locked_review(review_id)
    if review.agent_id != agent.pk or review.kind not in COUNTED_KINDS:
        raise NotYours(_("Only the agent whose work was reviewed acknowledges it."))
    _require_state(review, State.RELEASED, State.CLOSED)
    if review.acknowledged_at or not review.is_current:
        raise WrongState(_("This review was acknowledged or superseded already."))
    if review.state == State.RELEASED:
        review.state = State.ACKNOWLEDGED
    review.acknowledged_at = review.changed_at = at
    review.acknowledgement = words.strip()
    review.save(
        update_fields=["state", "acknowledged_at", "acknowledgement", "changed_at"]
    )
    record(review, Kind.ACKNOWLEDGED, actor=agent, at=at)
    announce([review.pk], at=at)
    return review


def note_read(*, review_id: int, agent: User, at: datetime) -> bool:
    """Remember the first time that the agent opens a released review.

    The lock is taken for that once: later readings cost one look.
    """
    read = ReviewEvent.objects.filter(review=review_id, kind=Kind.READ, actor=agent)
    if read.exists():
        return False
    with transaction.atomic():
        review = locked_review(review_id)
        is_theirs = review.agent_id == agent.pk and review.released_at is not None
        if not is_theirs or read.exists():
            return False
        record(review, Kind.READ, actor=agent, at=at)
    return True


@transaction.atomic
def void_review(*, review_id: int, actor: User, reason: str, at: datetime) -> Review:
    """Declare a finished review void: it counts for nobody and its agent reads it no more.

    Raises ``ReasonMissing``, ``NotYours`` for a review of one's own work, or
    ``WrongState``: a draft is skipped, a disputed review is decided on.
    """
    review = locked_review(review_id)
    checked = required_reason(reason)
    if review.agent_id == actor.pk:
        raise NotYours(_("Nobody declares a review of their own work void."))
    _require_state(review, *(state for state in FINISHED_STATES if state != "DISPUTED"))
    if review.kind not in VOIDABLE_KINDS:
        raise WrongState(_("Calibrations and reviews of oneself are not made void."))
    was_readable = review.released_at is not None and review.kind in COUNTED_KINDS
    review.state, review.reason, review.changed_at = State.VOIDED, checked, at
    review.save(update_fields=["state", "reason", "changed_at"])
    record(review, Kind.VOIDED, actor=actor, at=at)
    if was_readable:
        _tell_void(review, at)
    announce([review.pk], at=at)
    return review


def close_due(*, at: datetime) -> int:
    """Close reviews that can no longer be disputed; return how many.

    Safe to run twice and twice at once. A disputed review waits for its decision.
    """
    closed = 0
    while batch := _close_batch(at):
        closed += batch
    return closed


@transaction.atomic
def _close_batch(at: datetime) -> int:
    due = (
        Review.objects.select_for_update(
            skip_locked=transaction.get_connection().features.has_select_for_update_skip_locked
        )
        .filter(Q(dispute_until__lte=at) | Q(dispute_until__isnull=True))
        .filter(state__in=[State.RELEASED, State.ACKNOWLEDGED])
        .order_by("pk")[:_BATCH]
    )
    reviews = list(due)
    Review.objects.filter(pk__in=[review.pk for review in reviews]).update(
        state=State.CLOSED, changed_at=at
    )
    _record_all(reviews, Kind.CLOSED, actor=None, at=at)
    announce([review.pk for review in reviews], at=at)
    return len(reviews)


# Checks -------------------------------------------------------------------------------


def required_reason(reason: str) -> str:
    """Return the reason without blanks around it. Raises ``ReasonMissing``."""
    if not reason.strip():
        raise ReasonMissing(_("Give a reason: others will read it."))
    return reason.strip()


def _require_state(review: Review, *allowed: str) -> None:
    if review.state not in allowed:
        raise WrongState(
            _("The review is “%(state)s” now, which does not allow this step.")
            % {"state": review.get_state_display()}
        )


def _require_release_any(actor: User) -> None:
    if not actor.has_perm(RELEASE_ANY):
        raise NotYours(_("You can release the reviews that you have written."))


def _refuse_second_thoughts(review: Review) -> None:
    others = Review.objects.rated().filter(ticket=review.ticket_id)
    compared = others.exclude(reviewer=review.reviewer_id).exists()
    if review.kind in BLIND_KINDS or compared:
        raise BlindReviewStays(
            _(
                "Somebody else has judged this ticket too, or its answers are known. A "
                "judgement made alone stays as it was submitted."
            )
        )


def _record_all(
    reviews: Iterable[Review], kind: str, *, actor: User | None, at: datetime
) -> None:
    ReviewEvent.objects.bulk_create(
        [ReviewEvent(review=each, kind=kind, actor=actor, at=at) for each in reviews],
        batch_size=_BATCH,
    )


def _tell_void(review: Review, at: datetime) -> None:
    notifications.notify(
        recipients=[review.agent],
        kind=Told.REVIEW_RELEASED,
        dedup_key=f"review-void:{review.pk}",
        title=_("A review of your work on ticket #%(ticket)d was declared void")
        % {"ticket": review.ticket_id},
        body=_("It no longer counts."),
        url=reverse("qa:reviews"),
        at=at,
    )
