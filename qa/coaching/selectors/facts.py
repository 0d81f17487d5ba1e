"""What a talk is prepared from: an agent's figures and what reviewers have written."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from qa.coaching.core import focus as core
from qa.coaching.models import CoachingPoint, Playbook
from qa.core.student import mean_interval
from qa.models import Answer, Pin, Review, RootCause
from qa.models.reviews import ReviewQuerySet
from qa.selectors.reviews import reviews_visible_to
from qa.selectors.scorecards import card_of
from qa.selectors.scores import Mean, scoreboard, window
from supportops.metrics import catalogue
from supportops.metrics.core.periods import Period
from supportops.metrics.scopes import Scope
from tickets.models import Ticket
from workforce.people.models import User

SLA_METRICS = ("response_sla", "resolution_sla", "resolution_time_median")
LISTED_REVIEWS = 20
SUGGESTED = 3
QUOTED = 240


def reviews_of(agent: User, start: date, end: date) -> ReviewQuerySet:
    """Reviews that count for an agent, released on UTC days ``[start, end)``."""
    first, last = window(start, end)
    return Review.objects.counted().filter(
        agent=agent, released_at__gte=first, released_at__lt=last
    )


def figures_of(agent: User, *, start: date, end: date, at: datetime) -> dict[str, Any]:
    """Return what is stored with a talk: plain values that JSON keeps.

    ``score`` is the mean of reviews drawn at random with n and interval, ``before`` the
    same of the period before, ``targeted`` of tickets chosen for a reason; ``sla`` holds
    figures of the catalogue; ``csat`` is None when nobody has answered.
    """
    period = Period(start, end)
    now = _means(agent, period)
    before = _means(agent, period.previous())
    return {
        "at": at.isoformat(),
        "score": now["random"],
        "targeted": now["targeted"],
        "before": before["random"],
        "criteria": [
            {"key": each.key, "title": each.title, "value": each.mean, "n": each.n}
            for each in criterion_means(reviews_of(agent, start, end))
        ],
        "csat": _satisfaction(agent, start, end),
        "sla": _catalogue_figures(agent, period, at),
        "reviews": _listed(agent, start, end),
    }


def _means(agent: User, period: Period) -> dict[str, dict[str, Any]]:
    board = scoreboard(start=period.start, end=period.end, agent_ids=[agent.pk])
    row = board.agent(agent.pk)
    nothing = Mean(None, None, None, 0)
    return {
        "random": plain_mean(row.random if row else nothing),
        "targeted": plain_mean(row.targeted if row else nothing),
    }


def plain_mean(mean: Mean) -> dict[str, Any]:
    """A mean as JSON; its interval ends where the scale does."""
    if mean.low is None or mean.high is None:
        return {"value": mean.value, "low": None, "high": None, "n": mean.n}
    low, high = max(0.0, mean.low), min(100.0, mean.high)
    return {"value": mean.value, "low": low, "high": high, "n": mean.n}


def _satisfaction(agent: User, start: date, end: date) -> dict[str, Any] | None:
    """Mean of the stars that customers gave for tickets resolved in the period."""
    first, last = window(start, end)
    given = Ticket.objects.filter(
        assignee=agent, resolved_at__gte=first, resolved_at__lt=last
    ).values_list(f"custom__{settings.SATISFACTION_FIELD}", flat=True)
    stars = [float(each) for each in given if isinstance(each, int | float)]
    if not stars:
        return None
    found = mean_interval(stars)
    low, high = (found.low, found.high) if found.is_known else (None, None)
    return {"value": found.mean, "low": low, "high": high, "n": found.n}


def _catalogue_figures(
    agent: User, period: Period, at: datetime
) -> list[dict[str, Any]]:
    scope = Scope(
        start=period.start,
        end=period.end,
        filters={"agent": frozenset({agent.pk})},
        at=at,
    )
    figures = []
    for code in SLA_METRICS:
        figure = catalogue.get(code).compute(scope)
        figures.append(
            {
                "code": code,
                "value": figure.value,
                "low": figure.low,
                "high": figure.high,
                "n": figure.n,
            }
        )
    return figures


def _listed(agent: User, start: date, end: date) -> list[dict[str, Any]]:
    rows = reviews_of(agent, start, end).order_by("-released_at", "-pk")
    return [
        {"id": pk, "ticket": ticket, "score": float(score), "basis": basis}
        for pk, ticket, score, basis in rows.values_list(
            "pk", "ticket_id", "score", "basis"
        )[:LISTED_REVIEWS]
        if score is not None
    ]


def criterion_means(reviews: ReviewQuerySet) -> list[core.CriterionMean]:
    """Mean of each criterion over all counted reviews, in points of 100.

    Tickets chosen for a reason are among them: this chooses what to talk about and is
    no measurement.
    """
    shares: dict[str, list[float]] = defaultdict(list)
    answers = Answer.objects.filter(
        review__in=reviews, share__isnull=False
    ).values_list("criterion_key", "share")
    for key, share in answers:
        shares[key].append(100 * (share or 0.0))
    titles = _titles(reviews)
    return [
        core.CriterionMean(key, titles.get(key, key), sum(row) / len(row), len(row))
        for key, row in sorted(shares.items())
    ]


def _titles(reviews: ReviewQuerySet) -> dict[str, str]:
    rows = reviews.select_related("version").order_by("pk")
    versions = {review.version_id: review.version for review in rows}
    return {
        criterion.key: criterion.title
        for version in versions.values()
        for criterion in card_of(version).criteria()
    }


@dataclass(frozen=True)
class Suggestion:
    """Something a reviewer has seen, offered as a point of the talk."""

    kind: str
    text: str
    review_id: int | None = None
    criterion_key: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a talk could be about: strengths first, then what to look at, one focus."""

    strengths: list[Suggestion]
    opportunities: list[Suggestion]
    weakest: core.CriterionMean | None
    root_cause_kind: str
    playbook: Playbook | None

    @property
    def root_cause_label(self) -> str:
        kind = self.root_cause_kind
        return str(RootCause.Kind(kind).label).lower() if kind else ""


