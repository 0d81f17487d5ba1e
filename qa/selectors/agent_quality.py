"""Reads of one agent's quality page: the line of scores, causes, praise, what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Count, FloatField, QuerySet
from django.db.models.functions import Cast

from qa.core.control_charts import ewma
from qa.models import Pin, Review, RootCause
from qa.models.reviews import COUNTED_KINDS, ReviewQuerySet
from qa.selectors.reviews import reviews_visible_to
from qa.selectors.scores.table import window
from supportops.metrics.core.periods import Period
from workforce.people.models import User

WEIGHT = 0.2
FEWEST = 5
"""Reviews below which a line of scores is only noise."""
SHOWN = 5


@dataclass(frozen=True)
class Smoothed:
    """A random review's score, the smoothed level after it and its limits."""

    at: datetime
    score: float
    level: float
    lower: float
    upper: float
    is_signal: bool


def reviews_of(user: User, agent: User, period: Period) -> ReviewQuerySet:
    """Counted reviews of an agent in a period, as far as this person may read them."""
    first, last = window(period.start, period.end)
    return (
        reviews_visible_to(user)
        .counted()
        .filter(agent=agent, released_at__gte=first, released_at__lt=last)
    )


def smoothed(reviews: ReviewQuerySet, sd: float | None) -> list[Smoothed]:
    """Smooth an agent's random scores exponentially, with limits around their mean.

    ``sd`` is the spread of single reviews, by default that of these scores. Empty below
    ``FEWEST`` reviews.
    """
    scored = (
        reviews.filter(basis=Review.Basis.RANDOM)
        .annotate(points=Cast("score", FloatField()))
        .order_by("released_at", "pk")
        .values_list("released_at", "points")
    )
    rows = [(at, points) for at, points in scored if at is not None]
    if len(rows) < FEWEST:
        return []
    values = np.array([points for _at, points in rows])
    centre = float(values.mean())
    spread = float(values.std(ddof=1)) if sd is None else sd
    chart = ewma(values, centre=centre, sd=spread, weight=WEIGHT)
    return [
        Smoothed(at, score, float(level), float(low), float(high), bool(signal))
        for (at, score), level, low, high, signal in zip(
            rows, chart.points, chart.lower, chart.upper, chart.signals, strict=True
        )
    ]


def root_causes(reviews: ReviewQuerySet) -> list[dict[str, Any]]:
    """Why answers fell short, the commonest first."""
    found = (
        RootCause.objects.filter(answers__review__in=reviews)
        .annotate(n=Count("answers"))
        .order_by("-n", "name")
    )
    return [dict(row) for row in found.values("name", "kind", "n")[:SHOWN]]


def praise(reviews: ReviewQuerySet) -> QuerySet[Pin]:
    """Passages that reviewers pinned as well done, the newest first."""
    return (
        Pin.objects.filter(review__in=reviews, tone=Pin.Tone.PRAISE)
        .select_related("review")
        .order_by("-created_at", "-pk")[:SHOWN]
    )


def to_acknowledge(user: User, agent: User) -> ReviewQuerySet:
    """Released reviews of an agent that the agent has not acknowledged yet."""
    return (
        reviews_visible_to(user)
        .filter(
            agent=agent,
            kind__in=COUNTED_KINDS,
            state=Review.State.RELEASED,
            is_current=True,
        )
        .select_related("ticket", "reviewer")
        .order_by("-released_at", "-pk")
    )


def latest(reviews: ReviewQuerySet) -> ReviewQuerySet:
    return reviews.select_related("ticket", "reviewer").order_by("-released_at", "-pk")
