"""Segments of customers: what is known of them, and how capacity is shared out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _

from supportops.metrics.scopes import today
from tickets.models import CustomerTier, Organisation, Ticket
from workforce.capacity.core.decisions import distinct_facts
from workforce.capacity.core.segments import (
    RISK,
    VALUE,
    Claim,
    CommitmentsExceedCapacity,
    Share,
    allocate,
    scores,
)
from workforce.capacity.models import Decision, Segment
from workforce.capacity.selectors.decisions.figures import day_text
from workforce.capacity.selectors.decisions.inputs import amount
from workforce.people.models import User

EVEN = {VALUE: 0.5, RISK: 0.5}
DEMAND_DAYS = 28
MONTHS_UNKNOWN, MONTHS_LONGEST = 36.0, 60.0
RISK_OF_WATCHED = 0.5
"""A customer to watch counts half as likely to leave as one at risk."""


@dataclass(frozen=True)
class LiveSegment:
    """What the portal knows of the customers of a tier."""

    tier_id: int
    name: str
    customers: int
    lifetime_value: float
    churn_risk: float
    demand: float
    source: str


def live_segments(at: datetime) -> list[LiveSegment]:
    """Read every tier that has customers, the first served first."""
    health = Organisation.Health
    tiers = (
        CustomerTier.objects.annotate(
            customers=Count("organisations"),
            revenue=Avg("organisations__mrr"),
            judged=Count(
                "organisations", filter=~Q(organisations__health=health.UNKNOWN)
            ),
            watched=Count(
                "organisations", filter=Q(organisations__health=health.WATCH)
            ),
            at_risk=Count(
                "organisations", filter=Q(organisations__health=health.AT_RISK)
            ),
        )
        .filter(customers__gt=0)
        .order_by("rank", "pk")
    )
    demand = _demand(at)
    return [_live(tier, demand.get(tier.pk, 0), at) for tier in tiers]


def _demand(at: datetime) -> dict[int, int]:
    rows = (
        Ticket.objects.filter(
            created_at__gte=at - timedelta(days=DEMAND_DAYS), created_at__lt=at
        )
        .values("organisation__tier")
        .order_by("organisation__tier")
        .annotate(n=Count("pk"))
    )
    return {row["organisation__tier"]: row["n"] for row in rows}


def _live(tier: Any, tickets: int, at: datetime) -> LiveSegment:
    risk = None
    if tier.judged:
        risk = (tier.at_risk + RISK_OF_WATCHED * tier.watched) / tier.judged
    months = MONTHS_UNKNOWN
    if risk:
        months = min(MONTHS_LONGEST, 12 / risk)
    elif risk is not None:
        months = MONTHS_LONGEST
    source = _(
        "%(n)d organisations on %(day)s: mean monthly revenue × %(months)s months; "
        "risk from the health of %(judged)d; %(tickets)d tickets in 4 weeks"
    ) % {
        "n": tier.customers,
        "day": day_text(today(at)),
        "months": amount(round(months, 1)),
        "judged": tier.judged,
        "tickets": tickets,
    }
    return LiveSegment(
        tier_id=tier.pk,
        name=tier.name,
        customers=tier.customers,
        lifetime_value=round(float(tier.revenue or 0) * months, 2),
        churn_risk=round(risk or 0.0, 4),
        demand=round(tickets / (DEMAND_DAYS / 7), 2),
        source=source,
    )


# The section ------------------------------------------------------------------------------


def weights_of(decision: Decision) -> dict[str, float]:
    sent = decision.weights or {}
    found = {name: float(sent.get(name, EVEN[name])) for name in (VALUE, RISK)}
    return found if sum(found.values()) > 0 else dict(EVEN)


def claims_of(rows: Sequence[Segment]) -> list[Claim]:
    return [
        Claim(row.name, row.lifetime_value, row.churn_risk, row.demand, row.commitment)
        for row in rows
    ]


def segments_facts(decision: Decision) -> dict[str, str]:
    weights = weights_of(decision)
    head = [
        (
            _("Weights"),
            _("lifetime value %(value)s, churn risk %(risk)s")
            % {"value": amount(weights[VALUE]), "risk": amount(weights[RISK])}
            if decision.weights
            else "",
        ),
        (
            _("Capacity"),
            ""
            if decision.capacity is None
            else _("%(n)s tickets a week") % {"n": amount(decision.capacity)},
        ),
    ]
    return distinct_facts(
        [*head, *((row.name, _words(row)) for row in decision.segments.all())]
    )


def _words(row: Segment) -> str:
    parts = [
        _("%(n)d customers") % {"n": row.customers},
        _("lifetime value %(value)s") % {"value": amount(row.lifetime_value)},
        _("churn risk %(risk)s") % {"risk": amount(100 * row.churn_risk, "%")},
        _("demand %(demand)s a week") % {"demand": amount(row.demand)},
        _("committed %(commitment)s a week") % {"commitment": amount(row.commitment)},
        _("source: %(source)s") % {"source": row.source} if row.source else "",
    ]
    return "; ".join(part for part in parts if part)


def segments(decision: Decision, reader: User | None, at: datetime) -> dict[str, Any]:
    rows = list(decision.segments.select_related("tier"))
    claims, weights = claims_of(rows), weights_of(decision)
    problem, shares = "", None
    if rows and decision.capacity is not None:
        try:
            shares = allocate(claims, decision.capacity, weights)
        except CommitmentsExceedCapacity as refusal:
            problem = short_words(refusal)
    parts = scores(claims, weights)
    return {
        "rows": [
            _row(row, parts[place], shares[place] if shares else None)
            for place, row in enumerate(rows)
        ],
        "is_shared": shares is not None,
        "problem": problem,
        "weights": {
            "value": amount(100 * weights[VALUE] / sum(weights.values()), "%"),
            "risk": amount(100 * weights[RISK] / sum(weights.values()), "%"),
        },
        "capacity": amount(decision.capacity),
        "currency": str(settings.CURRENCY),
        "has_capacity": decision.capacity is not None,
        "total": _total(decision, rows, shares),
    }


def short_words(refusal: CommitmentsExceedCapacity) -> str:
    return _(
        "Nothing is shared out: commitments of %(due)s a week exceed the capacity of "
        "%(capacity)s by %(short)s. Raise the capacity or agree other commitments."
    ) % {
        "due": amount(round(refusal.due, 2)),
        "capacity": amount(refusal.capacity),
        "short": amount(round(refusal.short, 2)),
    }


def _row(
    row: Segment, parts: tuple[float, float, float], share: Share | None
) -> dict[str, Any]:
    found = {
        "name": row.name,
        "tier": str(row.tier) if row.tier else "",
        "customers": row.customers,
        "value": amount(row.lifetime_value),
        "risk": amount(round(100 * row.churn_risk, 1), "%"),
        "value_part": f"{parts[0]:.2f}",
        "risk_part": f"{parts[1]:.2f}",
        "score": f"{parts[2]:.2f}",
        "demand": amount(row.demand),
        "commitment": amount(row.commitment),
        "is_over": row.commitment > row.demand,
        "source": row.source,
    }
    if share is not None:
        whole = share.demand or 1.0
        found |= {
            "served": amount(round(share.served, 1)),
            "unserved": amount(round(share.unserved, 1)),
            "is_short": share.unserved > 0.05,
            "due_width": round(100 * share.due / whole, 1),
            "shared_width": round(100 * (share.served - share.due) / whole, 1),
            "percent": amount(round(100 * share.served / whole, 1), "%")
            if share.demand
            else "–",
        }
    return found


def _total(
    decision: Decision, rows: Sequence[Segment], shares: Sequence[Share] | None
) -> dict[str, str]:
    found = {
        "demand": amount(round(sum(row.demand for row in rows), 1)),
        "commitment": amount(round(sum(row.commitment for row in rows), 1)),
    }
    if shares is not None:
        served = sum(share.served for share in shares)
        found |= {
            "served": amount(round(served, 1)),
            "unserved": amount(round(sum(share.unserved for share in shares), 1)),
            "spare": amount(round(max(0.0, (decision.capacity or 0.0) - served), 1)),
        }
    return found


def segments_missing(decision: Decision, at: datetime) -> list[str]:
    rows = list(decision.segments.all())
    if not rows:
        return [_("segments with their demand")]
    if decision.capacity is None:
        return [_("the capacity to share out")]
    try:
        allocate(claims_of(rows), decision.capacity, weights_of(decision))
    except CommitmentsExceedCapacity as refusal:
        return [
            _("commitments that fit the capacity (%(short)s a week too much)")
            % {"short": amount(round(refusal.short, 2))}
        ]
    return []