def proposal_for(agent: User, *, start: date, end: date, reader: User) -> Proposal:
    """Propose strengths, review points and one focus from reviews the reader may read."""
    reviews = reviews_visible_to(reader).filter(
        pk__in=reviews_of(agent, start, end).values("pk")
    )
    means = criterion_means(reviews)
    weak = core.weakest(means)
    cause = commonest_root_cause(reviews)
    return Proposal(
        strengths=_different(_strengths(reviews, means))[:SUGGESTED],
        opportunities=_different(_opportunities(reviews))[:SUGGESTED],
        weakest=weak,
        root_cause_kind=cause,
        playbook=fitting_playbook(weak.key if weak else "", cause),
    )


def _different(found: list[Suggestion]) -> list[Suggestion]:
    """Drop what says the same once more."""
    first: dict[str, Suggestion] = {}
    for each in found:
        first.setdefault(each.text, each)
    return list(first.values())


def commonest_root_cause(reviews: ReviewQuerySet) -> str:
    kinds = Answer.objects.filter(
        review__in=reviews, root_causes__isnull=False
    ).values_list("root_causes__kind", flat=True)
    return core.commonest(kind for kind in kinds if kind)


def fitting_playbook(criterion_key: str, root_cause_kind: str) -> Playbook | None:
    books = {book.pk: book for book in Playbook.objects.order_by("position", "pk")}
    plays = [
        core.Play(book.pk, book.criterion_key, book.root_cause_kind)
        for book in books.values()
    ]
    chosen = core.fitting(
        plays, criterion_key=criterion_key, root_cause_kind=root_cause_kind
    )
    return books[chosen.id] if chosen else None


def _strengths(
    reviews: ReviewQuerySet, means: list[core.CriterionMean]
) -> list[Suggestion]:
    """Praise with a passage first, then reviewers' words, then the best criteria."""
    kind = CoachingPoint.Kind.STRENGTH
    found = [
        Suggestion(kind, _passage(pin), pin.review_id, pin.criterion_key)
        for pin in _pins(reviews, Pin.Tone.PRAISE)
    ]
    said = reviews.exclude(strengths="")
    found += [
        Suggestion(kind, review.strengths[:QUOTED], review.pk)
        for review in said.order_by("-score", "-pk")[:LISTED_REVIEWS]
    ]
    for best in core.strongest(means):
        example = _best_example(reviews, best.key)
        text = f"{best.title}: {best.mean:.0f}/100 (n = {best.n})"
        found.append(Suggestion(kind, text, example, best.key))
    return found


def _opportunities(reviews: ReviewQuerySet) -> list[Suggestion]:
    """Passages to improve first, then what reviewers named as the one focus."""
    kind = CoachingPoint.Kind.OPPORTUNITY
    found = [
        Suggestion(kind, _passage(pin), pin.review_id, pin.criterion_key)
        for pin in _pins(reviews, Pin.Tone.ISSUE)
    ]
    said = reviews.exclude(focus="").order_by("score", "-pk")
    return found + [
        Suggestion(kind, review.focus[:QUOTED], review.pk)
        for review in said[:LISTED_REVIEWS]
    ]


def _pins(reviews: ReviewQuerySet, tone: str) -> QuerySet[Pin]:
    return Pin.objects.filter(review__in=reviews, tone=tone).order_by(
        "-created_at", "-pk"
    )[:SUGGESTED]


def _passage(pin: Pin) -> str:
    quote = f"“{pin.quote[:QUOTED]}”"
    return f"{pin.text} {quote}" if pin.text else quote


def _best_example(reviews: ReviewQuerySet, key: str) -> int | None:
    answer = (
        Answer.objects.filter(
            review__in=reviews,
            criterion_key=key,
            share__isnull=False,
        )
        .order_by("-share", "-review_id")
        .first()
    )
    return answer.review_id if answer else None
