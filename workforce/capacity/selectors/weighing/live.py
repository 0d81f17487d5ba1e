"""What inputs of options can be read from: tickets' answers, assumptions, costs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supportops.metrics.scopes import today
from tickets.custom_fields import satisfaction
from tickets.models import Ticket
from workforce.capacity.core.options.satisfaction import Satisfaction, Slope, estimate
from workforce.capacity.models import (
    Assumptions,
    Calculation,
    Decision,
    IntervalVolume,
    Queue,
)
from workforce.capacity.selectors import costs
from workforce.capacity.selectors.decisions.narrowing import filters_of
from workforce.capacity.selectors.decisions.reading import READERS, Live
from workforce.capacity.selectors.staffing.hours import open_hours_of
from workforce.capacity.selectors.weighing.setting import is_live, live_channels

DAYS = 365
MOST_ANSWERS = 20_000
SPREAD_DAYS = 28
LEVELS = 4
WEEK_HOURS = 168
WEEKS_A_YEAR = 52.0
SATISFIED = 4


def queues_of(decision: Decision) -> QuerySet[Queue]:
    chosen = decision.queues.all()
    return chosen if chosen.exists() else Queue.objects.filter(is_active=True)


# CSAT -------------------------------------------------------------------------------------


def answers(decision: Decision, at: datetime) -> Satisfaction | None:
    """Estimate what time and automation do to CSAT from a year of answers.

    The newest answers of the decision's queues, as far as those say how to narrow.
    """
    rows = Ticket.objects.filter(
        resolved_at__gte=at - timedelta(days=DAYS),
        resolved_at__lt=at,
        custom__has_key=settings.SATISFACTION_FIELD,
    )
    for name, numbers in filters_of(decision).items():
        rows = rows.filter(**{f"{name}__in": numbers})
    found = [
        (stars >= SATISFIED, (resolved - created).total_seconds() / 3600, bool(machine))
        for created, resolved, machine, custom in rows.order_by(
            "-resolved_at"
        ).values_list("created_at", "resolved_at", "assignee__is_automation", "custom")[
            :MOST_ANSWERS
        ]
        if resolved is not None and (stars := satisfaction(custom))
    ]
    if not found:
        return None
    satisfied, hours, machine = zip(*found, strict=True)
    return estimate(satisfied, hours, machine)


def _per_doubling(decision: Decision, at: datetime) -> Live | None:
    fitted = answers(decision, at)
    return _points(fitted.per_doubling, fitted, at) if fitted else None


def _automated(decision: Decision, at: datetime) -> Live | None:
    fitted = answers(decision, at)
    if fitted is None or fitted.automated is None:
        return None
    return _points(fitted.automated, fitted, at)


def _points(slope: Slope, fitted: Satisfaction, at: datetime) -> Live:
    source = _(
        "Regression of answers on time and automation, a year to today, n = %(n)d "
        "(%(machine)d automated); range is the 80 %% interval"
    ) % {"n": fitted.n, "machine": fitted.n_automated}
    return Live(
        round(100 * slope.value, 2),
        _("points"),
        source[:200],
        today(at),
        low=round(100 * slope.low, 2),
        high=round(100 * slope.high, 2),
    )


# People and hours -------------------------------------------------------------------------


def _cost(decision: Decision, at: datetime) -> Live | None:
    """A week of one person as the cost calculation in use has it."""
    worked = costs.reference("COST_PER_TICKET", at)
    if worked is None:
        return None
    row = Calculation.objects.filter(kind="COST_PER_TICKET", is_reference=True).first()
    yearly = worked.results["agent_cost"]
    return Live(
        round(yearly / WEEKS_A_YEAR, 2),
        row.currency if row else "",
        _("Cost per ticket in use, cost of a person a year ÷ 52"),
        today(at),
    )


def _assumed(
    name: str, scale: float, unit: str | Promise
) -> Callable[..., Live | None]:
    def read(decision: Decision, at: datetime) -> Live | None:
        rows = Assumptions.objects.filter(queue__in=queues_of(decision))
        values = [float(value) for value in rows.values_list(name, flat=True)]
        if not values:
            return None
        return Live(
            round(scale * sum(values) / len(values), 2),
            str(unit),
            _("Mean of the staffing assumptions of %(n)d queues") % {"n": len(values)},
            today(at),
        )

    return read


def _open_hours(decision: Decision, at: datetime) -> Live | None:
    """The longest staffed week among the queues."""
    queues = list(queues_of(decision))
    if not queues:
        return None
    day = today(at) + timedelta(days=-today(at).weekday())
    monday = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    starts = monday + np.arange(WEEK_HOURS) * 3600
    held = open_hours_of(queues, day).values()
    hours = max(float(each.share(starts, np.full(168, 3600.0)).sum()) for each in held)
    if not hours:
        return None
    return Live(
        round(hours, 1),
        _("hours a week"),
        _("Staffed hours of the queue that is open longest, this week"),
        today(at),
    )


def levels_of(decision: Decision, at: datetime) -> tuple[float, ...]:
    """Load of four equal parts of the live week relative to its mean; 1 when unknown.

    Hours of the week in which live contacts came, over four weeks, from the quietest
    quarter to the busiest.
    """
    known = live_channels()
    live = [queue.pk for queue in queues_of(decision) if is_live(queue.channel, known)]
    rows = IntervalVolume.objects.filter(
        queue__in=live,
        starts_at__gte=at - timedelta(days=SPREAD_DAYS),
        starts_at__lt=at,
    ).values_list("starts_at", "offered")
    by_hour = np.zeros(WEEK_HOURS)
    for start, offered in rows.iterator():
        by_hour[int(start.timestamp()) // 3600 % WEEK_HOURS] += offered
    busy = np.sort(by_hour[by_hour > 0])
    if len(busy) < LEVELS:
        return (1.0,)
    parts = [float(part.mean()) for part in np.array_split(busy, LEVELS)]
    mean = sum(parts) / LEVELS
    return tuple(round(part / mean, 4) for part in parts)


READERS |= {
    "csat_per_doubling": _per_doubling,
    "csat_automation": _automated,
    "cost_per_fte_week": _cost,
    "hours_per_week": _assumed("hours_per_week", 1.0, gettext_lazy("hours a week")),
    "shrinkage": _assumed("shrinkage", 100.0, "%"),
    "open_hours": _open_hours,
}
