"""KPIs of planning: how right forecasts were, what the coming week lacks, what a ticket costs."""

import math
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _now
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
from supportops.metrics.scopes import Scope, ScopeInvalid
from workforce.capacity.core.judging.figures import Figures, figures
from workforce.capacity.models import Calculation, Queue
from workforce.capacity.selectors.accuracy.days import sides
from workforce.capacity.selectors.costs.worked import reference_of
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.selectors.staffing.coming import coming_weeks

COSTS = "capacity.view_costs"
ONE_DAY_AHEAD = 1


def _refuse_filters(scope: Scope) -> None:
    if scope.filters:
        raise ScopeInvalid(
            _now("Figures of planning are of whole queues: take the filters away.")
        )


def _queues(scope: Scope) -> list[Queue]:
    """The active queues that the asker sees; all of them for a watching program."""
    seen = (
        Queue.objects.all() if scope.asker is None else queues_visible_to(scope.asker)
    )
    return list(seen.filter(is_active=True).order_by("pk"))


def _record(scope: Scope) -> Figures:
    """The record of the period's days, each judged by what was published before it."""
    _refuse_filters(scope)

    def ask() -> Figures:
        found = sides(_queues(scope), scope.start, scope.end).at(ONE_DAY_AHEAD)
        return figures(found.values, "day")

    record: Figures = scope.facts.once(("forecast record", scope.key), ask)
    return record


def _wape(scope: Scope) -> Figure:
    record = _record(scope)
    return Figure(value=record.wape, n=record.n)


def _bias(scope: Scope) -> Figure:
    record = _record(scope)
    return Figure(value=record.bias, n=record.n)


def _coverage(scope: Scope) -> Figure:
    record = _record(scope)
    if record.covered95 is None:
        return Figure(value=None, n=record.n)
    return Figure(value=record.covered95, n=record.n)


def _gap_hours(scope: Scope) -> Figure:
    _refuse_filters(scope)
    if scope.at is None:
        raise TypeError("what the coming week lacks needs to know which week comes")
    weeks = coming_weeks(_queues(scope), scope.at.date())
    intervals = sum(week.intervals for week in weeks)
    hours = sum(week.uncovered_hours for week in weeks)
    return Figure(value=hours if intervals else None, n=intervals)


def _cost(scope: Scope) -> Figure:
    """Nothing for who may not see costs, and nothing without a chosen calculation."""
    _refuse_filters(scope)
    asker: Any = scope.asker
    if asker is not None and not asker.has_perm(COSTS):
        return Figure(value=None, n=0)
    if scope.at is None:
        raise TypeError("a cost read from live data needs to know when")
    found = reference_of(Calculation.Kind.COST_PER_TICKET, scope.at)
    if found is None or found.currency != settings.CURRENCY:
        return Figure(value=None, n=0)
    value = found.worked.value
    return Figure(value=value if math.isfinite(value) else None, n=1)


catalogue.register(
    Metric(
        code="forecast_wape",
        name=_("Forecast error"),
        description=_(
            "How far published forecasts were off by the day, of all queues together. "
            "Chance alone leaves some; the accuracy pages show how much."
        ),
        formula=_("Sum of |came − expected| ÷ sum of what came, by queue and day"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        grain=Grain.QUEUE_DAY,
        area=Area.CAPACITY,
        target=Level(at_most=0.10),
        warning=Level(at_most=0.20),
        of_scope=_wape,
    )
)
catalogue.register(
    Metric(
        code="forecast_bias",
        name=_("Forecast bias"),
        description=_("Below zero, more came than was expected."),
        formula=_("(Expected − came) ÷ came, of all queues together"),
        unit=Unit.SHARE,
        better=Better.WITHIN,
        grain=Grain.QUEUE_DAY,
        area=Area.CAPACITY,
        target=Level(at_least=-0.05, at_most=0.05),
        warning=Level(at_least=-0.15, at_most=0.15),
        of_scope=_bias,
    )
)
catalogue.register(
    Metric(
        code="forecast_coverage",
        name=_("Days inside the 95 % band"),
        description=_(
            "A band that is honest holds 95 of 100 days; fewer mean too much confidence."
        ),
        formula=_("Days whose volume lay in the published 95 % band ÷ days"),
        unit=Unit.SHARE,
        better=Better.WITHIN,
        grain=Grain.QUEUE_DAY,
        area=Area.CAPACITY,
        target=Level(at_least=0.92, at_most=0.98),
        warning=Level(at_least=0.85),
        of_scope=_coverage,
    )
)
catalogue.register(
    Metric(
        code="coverage_gaps",
        name=_("Coverage gaps, hours"),
        description=_(
            "Hours of the coming week in which less than half of the people needed are "
            "planned, of all queues together. The period does not matter."
        ),
        formula=_("Hours with planned people < 50 % of the need"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        grain=Grain.INTERVAL,
        area=Area.CAPACITY,
        target=Level(at_most=0),
        of_scope=_gap_hours,
    )
)
catalogue.register(
    Metric(
        code="cost_per_ticket",
        name=_("Cost per ticket"),
        description=_(
            "From the calculation that is marked as used elsewhere under Costs, with "
            "live inputs as of now. Shown to who may see costs."
        ),
        formula=_("Cost of an agent a year ÷ tickets an agent solves in it"),
        unit=Unit.MONEY,
        better=Better.WITHIN,
        grain=Grain.CALCULATION,
        area=Area.CAPACITY,
        target=Level(at_least=5, at_most=25),
        of_scope=_cost,
    )
)
