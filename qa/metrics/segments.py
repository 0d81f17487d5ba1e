"""The day segment of reviews: the counted ones, on the UTC day of their release."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from qa.models import Review, Scorecard
from qa.models.reviews import ReviewQuerySet
from qa.selectors.sight import sight_of
from supportops.metrics.registry import (
    Dimension,
    register_dimension,
    register_segment,
)
from supportops.metrics.services import mark_dirty
from tickets.custom_fields import satisfaction
from tickets.metrics.dimensions import names_of
from tickets.metrics.segments import (
    DIMENSIONS,
    PRIORITY_NUMBERS,
    batches,
    columns,
    day_bounds,
    moments_in,
    utc_day,
)

REVIEWS = "reviews"
HUNDREDTHS = 100
"""Scores are stored in hundredths of a point: whole numbers pack small."""

_COLUMNS = (
    "review",
    "ticket",
    "agent",
    "reviewer",
    "team",
    "tier",
    "category",
    "channel",
    "organisation",
    "scorecard",
    "priority",
    "score",
    "random",
    "failed",
    "released_at",
    "age",
    "satisfaction",
)


def build(day: date) -> dict[str, NDArray[np.generic]]:
    """Read the reviews released within ``day`` that count for their agent."""
    start, end = day_bounds(day)
    reviews = (
        Review.objects.counted()
        .filter(released_at__gte=start, released_at__lt=end)
        .order_by("pk")
        .values_list(
            "pk",
            "ticket_id",
            "agent_id",
            "reviewer_id",
            "team_id",
            "ticket__organisation__tier_id",
            "ticket__category_id",
            "ticket__channel_id",
            "ticket__organisation_id",
            "version__scorecard_id",
            "ticket__priority",
            "score",
            "basis",
            "is_critical_fail",
            "released_at",
            "started_at",
            "ticket__resolved_at",
            "ticket__custom",
        )
    )
    return columns((_row(review) for review in reviews), _COLUMNS)


def _row(review: tuple[Any, ...]) -> tuple[Any, ...]:
    priority, score, basis, failed, released, started, resolved, custom = review[10:]
    return (
        *review[:10],
        PRIORITY_NUMBERS[priority],
        round(HUNDREDTHS * score),
        basis == Review.Basis.RANDOM,
        failed,
        int(released.timestamp()),
        _age(started, resolved),
        satisfaction(custom),
    )


def _age(started: datetime, resolved: datetime | None) -> int:
    """Whole hours from resolution to review, plus one; 0 where nothing was resolved."""
    if resolved is None:
        return 0
    return 1 + max(0, int((started - resolved).total_seconds() // 3600))


def days(start: date | None, end: date | None) -> Iterable[date]:
    """UTC days on which any review was released that counts."""
    reviews = Review.objects.counted().filter(**moments_in("released_at", start, end))
    return reviews.values_list(
        TruncDate("released_at", tzinfo=UTC), flat=True
    ).distinct()


def mark_reviews(review_ids: Sequence[int]) -> None:
    """Mark the days that these reviews count for, or counted for until now."""
    marked: set[date] = set()
    for some in batches(review_ids):
        released = Review.objects.filter(pk__in=some, released_at__isnull=False)
        marked |= _days_of(released)
    mark_dirty(REVIEWS, marked)


def mark_reviewed_tickets(ticket_ids: Sequence[int]) -> None:
    """Mark the days of the reviews of these tickets: what they are cut by changed."""
    marked: set[date] = set()
    for some in batches(ticket_ids):
        released = Review.objects.counted().filter(ticket_id__in=some)
        marked |= _days_of(released)
    mark_dirty(REVIEWS, marked)


def _days_of(released: ReviewQuerySet) -> set[date]:
    moments = released.values_list("released_at", flat=True)
    return {utc_day(at) for at in moments if at is not None}


def _parse_scorecard(value: str) -> frozenset[int]:
    number = int(value)
    if not 0 < number < 2**63:
        raise ValueError(value)
    return frozenset({number})


register_dimension(
    Dimension(
        "scorecard",
        _("scorecard"),
        _parse_scorecard,
        names_of(Scorecard, "name", _("No scorecard")),
    )
)
register_segment(
    REVIEWS,
    build=build,
    days=days,
    dimensions=(*DIMENSIONS, "scorecard"),
    sight=sight_of,
)
