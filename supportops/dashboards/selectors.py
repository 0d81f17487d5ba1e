"""Reads of the home page. Lists and counts of now; figures come from the catalogue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from sla.models import PolicyVersion, SlaClock
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to
from workforce.people.models import User

DUE_NEXT = 10
CAP = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """A policy that changed: what, who, when and why, and from when it counts."""

    what: str
    who: str
    at: datetime
    why: str
    policy_id: int
    effective_from: datetime


def capped(queryset: QuerySet[Any]) -> int:
    """Count up to ``CAP``: beyond it a home page says “1,000+”."""
    return queryset.order_by()[:CAP].count()


def open_of(user: User) -> QuerySet[Ticket]:
    """Open tickets in somebody's own hands."""
    return Ticket.objects.filter(assignee=user, is_open=True)


def due_next(tickets: QuerySet[Ticket], *, limit: int = DUE_NEXT) -> list[Ticket]:
    """Return the open tickets whose promises come due first, overdue ones leading."""
    return list(
        tickets.filter(is_open=True, next_due_at__isnull=False)
        .select_related("status", "organisation__tier", "assignee", "team")
        .order_by("next_due_at", "-pk")[:limit]
    )


def count_open(tickets: QuerySet[Ticket]) -> int:
    return capped(tickets.filter(is_open=True))


def count_resolved_since(tickets: QuerySet[Ticket], since: datetime) -> int:
    return capped(tickets.filter(resolved_at__gte=since))


def count_due_within(tickets: QuerySet[Ticket], at: datetime, span: timedelta) -> int:
    return capped(
        tickets.filter(is_open=True, next_due_at__gt=at, next_due_at__lte=at + span)
    )


def count_overdue(tickets: QuerySet[Ticket], at: datetime) -> int:
    return capped(tickets.filter(is_open=True, next_due_at__lte=at))


def count_urgent_unassigned(tickets: QuerySet[Ticket]) -> int:
    return capped(
        tickets.filter(is_open=True, assignee__isnull=True, priority__in=["P1", "P2"])
    )


def count_older_than(tickets: QuerySet[Ticket], at: datetime, age: timedelta) -> int:
    return capped(tickets.filter(is_open=True, created_at__lt=at - age))


def count_missed_since(user: User, since: datetime) -> int:
    """Count promises that came due unkept since a moment, on visible tickets."""
    return capped(
        SlaClock.objects.filter(
            judged_at__gte=since,
            is_kept=False,
            is_excluded=False,
            ticket__in=tickets_visible_to(user),
        )
    )


def recent_changes(limit: int = 5) -> list[Change]:
    """Return the latest publications of policies."""
    versions = (
        PolicyVersion.objects.filter(published_at__isnull=False)
        .select_related("policy", "published_by")
        .order_by("-published_at", "-pk")[:limit]
    )
    return [
        Change(
            what=f"{version.policy.name} v{version.number}",
            who=str(version.published_by or ""),
            at=version.published_at,  # type: ignore[arg-type]
            why=version.reason,
            policy_id=version.policy_id,
            effective_from=version.effective_from,  # type: ignore[arg-type]
        )
        for version in versions
    ]
