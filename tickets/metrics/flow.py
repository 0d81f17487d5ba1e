"""KPIs of what comes in, how urgent it says it is, and where it travels."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from supportops.metrics import catalogue
from supportops.metrics.catalogue import (
    Area,
    Better,
    Figure,
    Grain,
    Level,
    Measure,
    Metric,
    Unit,
)
from supportops.metrics.core import measures
from supportops.metrics.core.measures import Totals
from supportops.metrics.scopes import Scope
from tickets.metrics.segments import CREATED, PRIORITY_NUMBERS, RESOLVED
from tickets.metrics.speed import Groups, Rows
from tickets.models import Organisation

DAYS_A_MONTH = 30


def _volume(rows: Rows, groups: Groups, size: int) -> Totals:
    return measures.count(groups, size)


def _escalated(rows: Rows, groups: Groups, size: int) -> Totals:
    return measures.share(rows["escalated"] != 0, groups, size)


def _priority_share(priority: str) -> Measure:
    number = PRIORITY_NUMBERS[priority]

    def measure(rows: Rows, groups: Groups, size: int) -> Totals:
        known = rows["priority"] != 0
        return measures.share(rows["priority"][known] == number, groups[known], size)

    return measure


def _handoffs(column: str) -> Callable[[Rows, Groups, int], Totals]:
    def measure(rows: Rows, groups: Groups, size: int) -> Totals:
        return measures.mean(rows[column], groups, size)

    return measure


def _per_100_customers(scope: Scope) -> Figure:
    volume = catalogue.get("ticket_volume").compute(scope)
    customers = Organisation.objects.all()
    for column, field in (("tier", "tier_id"), ("organisation", "pk")):
        if column in scope.filters:
            customers = customers.filter(**{f"{field}__in": scope.filters[column]})
    total = customers.count()
    if not total:
        return Figure(value=None, n=volume.n)
    months = scope.period.days / DAYS_A_MONTH
    return Figure(value=100 * volume.n / total / months, n=volume.n)


catalogue.register(
    Metric(
        code="ticket_volume",
        name=_("Ticket volume"),
        description=_("Tickets that came in."),
        formula=_("Tickets created"),
        unit=Unit.COUNT,
        better=Better.WITHIN,
        grain=Grain.CREATED,
        area=Area.FLOW,
        segment=CREATED,
        measure=_volume,
    )
)
catalogue.register(
    Metric(
        code="tickets_per_100_customers",
        name=_("Tickets per 100 customers"),
        description=_("Tickets a month for every hundred organisations we serve."),
        formula=_("Tickets created ÷ organisations × 100, for 30 days"),
        unit=Unit.RATIO,
        better=Better.WITHIN,
        grain=Grain.CREATED,
        area=Area.FLOW,
        target=Level(at_least=5, at_most=15),
        warning=Level(at_most=25),
        of_scope=_per_100_customers,
    )
)
catalogue.register(
    Metric(
        code="escalation_rate",
        name=_("Escalation rate"),
        description=_(
            "Tickets whose support level rose, or that went to “escalated” or "
            "“engineering”. Far too few is as telling as far too many."
        ),
        formula=_("Tickets escalated ÷ tickets created"),
        unit=Unit.SHARE,
        better=Better.WITHIN,
        grain=Grain.CREATED,
        area=Area.QUALITY,
        target=Level(at_least=0.10, at_most=0.20),
        warning=Level(at_most=0.30),
        segment=CREATED,
        measure=_escalated,
    )
)
for _priority, _name, _target, _warning in (
    ("P1", _("P1 share"), 0.05, 0.10),
    ("P2", _("P2 share"), 0.15, None),
):
    catalogue.register(
        Metric(
            code=f"{_priority.lower()}_share",
            name=_name,
            description=_("When everything is urgent nothing is: priority inflation."),
            formula=_("Tickets of that priority ÷ tickets created with a priority"),
            unit=Unit.SHARE,
            better=Better.LOWER,
            grain=Grain.CREATED,
            area=Area.QUEUE,
            target=Level(at_most=_target),
            warning=Level(at_most=_warning),
            segment=CREATED,
            measure=_priority_share(_priority),
        )
    )
for _code, _column, _name, _formula in (
    ("team_handoffs", "team_handoffs", _("Team hand-offs per ticket"),
     _("Changes from one team to another ÷ tickets resolved")),
    ("agent_handoffs", "agent_handoffs", _("Agent hand-offs per ticket"),
     _("Changes from one assignee to another ÷ tickets resolved")),
):  # fmt: skip
    catalogue.register(
        Metric(
            code=_code,
            name=_name,
            description=_(
                "Each is a change between two different holders; taking a ticket from "
                "nobody is none. Many mean ticket tennis."
            ),
            formula=_formula,
            unit=Unit.RATIO,
            better=Better.LOWER,
            grain=Grain.RESOLVED,
            area=Area.FLOW,
            segment=RESOLVED,
            measure=_handoffs(_column),
        )
    )
