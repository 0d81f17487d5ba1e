"""Disputes as people may see them, what can be disputed, what a decision would score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from qa.core.disputes import Decided, choices_of, level_of
from qa.core.scorecard import CHECKLIST, TEXT, Criterion
from qa.core.scoring import Given, Score, score
from qa.models import Dispute, Review
from qa.models.reviews import COUNTED_KINDS
from qa.selectors.answers import answers_of
from qa.selectors.reviews import reviews_visible_to
from qa.selectors.scorecards import card_of, facts_of
from tickets.models import Message
from workforce.people.models import User

DECIDE = "qa.decide_dispute"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def disputes_visible_to(user: User) -> QuerySet[Dispute]:
    """Disputes of the reviews that this person may read: never more than those."""
    visible = reviews_visible_to(user)
    return Dispute.objects.filter(review__in=visible.values("pk"))


def disputes_to_decide(user: User) -> QuerySet[Dispute]:
    """Open disputes that this person may decide: of neither their own work nor review."""
    if not user.has_perm(DECIDE):
        return Dispute.objects.none()
    return (
        disputes_visible_to(user)
        .filter(state=Dispute.State.OPEN)
        .exclude(review__reviewer=user)
        .exclude(review__agent=user)
    )


def deciders_of(dispute: Dispute) -> list[User]:
    """Everybody who may decide this dispute now.

    Who is still to score the ticket blind is not among them, and is told nothing.
    """
    holders = User.objects.with_perm(DECIDE, backend=MODEL_BACKEND).filter(
        is_active=True
    )
    parties = (dispute.review.reviewer_id, dispute.review.agent_id)
    return [
        person
        for person in holders.exclude(pk__in=parties).distinct().order_by("pk")
        if reviews_visible_to(person).filter(pk=dispute.review_id).exists()
    ]


# What can be disputed -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disputable:
    """An answered criterion: what was given, and what may be said instead."""

    criterion: Criterion
    given: Given

    @property
    def level(self) -> str:
        return level_of(self.given)

    @property
    def choices(self) -> tuple[str, ...]:
        return choices_of(self.criterion)

    @property
    def could_be_more(self) -> bool:
        """Whether another answer would gain more points."""
        if self.given.is_na:
            return True
        if self.criterion.kind == CHECKLIST:
            return len(self.given.checked) < len(self.criterion.checks)
        points = {level.key: level.points for level in self.criterion.levels}
        return points.get(self.level, 0) < self.criterion.max_points


def disputable(review: Review) -> dict[str, Disputable]:
    """The answered criteria of a review, in the scorecard's order; texts are no scores."""
    answers = answers_of(review)
    return {
        criterion.key: Disputable(criterion, answers[criterion.key])
        for criterion in card_of(review.version).criteria()
        if criterion.key in answers and criterion.kind != TEXT
    }


def worth_disputing(review: Review) -> dict[str, Disputable]:
    """What an agent is offered to dispute: nothing that has all its points."""
    return {key: each for key, each in disputable(review).items() if each.could_be_more}


def may_dispute(review: Review, user: User, at: datetime) -> bool:
    """Whether this person may dispute the review at this moment."""
    return (
        review.agent_id == user.pk
        and review.kind in COUNTED_KINDS
        and review.is_current
        and review.state in (Review.State.RELEASED, Review.State.ACKNOWLEDGED)
        and review.dispute_until is not None
        and at < review.dispute_until
    )


def score_after(review: Review, decided: Mapping[str, Decided]) -> Score:
    """What the review would score with these decisions; nothing is written."""
    answers = answers_of(review)
    answers.update({key: each.given for key, each in decided.items()})
    return score(card_of(review.version), answers, facts_of(review.ticket))


# Lists and pages --------------------------------------------------------------------------


def dispute_for(user: User, pk: int) -> Dispute:
    """The dispute with what its page shows. Raises ``Dispute.DoesNotExist``."""
    return (
        disputes_visible_to(user)
        .select_related("opened_by", "arbiter")
        .prefetch_related("lines")
        .get(pk=pk)
    )


def queue(user: User, state: str) -> QuerySet[Dispute]:
    """Disputes of a state for the queue: open ones by what is due, others newest first.

    Who may not decide a dispute, being reviewer or agent, does not find it among the
    open ones.
    """
    related = ("review__agent", "review__reviewer", "review__ticket", "arbiter")
    if state == Dispute.State.OPEN:
        found = disputes_to_decide(user).order_by("due_at", "pk")
    else:
        found = disputes_visible_to(user).exclude(state=Dispute.State.OPEN)
        if state:
            found = found.filter(state=state)
        found = found.order_by(F("decided_at").desc(nulls_last=True), "-pk")
    return found.select_related(*related).prefetch_related("lines")


def people_of(dispute: Dispute, arbiter: User) -> QuerySet[User]:
    """Whom a review may be handed to, those who worked on the ticket first."""
    review = dispute.review
    concerned = [review.agent_id, review.reviewer_id, arbiter.pk]
    wrote = Exists(
        Message.objects.filter(ticket=review.ticket_id, author=OuterRef("pk"))
    )
    return (
        User.objects.filter(is_active=True, is_automation=False, is_staff=True)
        .exclude(pk__in=concerned)
        .annotate(has_written=wrote)
        .order_by("-has_written", "first_name", "last_name", "pk")
    )
