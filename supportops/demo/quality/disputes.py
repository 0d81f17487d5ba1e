"""A handful of disputes: most settled, one waiting for a decision."""

from datetime import datetime, timedelta

from qa.models import Dispute, DisputeLine, Review
from qa.models.reviews import RELEASED_STATES
from qa.selectors.scorecards import card_of
from qa.services import disputes
from supportops.demo.core import remarks
from supportops.demo.people import Cast

OPEN_WITHIN = timedelta(hours=60)
EVERY = 70
"""One in so many reviews that did not pass was disputed."""
Outcome = DisputeLine.Outcome


def write(*, cast: Cast, until: datetime) -> int:
    """Write the disputes of the story; return how many."""
    low = (
        Review.objects.counted()
        .filter(passed=False)
        .select_related("agent", "version")
        .order_by("released_at", "pk")
    )
    past = low.filter(released_at__lt=until - timedelta(days=20))
    chosen = list(past)[:: max(1, EVERY // 10)][:8]
    for place, review in enumerate(chosen):
        _settle(review, cast, wins=place % 3 == 0)
    waiting = low.filter(
        released_at__gt=until - OPEN_WITHIN, state__in=RELEASED_STATES
    ).last()
    if waiting is not None:
        _open(waiting, min(until, _released_at(waiting) + timedelta(hours=3)))
    return len(chosen) + (waiting is not None)


def _released_at(review: Review) -> datetime:
    if review.released_at is None:
        raise ValueError(f"review {review.pk} was never released")
    return review.released_at


def _open(review: Review, at: datetime) -> Dispute | None:
    worst = review.answers.filter(share__isnull=False).order_by("share", "pk").first()
    if worst is None:
        return None
    return disputes.open_dispute(
        review_id=review.pk,
        agent=review.agent,
        kind=Dispute.Kind.SCORE,
        reason=remarks.DISPUTE,
        lines=[
            {
                "criterion": worst.criterion_key,
                "proposed_level": _next_level(review, worst.criterion_key, worst.level),
                "reason": remarks.DISPUTE,
            }
        ],
        at=at,
    )


def _settle(review: Review, cast: Cast, *, wins: bool) -> None:
    opened_at = _released_at(review) + timedelta(hours=30)
    # As it was then: time has closed the review since.
    Review.objects.filter(pk=review.pk).update(state=Review.State.RELEASED)
    dispute = _open(review, opened_at)
    if dispute is None:
        return
    names = ("david.brandt", "priya.raman", "nora.keller")
    arbiter = next(
        cast.users[name] for name in names if cast.users[name].pk != review.reviewer_id
    )
    outcome = Outcome.PROPOSED if wins else Outcome.KEEP
    disputes.decide_dispute(
        dispute_id=dispute.pk,
        arbiter=arbiter,
        decision=remarks.CHANGED if wins else remarks.UPHELD,
        lines=[
            {"criterion": line.criterion_key, "outcome": outcome}
            for line in dispute.lines.all()
        ],
        at=opened_at + timedelta(days=2),
    )


def _next_level(review: Review, criterion: str, level: str) -> str:
    """Return the level above, or the best one's key when there is none above."""
    keys = [each.key for each in card_of(review.version).criterion(criterion).levels]
    return keys[max(0, keys.index(level) - 1)]
