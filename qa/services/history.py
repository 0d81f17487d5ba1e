"""Past reviews written at once: of a demo, or of another tool that is left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from qa.core.scorecard import Scorecard
from qa.core.scoring import Facts, Given, score
from qa.models import Answer, Pin, Review, ReviewEvent, ScorecardVersion
from qa.services.announcing import announce

_BATCH = 500
_STEPS = {
    "started_at": ReviewEvent.Kind.STARTED,
    "submitted_at": ReviewEvent.Kind.SUBMITTED,
    "released_at": ReviewEvent.Kind.RELEASED,
    "acknowledged_at": ReviewEvent.Kind.ACKNOWLEDGED,
}


@dataclass(frozen=True, slots=True)
class HistoricPin:
    """A comment on a passage; ``start`` and ``end`` count characters of the message."""

    message_id: int
    start: int
    end: int
    quote: str
    tone: str
    text: str = ""
    criterion_key: str = ""


@dataclass(slots=True)
class HistoricReview:
    """A review as it stands, with what was answered.

    ``comments`` and ``causes`` (root causes by key) go with the criterion they name.
    Times decide the state: the last one that is set is where the review has come to.
    """

    ticket_id: int
    agent_id: int
    reviewer_id: int
    version: ScorecardVersion
    kind: str
    basis: str
    answers: Mapping[str, Given]
    started_at: datetime
    team_id: int | None = None
    submitted_at: datetime | None = None
    released_at: datetime | None = None
    acknowledged_at: datetime | None = None
    due_at: datetime | None = None
    closed: bool = False
    acknowledgement: str = ""
    strengths: str = ""
    focus: str = ""
    is_exemplary: bool = False
    active_seconds: int = 0
    sample_item_id: int | None = None
    calibration_item_id: int | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, Sequence[int]] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    pins: Sequence[HistoricPin] = ()


@transaction.atomic
def append_reviews(reviews: Sequence[HistoricReview], *, at: datetime) -> list[Review]:
    """Write these reviews, scored, with their steps; answer in the order asked.

    Announced once after commit as changed, not as released: nobody is notified and no
    coaching is planned, for what is past asks for nothing.
    """
    cards = {
        row.version.pk: Scorecard.from_dict(row.version.definition) for row in reviews
    }
    rows = [_review(row, cards[row.version.pk]) for row in reviews]
    Review.objects.bulk_create(rows, batch_size=_BATCH)
    _write_answers(reviews, rows, cards)
    Pin.objects.bulk_create(
        [
            Pin(review=written, created_at=row.started_at, **asdict(pin))
            for row, written in zip(reviews, rows, strict=True)
            for pin in row.pins
        ],
        batch_size=_BATCH,
    )
    ReviewEvent.objects.bulk_create(
        [
            ReviewEvent(review=written, at=when, actor_id=actor, kind=kind)
            for row, written in zip(reviews, rows, strict=True)
            for name, kind in _STEPS.items()
            if (when := getattr(row, name))
            for actor in [
                row.agent_id if name == "acknowledged_at" else row.reviewer_id
            ]
        ],
        batch_size=_BATCH,
    )
    announce([row.pk for row in rows], at=at)
    return rows


def _review(row: HistoricReview, card: Scorecard) -> Review:
    result = score(card, row.answers, row.facts) if row.submitted_at else None
    last = row.acknowledged_at or row.released_at or row.submitted_at or row.started_at
    return Review(
        ticket_id=row.ticket_id,
        agent_id=row.agent_id,
        team_id=row.team_id,
        reviewer_id=row.reviewer_id,
        version=row.version,
        kind=row.kind,
        basis=row.basis,
        state=_state(row),
        raw_score=result.raw if result else None,
        score=result.score if result else None,
        passed=result.passed if result else None,
        is_critical_fail=bool(result and result.failed),
        strengths=row.strengths,
        focus=row.focus,
        is_exemplary=row.is_exemplary,
        started_at=row.started_at,
        changed_at=last,
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        released_at=row.released_at,
        acknowledged_at=row.acknowledged_at,
        acknowledgement=row.acknowledgement,
        dispute_until=row.released_at + timedelta(hours=card.dispute_hours)
        if row.released_at
        else None,
        active_seconds=row.active_seconds,
        sample_item_id=row.sample_item_id,
        calibration_item_id=row.calibration_item_id,
    )


def _state(row: HistoricReview) -> str:
    if row.closed:
        return Review.State.CLOSED
    if row.acknowledged_at:
        return Review.State.ACKNOWLEDGED
    if row.released_at:
        return Review.State.RELEASED
    return Review.State.SUBMITTED if row.submitted_at else Review.State.DRAFT


def _write_answers(
    reviews: Sequence[HistoricReview],
    rows: Sequence[Review],
    cards: Mapping[int, Scorecard],
) -> None:
    answers: list[Answer] = []
    causes: list[Sequence[int]] = []
    for row, written in zip(reviews, rows, strict=True):
        points = score(cards[row.version.pk], row.answers, row.facts).points
        for key, given in row.answers.items():
            share = points.get(key) if row.submitted_at else None
            answers.append(
                Answer(
                    review=written,
                    criterion_key=key,
                    level=given.level,
                    checked=sorted(given.checked),
                    is_na=given.is_na,
                    text=given.text,
                    share=None if share is None else float(share),
                    comment=row.comments.get(key, ""),
                )
            )
            causes.append(row.causes.get(key, ()))
    Answer.objects.bulk_create(answers, batch_size=_BATCH)
    through = Answer.root_causes.through
    through.objects.bulk_create(
        [
            through(answer=answer, rootcause_id=cause)
            for answer, chosen in zip(answers, causes, strict=True)
            for cause in chosen
        ],
        batch_size=_BATCH,
    )
