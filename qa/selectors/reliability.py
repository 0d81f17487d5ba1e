"""Reads on how far scores can be trusted: ratings of a window, figures, certificates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import F, Prefetch, Q, QuerySet
from numpy.typing import NDArray

from qa.core.calibration.matrix import comparable
from qa.core.calibration.statistics import Ratings, verdict
from qa.models import (
    Answer,
    CalibrationSession,
    Certification,
    ReliabilityFigure,
    Review,
    ReviewerSeverity,
    Scorecard,
)
from qa.models.reviews import COUNTED_KINDS, FINISHED_STATES, ReviewQuerySet
from qa.selectors.calibration import scales_of
from qa.selectors.reviews import COMPARED_KINDS
from qa.selectors.scorecards import card_of

WINDOW_DAYS = 90
Key = tuple[int, int]


@dataclass(frozen=True)
class Everyday:
    """Everyday scores of a window as arrays, one element a review."""

    scores: NDArray[np.float64]
    agents: NDArray[np.int64]
    reviewers: NDArray[np.int64]
    days: NDArray[np.int64]


@dataclass(frozen=True)
class OwnReliability:
    """What a reviewer reads about their own scoring with one scorecard."""

    scorecard: Scorecard
    severity: ReviewerSeverity | None
    certification: Certification | None

    @property
    def verdict(self) -> str:
        return verdict_of(self.severity)


def verdict_of(row: ReviewerSeverity | None) -> str:
    return "unknown" if row is None else verdict(row.bias, row.low, row.high)


def first_day(ends_on: date, days: int) -> date:
    return ends_on - timedelta(days=days)


def first_hands(scorecard_id: int, starts_on: date, ends_on: date) -> ReviewQuerySet:
    """Judgements submitted in ``[starts_on, ends_on)``, UTC days, as first given.

    A review that a dispute has changed counts as its reviewer wrote it; the arbiter's,
    which supersedes it, knew the first and is no judgement of its own.
    """
    return Review.objects.filter(
        version__scorecard_id=scorecard_id,
        submitted_at__gte=_midnight(starts_on),
        submitted_at__lt=_midnight(ends_on),
        supersedes__isnull=True,
        score__isnull=False,
    )


def everyday(scorecard_id: int, starts_on: date, ends_on: date) -> Everyday:
    """Return the scores that severity is estimated from.

    Tickets drawn at random, second and gold reviews. Not those flagged by a rule or
    chosen by hand, whose scores are low for another reason; and not calibrations, in
    which people score as they are watched.
    """
    rows = np.array(
        [
            (float(score or 0), agent, reviewer, at.toordinal() if at else 0)
            for score, agent, reviewer, at in first_hands(
                scorecard_id, starts_on, ends_on
            )
            .rated()
            .filter(
                Q(kind__in=COUNTED_KINDS, basis=Review.Basis.RANDOM)
                | Q(kind__in=COMPARED_KINDS)
            )
            .order_by("submitted_at", "pk")
            .values_list("score", "agent_id", "reviewer_id", "submitted_at")
        ],
        dtype=np.float64,
    ).reshape(-1, 4)
    agents, reviewers, days = rows[:, 1:].T.astype(np.int64)
    return Everyday(rows[:, 0], agents, reviewers, days)


def paired_ratings(
    scorecard_id: int,
    starts_on: date,
    ends_on: date,
    *,
    readable: ReviewQuerySet | None = None,
) -> Ratings:
    """Return the tickets that two reviewers or more have judged in a window.

    What is shown to a person passes their ``readable`` reviews; stored figures, which
    name no ticket, are of all.

    Everyday, second and gold reviews, and the sheets of closed calibrations: blind to
    each other, all of them. Of several by one reviewer of one ticket the first counts.
    Criteria are those of the newest version that was used.
    """
    reviews = _paired(scorecard_id, starts_on, ends_on, readable)
    reviewers = sorted({review.reviewer_id for review in reviews})
    units = sorted({_unit(review) for review in reviews})
    row = {pk: place for place, pk in enumerate(reviewers)}
    column = {unit: place for place, unit in enumerate(units)}
    shape = (len(reviewers), len(units))
    totals, failed = np.full(shape, np.nan), np.full(shape, np.nan)
    criteria = {key: np.full(shape, np.nan) for key in _criteria_of(reviews)}
    for review in reviews:
        at = row[review.reviewer_id], column[_unit(review)]
        if not np.isnan(totals[at]):
            continue
        totals[at] = float(review.score or 0)
        failed[at] = float(review.is_critical_fail)
        for key, points in _points(review):
            if key in criteria:
                criteria[key][at] = points
    return Ratings(
        reviewers=tuple(reviewers),
        tickets=tuple(ticket for ticket, _agent in units),
        totals=totals,
        failed=failed,
        criteria=criteria,
        scales=_scales_of(reviews),
    )


def disputed_tickets(
    scorecard_id: int, criterion_key: str, starts_on: date, ends_on: date
) -> list[int]:
    """Return the tickets on which reviewers gave a criterion different levels."""
    found = paired_ratings(scorecard_id, starts_on, ends_on)
    points = found.criteria.get(criterion_key)
    if points is None:
        return []
    return sorted(
        {
            ticket
            for ticket, column in zip(found.tickets, points.T, strict=True)
            if np.unique(column[~np.isnan(column)]).size > 1
        }
    )


def newest_figures(scorecard_id: int) -> list[ReliabilityFigure]:
    """Return the figures of the newest window: the total first, then each criterion."""
    newest = (
        ReliabilityFigure.objects.filter(scorecard_id=scorecard_id)
        .order_by("-ends_on", "-pk")
        .first()
    )
    if newest is None:
        return []
    rows = ReliabilityFigure.objects.filter(
        scorecard_id=scorecard_id, starts_on=newest.starts_on, ends_on=newest.ends_on
    )
    return list(rows.order_by("pk"))


def newest_severities(scorecard_id: int) -> QuerySet[ReviewerSeverity]:
    """Return each reviewer's row of the newest window, the harshest first."""
    rows = ReviewerSeverity.objects.filter(scorecard_id=scorecard_id)
    newest = rows.order_by("-ends_on").values("ends_on")[:1]
    return (
        rows.filter(ends_on__in=newest)
        .select_related("reviewer")
        .order_by("component", "bias", "pk")
    )


