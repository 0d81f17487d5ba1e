"""The reviews of a window as arrays, read once for every score made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
from django.db.models import Count, F, FloatField, Sum
from django.db.models.functions import Cast
from numpy.typing import NDArray

from qa.core import severity
from qa.core.scorecard import Scorecard as Card
from qa.models import Answer, Review, ScorecardVersion
from qa.models.reviews import FINISHED_STATES, ReviewQuerySet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FEWEST = 3
"""Reviews below which nothing is adjusted: there is no spread to learn from."""


@dataclass(frozen=True)
class Table:
    """One entry a review, in order of release; columns have shape (n,).

    ``criteria`` holds number, sum and sum of squares of the shares that random reviews
    gave, by agent and criterion.
    """

    agent: Ints
    reviewer: Ints
    team: Ints
    score: Floats
    weight: Floats
    is_random: Bools
    is_second: Bools
    is_fail: Bools
    criteria: Mapping[tuple[int, str], tuple[int, float, float]]
    titles: Mapping[str, str]
    model: severity.SeverityModel | None


def window(start: date, end: date) -> tuple[datetime, datetime]:
    """First moments of two UTC days."""
    return (
        datetime.combine(start, time(), tzinfo=UTC),
        datetime.combine(end, time(), tzinfo=UTC),
    )


def counted_in(
    start: date, end: date, scorecard_id: int | None = None
) -> ReviewQuerySet:
    """Counted reviews released on UTC days ``[start, end)``."""
    first, last = window(start, end)
    reviews = Review.objects.counted().filter(
        released_at__gte=first, released_at__lt=last
    )
    if scorecard_id is None:
        return reviews
    return reviews.filter(version__scorecard_id=scorecard_id)


def rated_in(start: date, end: date, scorecard_id: int | None = None) -> ReviewQuerySet:
    """Counted reviews released in the window, and second ones finished in it."""
    first, last = window(start, end)
    second = Review.objects.filter(
        kind=Review.Kind.OVERLAP,
        state__in=FINISHED_STATES,
        score__isnull=False,
        submitted_at__gte=first,
        submitted_at__lt=last,
    )
    if scorecard_id is not None:
        second = second.filter(version__scorecard_id=scorecard_id)
    return counted_in(start, end, scorecard_id) | second


def read_table(start: date, end: date, scorecard_id: int | None) -> Table:
    """Read the window's reviews and fit how severe each reviewer is."""
    rows = list(
        rated_in(start, end, scorecard_id)
        .annotate(points=Cast("score", FloatField()))
        .order_by("submitted_at", "pk")
        .values_list(
            "agent_id",
            "reviewer_id",
            "team_id",
            "points",
            "sample_item__probability",
            "basis",
            "kind",
            "is_critical_fail",
            "version_id",
        )
    )
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * 9
    agent, reviewer, team, points, chance, basis, kind, fail, version = columns
    is_second = _flags(each == Review.Kind.OVERLAP for each in kind)
    is_random = _flags(each == Review.Basis.RANDOM for each in basis) & ~is_second
    table = Table(
        agent=np.asarray(agent, dtype=np.int64),
        reviewer=np.asarray(reviewer, dtype=np.int64),
        team=np.asarray([each or 0 for each in team], dtype=np.int64),
        score=np.asarray(points, dtype=np.float64),
        weight=np.asarray(
            [1 / each if each else np.nan for each in chance], dtype=np.float64
        ),
        is_random=is_random,
        is_second=is_second,
        is_fail=_flags(fail),
        criteria=_criteria(start, end, scorecard_id),
        titles=_titles(set(version)),
        model=None,
    )
    return _fitted(table)


def _flags(values: Any) -> Bools:
    return np.asarray(list(values), dtype=bool)


def _fitted(table: Table) -> Table:
    """Compare reviewers on what was drawn at random, with its second reviews.

    Tickets chosen for a reason would make whoever is given them look severe.
    """
    used = table.is_random | table.is_second
    if int(used.sum()) < FEWEST:
        return table
    model = severity.fit(table.score[used], table.agent[used], table.reviewer[used])
    return Table(**{**vars(table), "model": model})


def _criteria(
    start: date, end: date, scorecard_id: int | None
) -> dict[tuple[int, str], tuple[int, float, float]]:
    random = counted_in(start, end, scorecard_id).filter(basis=Review.Basis.RANDOM)
    sums = (
        Answer.objects.filter(review__in=random, share__isnull=False)
        .order_by()
        .values_list("review__agent_id", "criterion_key")
        .annotate(
            n=Count("pk"), total=Sum("share"), squares=Sum(F("share") * F("share"))
        )
    )
    return {(agent, key): tuple(figures) for agent, key, *figures in sums}


def _titles(version_ids: set[int]) -> dict[str, str]:
    """Scored criteria in the order of the newest version, older ones after it."""
    versions = ScorecardVersion.objects.filter(pk__in=version_ids)
    titles: dict[str, str] = {}
    for definition in versions.order_by("-published_at", "-pk").values_list(
        "definition", flat=True
    ):
        for section in Card.from_dict(definition).sections:
            for criterion in section.criteria:
                if section.weight and criterion.weight:
                    titles.setdefault(criterion.key, criterion.title)
    return titles
