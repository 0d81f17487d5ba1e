"""Resolved tickets and sampling plans for tests, written as rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from qa.models import SamplingDraw, SamplingPlan, ScorecardVersion
from qa.services.sampling import take_draw
from tests.factories.quality import agent, published_card, reviewer
from tests.factories.tickets import status
from tickets.models import Ticket
from workforce.people.models import User

WEEK = date(2026, 3, 2)
"""A Monday. Tickets of it are drawn from on the next one."""
IN_WEEK = datetime(2026, 3, 4, 12, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


def resolved_ticket(
    agent: User | None, at: datetime = IN_WEEK, **values: Any
) -> Ticket:
    """Write a ticket that this agent has resolved; it has no events."""
    return Ticket.objects.create(**_values(agent, at, values))


def resolved_tickets(
    agent: User, count: int, at: datetime = IN_WEEK, **values: Any
) -> list[Ticket]:
    return Ticket.objects.bulk_create(
        Ticket(**_values(agent, at, values)) for _ in range(count)
    )


def _values(agent: User | None, at: datetime, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": "Cannot sign in",
        "created_at": at - timedelta(hours=4),
        "updated_at": at,
        "status": status("resolved"),
        "state": "RESOLVED",
        "is_open": False,
        "resolved_at": at,
        "outcome": "SOLVED",
        "assignee": agent,
        "priority": "P3",
        **values,
    }


def plan(
    *,
    reviewers: list[User] | None = None,
    version: ScorecardVersion | None = None,
    **values: Any,
) -> SamplingPlan:
    """Write an automatic plan without flags, second reviews or gold, unless asked for."""
    many = {name: values.pop(name, []) for name in ("teams", "categories", "channels")}
    defaults = {"overlap_share": 0, "gold_share": 0, "rule_limit": 1}
    created = SamplingPlan.objects.create(
        name=values.pop("name", f"Plan {SamplingPlan.objects.count()}"),
        scorecard=(version or published_card()).scorecard,
        **{**defaults, **values},
    )
    created.reviewers.set(reviewers or [])
    for name, rows in many.items():
        getattr(created, name).set(rows)
    return created


def taken(of: SamplingPlan, seed: int = 1) -> SamplingDraw:
    """Take the draw of the week for a plan."""
    return take_draw(
        plan_id=of.pk, starts_on=WEEK, seed=seed, actor=None, at=NEXT_MONDAY
    )


def drawn(agents: int = 1, **values: Any) -> SamplingDraw:
    """Take a draw over some new agents with six tickets each, for two reviewers."""
    for _ in range(agents):
        resolved_tickets(agent(), 6)
    values.setdefault("reviewers", [reviewer(), reviewer()])
    return taken(plan(strata=["priority"], **values))


def draw_for(person: User) -> SamplingDraw:
    """Take a draw of one new agent's only ticket, for this reviewer."""
    resolved_ticket(agent())
    return taken(plan(name=f"Plan of {person}", reviewers=[person]))