def certified(scorecard_id: int, at: datetime | None = None) -> set[int]:
    """Return who holds a valid certificate for a scorecard.

    With ``at`` one whose date has passed counts no more, also before the nightly task
    has ended it.
    """
    rows = Certification.objects.filter(
        scorecard_id=scorecard_id, state=Certification.State.CERTIFIED
    )
    if at is not None:
        rows = rows.filter(valid_until__gt=at)
    return set(rows.values_list("reviewer_id", flat=True))


def own_reliability(user: Any) -> list[OwnReliability]:
    """Return what is known of a person's own scoring, one row a scorecard."""
    severities: dict[int, ReviewerSeverity] = {}
    rows = ReviewerSeverity.objects.filter(reviewer=user).order_by("ends_on", "pk")
    for row in rows.select_related("scorecard"):
        severities[row.scorecard_id] = row
    certificates = {
        row.scorecard_id: row
        for row in Certification.objects.filter(reviewer=user)
        .select_related("scorecard")
        .order_by("granted_at", "pk")
    }
    cards = {pk: row.scorecard for pk, row in severities.items()}
    cards |= {pk: row.scorecard for pk, row in certificates.items()}
    return [
        OwnReliability(card, severities.get(pk), certificates.get(pk))
        for pk, card in sorted(cards.items(), key=lambda pair: pair[1].name)
    ]


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """A reviewer's first total of a gold ticket beside the known one."""

    ticket: int
    own: float
    known: float
    at: datetime


def gold_answers(
    scorecard_id: int,
    *,
    reviewer_id: int | None = None,
    readable: ReviewQuerySet | None = None,
) -> dict[int, list[GoldAnswer]]:
    """Return each reviewer's gold reviews, oldest first, in one query.

    The first review of each ticket: a second look at a known answer is no exam.
    """
    reviews = Review.objects.all() if readable is None else readable
    reviews = reviews.filter(
        version__scorecard_id=scorecard_id,
        kind=Review.Kind.GOLD,
        state__in=FINISHED_STATES,
        score__isnull=False,
        version__gold_tickets__ticket_id=F("ticket_id"),
    )
    if reviewer_id is not None:
        reviews = reviews.filter(reviewer_id=reviewer_id)
    rows = reviews.order_by("submitted_at", "pk").values_list(
        "reviewer_id",
        "ticket_id",
        "score",
        "version__gold_tickets__score",
        "submitted_at",
    )
    found: dict[int, dict[int, GoldAnswer]] = {}
    for reviewer, ticket, own, known, at in rows:
        if own is None or at is None:
            continue
        answer = GoldAnswer(ticket, float(own), float(known), at)
        found.setdefault(reviewer, {}).setdefault(ticket, answer)
    return {pk: list(answers.values()) for pk, answers in found.items()}


