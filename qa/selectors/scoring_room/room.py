"""Everything the scoring room shows, in a number of queries that does not grow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from qa.core.gaps import Gap, gaps
from qa.core.scorecard import Scorecard as Card
from qa.core.scoring import Facts, Score, score, shown_criteria
from qa.models import Answer, Pin, Review, RootCause, SampleItem
from qa.selectors import scorecards
from qa.selectors.answers import given_answers
from qa.selectors.case_law import CaseLaw, case_law
from qa.selectors.scoring_room.conversation import entries_on_show, last_seq_of
from qa.selectors.scoring_room.times import promises_of, resolution_times
from sla.models import SlaClock
from tickets.core.touches import Touches, touches
from tickets.selectors import Entry, status_names
from workforce.people.models import User


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a draft stands: what is asked, what it comes to, what is missing."""

    shown: tuple[str, ...]
    score: Score
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """One draft with all that is needed to write it.

    ``place`` is this review's number among ``places`` of the same draw or calibration;
    None for one that stands alone. ``usual_seconds`` is the median of ``usual_n``
    tickets of the category. ``hides_agent``: no name of the agent may be shown.
    """

    review: Review
    card: Card
    entries: Sequence[Entry]
    statuses: dict[str, str]
    answers: Sequence[Answer]
    pins: Sequence[Pin]
    causes: Sequence[RootCause]
    cases: dict[str, list[CaseLaw]]
    promises: dict[str, SlaClock]
    touches: Touches
    standing: Standing
    facts: dict[str, set[str]] = field(default_factory=dict)
    resolved_seconds: float | None = None
    usual_seconds: float | None = None
    usual_n: int = 0
    place: int | None = None
    places: int | None = None

    @property
    def hides_agent(self) -> bool:
        item = self.review.calibration_item
        return bool(item and item.session.hide_agent)


def own_draft(reviewer: User, review_id: int) -> Review:
    """Return the reviewer's own review in any state, or raise ``Http404``.

    Somebody else's is not there at all, whoever asks.
    """
    reviews = Review.objects.select_related(
        "version__scorecard",
        "agent",
        "sample_item",
        "calibration_item__session",
        "ticket__category",
        "ticket__channel",
        "ticket__organisation__tier",
        "ticket__requester",
        "ticket__status",
    )
    return get_object_or_404(reviews, pk=review_id, reviewer=reviewer)


def room(review: Review) -> Room:
    """Return what the page of this draft shows. Read it with ``own_draft``."""
    ticket, card = review.ticket, scorecards.card_of(review.version)
    entries = entries_on_show(ticket, last_seq_of(review))
    answers = list(review.answers.prefetch_related("root_causes"))
    causes = list(RootCause.objects.filter(is_active=True).order_by("kind", "name"))
    facts = scorecards.facts_of(ticket)
    promises = promises_of(ticket)
    taken, usual, n = resolution_times(ticket, promises)
    place, places = place_of(review)
    return Room(
        review=review,
        card=card,
        entries=entries,
        statuses=status_names(),
        answers=answers,
        pins=list(review.pins.order_by("message__at", "start", "pk")),
        causes=causes,
        cases=case_law(review.version.scorecard_id, except_ticket=review.ticket_id),
        promises=promises,
        touches=_touches(review, entries),
        standing=_standing(card, answers, facts, causes),
        facts=facts,
        resolved_seconds=taken,
        usual_seconds=usual,
        usual_n=n,
        place=place,
        places=places,
    )


def answers_now(review: Review) -> tuple[list[Answer], list[Pin]]:
    """Return what a page compares its own unsaved changes with. Three queries."""
    answers = list(review.answers.prefetch_related("root_causes"))
    return answers, list(review.pins.order_by("message__at", "start", "pk"))


def standing(review: Review, answers: Sequence[Answer]) -> Standing:
    """Return where a draft stands after a save."""
    return _standing(
        scorecards.card_of(review.version),
        answers,
        scorecards.facts_of(review.ticket),
        RootCause.objects.filter(is_active=True),
    )


def _standing(
    card: Card,
    answers: Sequence[Answer],
    facts: Facts,
    causes: Iterable[RootCause],
) -> Standing:
    given = given_answers(answers)
    shown = shown_criteria(card, given, facts)
    missing = gaps(
        shown,
        given,
        commented={each.criterion_key for each in answers if each.comment.strip()},
        caused={each.criterion_key for each in answers if each.root_causes.all()},
        offered={cause.criterion_key for cause in causes},
    )
    return Standing(
        shown=tuple(criterion.key for criterion in shown),
        score=score(card, given, facts),
        gaps=missing,
    )


def place_of(review: Review) -> tuple[int | None, int | None]:
    """Return "item 3 of 12" of the reviewer's part of a draw, or of a calibration."""
    if review.calibration_item:
        items = review.calibration_item.session.items.exclude(agent=review.reviewer_id)
        counted = items.aggregate(
            total=Count("pk"),
            before=Count("pk", filter=Q(position__lt=review.calibration_item.position)),
        )
    elif review.sample_item:
        counted = SampleItem.objects.filter(
            draw=review.sample_item.draw_id,
            reviewer=review.reviewer_id,
            state__in=[SampleItem.State.OPEN, SampleItem.State.DONE],
        ).aggregate(
            total=Count("pk"),
            before=Count(
                "pk",
                filter=Q(state=SampleItem.State.DONE) & ~Q(pk=review.sample_item_id),
            ),
        )
    else:
        return None, None
    return counted["before"] + 1, counted["total"]


def _touches(review: Review, entries: Sequence[Entry]) -> Touches:
    counted = touches(
        (
            review.ticket_id,
            entry.event.kind,
            entry.event.direction,
            entry.event.to_value,
            bool(entry.event.actor and entry.event.actor.is_automation),
        )
        for entry in entries
    )
    return counted.get(review.ticket_id, Touches())
