"""How disputes end: overturn rates by reviewer and by criterion, with intervals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from qa.core.scoreboard import Share
from qa.models import Dispute, DisputeLine, ScorecardVersion
from qa.selectors.scorecards import card_of
from supportops.metrics.core.intervals import share_interval

State = Dispute.State
DECIDED = (State.UPHELD, State.PARTLY, State.CHANGED)
OVERTURNED = (State.PARTLY, State.CHANGED)


@dataclass(frozen=True, slots=True)
class Overturned:
    """How many of the decided disputes of one name changed something."""

    name: str
    share: Share


@dataclass(frozen=True, slots=True)
class Economics:
    """Disputes decided of those given: as a whole, by reviewer, by criterion."""

    whole: Share
    by_reviewer: list[Overturned]
    by_criterion: list[Overturned]


def economics(disputes: QuerySet[Dispute]) -> Economics:
    """Return overturn rates of the decided ones among these disputes.

    A dispute about whose work it was says nothing of a criterion and nothing of how
    strict a reviewer is: those are left out of both tables. Three queries.
    """
    decided = disputes.filter(state__in=DECIDED)
    about_score = decided.filter(kind=Dispute.Kind.SCORE)
    whole = decided.aggregate(n=Count("pk"), hits=Count("pk", filter=_overturned()))
    return Economics(
        whole=shares([whole])[0],
        by_reviewer=_by_reviewer(about_score),
        by_criterion=_by_criterion(about_score),
    )


def _overturned() -> Q:
    return Q(state__in=OVERTURNED)


def _by_reviewer(disputes: QuerySet[Dispute]) -> list[Overturned]:
    rows = list(
        disputes.values(
            "review__reviewer__first_name",
            "review__reviewer__last_name",
            "review__reviewer__username",
            "review__reviewer",
        )
        .annotate(n=Count("pk"), hits=Count("pk", filter=_overturned()))
        .order_by("-n", "review__reviewer")
    )
    return [
        Overturned(_name(row), share)
        for row, share in zip(rows, shares(rows), strict=True)
    ]


def _name(row: Mapping[str, Any]) -> str:
    first, last = (
        row["review__reviewer__first_name"],
        row["review__reviewer__last_name"],
    )
    return f"{first} {last}".strip() or str(row["review__reviewer__username"])


def _by_criterion(disputes: QuerySet[Dispute]) -> list[Overturned]:
    """By criterion and scorecard: equal keys of two scorecards are two criteria."""
    lines = DisputeLine.objects.filter(dispute__in=disputes.values("pk"))
    rows = list(
        lines.values(
            "criterion_key",
            "dispute__review__version__scorecard",
        )
        .annotate(n=Count("pk"), hits=Count("pk", filter=~Q(outcome="KEEP")))
        .order_by("-n", "criterion_key")
    )
    titles = _titles(lines)
    return [
        Overturned(
            titles[row["dispute__review__version__scorecard"], row["criterion_key"]],
            share,
        )
        for row, share in zip(rows, shares(rows), strict=True)
    ]


def _titles(lines: QuerySet[DisputeLine]) -> dict[tuple[int, str], str]:
    """Titles as the newest version concerned words them."""
    versions = ScorecardVersion.objects.filter(
        reviews__disputes__lines__in=lines.values("pk")
    ).distinct()
    return {
        (version.scorecard_id, criterion.key): criterion.title
        for version in versions.order_by("number")
        for criterion in card_of(version).criteria()
    }


def shares(rows: Iterable[Mapping[str, Any]]) -> list[Share]:
    """``hits`` of ``n`` of each row, with its Wilson interval."""
    counts = [(int(row["hits"]), int(row["n"])) for row in rows]
    if not counts:
        return []
    bounds = share_interval([hits for hits, _ in counts], [n for _, n in counts])
    return [
        Share(hits / n, float(low), float(high), hits, n)
        if n
        else Share(None, None, None, 0, 0)
        for (hits, n), (low, high) in zip(counts, bounds, strict=True)
    ]