def ends_of_certificates(scorecard_id: int) -> dict[int, datetime]:
    """Return when each reviewer's last certificate ended, where one has."""
    rows = Certification.objects.filter(
        scorecard_id=scorecard_id, ended_at__isnull=False
    )
    ended = rows.order_by("ended_at").values_list("reviewer_id", "ended_at")
    return {reviewer: at for reviewer, at in ended if at is not None}


def peer_pairs(
    scorecard_id: int,
    reviewer_id: int,
    starts_on: date,
    ends_on: date,
    *,
    readable: ReviewQuerySet,
) -> list[tuple[int, float, float]]:
    """Return (ticket, own score, mean of the others) where others scored it too."""
    found = paired_ratings(scorecard_id, starts_on, ends_on, readable=readable)
    if reviewer_id not in found.reviewers:
        return []
    place = found.reviewers.index(reviewer_id)
    pairs = []
    for ticket, column in zip(found.tickets, found.totals.T, strict=True):
        others = np.delete(column, place)
        others = others[~np.isnan(others)]
        if others.size and not np.isnan(column[place]):
            pairs.append((ticket, float(column[place]), float(others.mean())))
    return pairs


def _paired(
    scorecard_id: int,
    starts_on: date,
    ends_on: date,
    readable: ReviewQuerySet | None,
) -> Sequence[Review]:
    closed = Q(
        kind=Review.Kind.CALIBRATION,
        calibration_item__session__state=CalibrationSession.State.CLOSED,
    )
    rows = first_hands(scorecard_id, starts_on, ends_on).filter(
        Q(kind__in=[*COUNTED_KINDS, *COMPARED_KINDS]) | closed,
        state__in=FINISHED_STATES,
    )
    if readable is not None:
        rows = rows.filter(pk__in=readable.values("pk"))
    judges: dict[Key, set[int]] = {}
    for ticket, agent, reviewer in rows.values_list(
        "ticket_id", "agent_id", "reviewer_id"
    ):
        judges.setdefault((ticket, agent), set()).add(reviewer)
    paired = {unit for unit, people in judges.items() if len(people) > 1}
    tickets = {ticket for ticket, _agent in paired}
    reviews = (
        rows.filter(ticket_id__in=tickets)
        .select_related("version")
        .prefetch_related(Prefetch("answers", queryset=Answer.objects.order_by("pk")))
        .order_by("submitted_at", "pk")
    )
    return [review for review in reviews if _unit(review) in paired]


def _unit(review: Review) -> Key:
    return review.ticket_id, review.agent_id


def _criteria_of(reviews: Sequence[Review]) -> list[str]:
    if not reviews:
        return []
    newest = max((review.version for review in reviews), key=lambda row: row.number)
    return [each.key for each in comparable(card_of(newest))]


def _scales_of(reviews: Sequence[Review]) -> dict[str, tuple[float, ...]]:
    """Every value of each criterion in the versions that were used."""
    found: dict[str, set[float]] = {}
    for version in {review.version for review in reviews}:
        for key, scale in scales_of(card_of(version)).items():
            found.setdefault(key, set()).update(scale)
    return {key: tuple(sorted(scale)) for key, scale in found.items()}


def _points(review: Review) -> Iterable[tuple[str, float]]:
    """Points of each answered criterion, by the version that the review pins."""
    criteria = {each.key: each for each in comparable(card_of(review.version))}
    for answer in review.answers.all():
        criterion = criteria.get(answer.criterion_key)
        if criterion is None or answer.is_na:
            continue
        if answer.level:
            yield criterion.key, float(criterion.level(answer.level).points)
        elif criterion.checks:
            yield criterion.key, float(len(answer.checked))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
