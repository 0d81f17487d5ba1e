"""KPIs of the queue as it stands at this moment, read from the tickets themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, FloatField, Func, Q
from django.utils.translation import gettext_lazy as _

from supportops.metrics import catalogue
from supportops.metrics.catalogue import (
    Area,
    Better,
    Figure,
    Grain,
    Level,
    Metric,
    Unit,
)
from supportops.metrics.registry import Visibility
from supportops.metrics.scopes import Scope, ScopeInvalid
from tickets.metrics.segments import PRIORITY_NUMBERS
from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet

DAY = 86400.0
_FIELDS = {
    "tier": "organisation__tier_id",
    "team": "team_id",
    "agent": "assignee_id",
    "category": "category_id",
    "channel": "channel_id",
    "organisation": "organisation_id",
}
_PRIORITIES = {number: code for code, number in PRIORITY_NUMBERS.items()}


class EpochSeconds(Func):
    """A moment as seconds since 1970, on either database."""

    output_field = FloatField()
    template = "EXTRACT(EPOCH FROM %(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)",
            **extra,
        )


def open_tickets(scope: Scope) -> TicketQuerySet:
    """Return the open tickets of a scope. Its days do not matter."""
    tickets = Ticket.objects.unresolved()
    for column, wanted in scope.filters.items():
        tickets = tickets.filter(_among(column, wanted))
    if scope.visible is not None:
        tickets = tickets.filter(_seen(scope.visible))
    return tickets


def _among(column: str, wanted: frozenset[int]) -> Q:
    if column == "priority":
        return Q(priority__in=[_PRIORITIES[n] for n in wanted if n in _PRIORITIES])
    if column not in _FIELDS:
        raise ScopeInvalid(f"open tickets have no {column}")
    field = _FIELDS[column]
    among = Q(**{f"{field}__in": sorted(wanted - {0})})
    return among | Q(**{f"{field}__isnull": True}) if 0 in wanted else among


def _seen(visible: Visibility) -> Q:
    return (
        Q(assignee_id=visible.agent)
        | Q(team_id__in=visible.teams)
        | Q(team_id__isnull=True, assignee_id__isnull=True)
    )


def _numbers(scope: Scope) -> dict[str, Any]:
    """Count the open tickets once for all figures about them."""
    if scope.at is None:
        raise ScopeInvalid("figures about open tickets need a moment to measure from")
    day_before = scope.at - timedelta(days=1)
    urgent = Q(priority__in=["P1", "P2"], assignee_id__isnull=True)

    def ask() -> dict[str, Any]:
        return open_tickets(scope).aggregate(
            n=Count("pk"),
            old=Count("pk", filter=Q(created_at__lt=day_before)),
            urgent=Count("pk", filter=urgent),
            created=Avg(EpochSeconds("created_at")),
        )

    found: dict[str, Any] = scope.facts.once(("queue", scope.at, *scope.key), ask)
    return found


def _counted(name: str) -> Callable[[Scope], Figure]:
    def count(scope: Scope) -> Figure:
        numbers = _numbers(scope)
        return Figure(value=float(numbers[name]), n=numbers["n"])

    return count


def _mean_age(scope: Scope) -> Figure:
    numbers = _numbers(scope)
    if scope.at is None or not numbers["n"]:
        return Figure(value=None, n=0)
    age = scope.at.timestamp() - float(numbers["created"])
    return Figure(value=max(0.0, age), n=numbers["n"])


def _register(**fields: Any) -> None:
    defaults = {
        "unit": Unit.COUNT,
        "better": Better.LOWER,
        "grain": Grain.NOW,
        "area": Area.QUEUE,
    }
    catalogue.register(Metric(**(defaults | fields)))


_register(
    code="backlog",
    name=_("Backlog"),
    description=_("Tickets that are neither resolved nor closed."),
    formula=_("Open tickets now"),
    of_scope=_counted("n"),
)
_register(
    code="backlog_over_24h",
    name=_("Backlog older than 24 hours"),
    description=_("Open tickets that were created more than a day ago."),
    formula=_("Open tickets now, created over 24 h ago"),
    of_scope=_counted("old"),
)
_register(
    code="backlog_age",
    name=_("Backlog age, mean"),
    description=_("How long the open tickets have been in the house."),
    formula=_("Sum of (now − creation) ÷ open tickets"),
    unit=Unit.SECONDS,
    target=Level(at_most=DAY),
    warning=Level(at_most=3 * DAY),
    of_scope=_mean_age,
)
_register(
    code="unassigned_urgent",
    name=_("Unassigned P1 and P2"),
    description=_("Urgent tickets that nobody has taken."),
    formula=_("Open tickets now with priority P1 or P2 and no assignee"),
    target=Level(at_most=0),
    warning=Level(at_most=0),
    of_scope=_counted("urgent"),
)
