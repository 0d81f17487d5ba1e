"""Scorecards and reviews for tests, written as rows: services have tests of their own."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from qa.core.scorecard import Criterion, Level, Section
from qa.core.scorecard import Scorecard as Card
from qa.models import (
    Answer,
    Dispute,
    DisputeLine,
    Review,
    SampleItem,
    SamplingDraw,
    SamplingPlan,
    Scorecard,
    ScorecardVersion,
)
from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from workforce.people.models import User


def levels(*points: int) -> tuple[Level, ...]:
    """Return levels keyed by their points: ``p4``, ``p3`` …"""
    return tuple(Level(f"p{each}", f"{each} points", each) for each in points)


CARD = Card(
    sections=(
        Section(
            "work",
            "Work",
            100,
            (
                Criterion(
                    "solution",
                    "Solution",
                    60,
                    levels=levels(4, 3, 2, 1, 0),
                    critical="all",
                    critical_below=1,
                    comment_below=2,
                ),
                Criterion(
                    "tone", "Tone", 40, levels=levels(4, 3, 2, 1, 0), na_allowed=True
                ),
            ),
        ),
    ),
)
"""Two criteria: a critical one of 60 %, and one of 40 % that may not apply."""


def published_card(card: Card = CARD, *, name: str = "") -> ScorecardVersion:
    """Return the published first version of a new scorecard."""
    count = Scorecard.objects.count()
    scorecard = Scorecard.objects.create(
        name=name or f"Scorecard {count}",
        slug=f"scorecard-{count}",
        created_at=MONDAY_9AM,
    )
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=1,
        state=ScorecardVersion.State.PUBLISHED,
        definition=card.to_dict(),
        reason="First version",
        created_at=MONDAY_9AM,
        published_at=MONDAY_9AM,
    )


def reviewer(**values: Any) -> User:
    return UserFactory(role=roles.QA_REVIEWER, **values)


def agent(**values: Any) -> User:
    return UserFactory(role=roles.AGENT, **values)


def write_review(
    *,
    score: float | None = 80,
    at: datetime = MONDAY_9AM + timedelta(days=1),
    state: str = Review.State.RELEASED,
    **values: Any,
) -> Review:
    """Write a review as it stands after ``state`` was reached, without answers."""
    values.setdefault("agent", None)
    worked_by = values.pop("agent") or agent()
    if "ticket" not in values:
        values["ticket"] = open_ticket(assignee=worked_by)
    if "version" not in values:
        values["version"] = published_card()
    if "reviewer" not in values:
        values["reviewer"] = reviewer()
    finished = state not in {"DRAFT", "SKIPPED"}
    released = state in {"RELEASED", "ACKNOWLEDGED", "DISPUTED", "CLOSED"}
    figure = None if score is None or not finished else Decimal(str(score))
    return Review.objects.create(
        agent=worked_by,
        team=worked_by.team,
        kind=values.pop("kind", Review.Kind.ASSIGNED),
        basis=values.pop("basis", Review.Basis.RANDOM),
        state=state,
        score=figure,
        raw_score=figure,
        passed=None if figure is None else figure >= 80,
        started_at=at,
        changed_at=at,
        submitted_at=at if finished else None,
        released_at=at if released else None,
        **values,
    )


def drawn_review(*, probability: float, **values: Any) -> Review:
    """Write a review of a ticket that was drawn at random with ``probability``."""
    review = write_review(**values)
    plan = SamplingPlan.objects.create(
        name=f"Plan {SamplingPlan.objects.count()}", scorecard=review.version.scorecard
    )
    draw = SamplingDraw.objects.create(
        plan=plan,
        starts_on=MONDAY_9AM.date(),
        ends_on=(MONDAY_9AM + timedelta(days=7)).date(),
        seed=1,
        frame_size=10,
        frame_hash="",
        taken_at=MONDAY_9AM,
    )
    review.sample_item = SampleItem.objects.create(
        draw=draw,
        ticket=review.ticket,
        agent=review.agent,
        probability=probability,
        why=SampleItem.Why.RANDOM,
        reviewer=review.reviewer,
        due_at=MONDAY_9AM + timedelta(days=2),
        state=SampleItem.State.DONE,
    )
    review.save(update_fields=["sample_item"])
    return review


def disputed_review(*, by: User, at: datetime = MONDAY_9AM) -> Dispute:
    """Write an open dispute of a review of this person's work, about its tone."""
    review = write_review(agent=by, score=70, state=Review.State.DISPUTED)
    for key, level, share in (("solution", "p4", 1.0), ("tone", "p1", 0.25)):
        Answer.objects.create(
            review=review, criterion_key=key, level=level, share=share
        )
    dispute = Dispute.objects.create(
        review=review,
        kind=Dispute.Kind.SCORE,
        opened_by=by,
        opened_at=at,
        due_at=at + timedelta(days=5),
    )
    DisputeLine.objects.create(
        dispute=dispute, criterion_key="tone", proposed_level="p3", reason="I was kind"
    )
    return dispute
