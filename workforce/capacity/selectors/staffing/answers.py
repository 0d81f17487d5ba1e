"""What other parts ask of staffing: needs, gaps and full-time people by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from workforce.capacity.core.overlays import Overlay as Scenario
from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.assumptions import standing_of
from workforce.capacity.selectors.staffing.demand import published_of
from workforce.capacity.selectors.staffing.local_times import Floats
from workforce.capacity.selectors.staffing.need import StaffingNeed
from workforce.capacity.selectors.staffing.picture import (
    Sources,
    Span,
    needs_of,
    sources_of,
)
from workforce.capacity.selectors.staffing.planned import Planned, planned_of
from workforce.capacity.selectors.staffing.staffed import Staffed


def requirement_of(
    queue: Queue,
    start: date,
    end: date,
    *,
    assumptions: Given | None = None,
    overlay: Scenario | None = None,
    at: date | None = None,
) -> StaffingNeed:
    """Return the people that a queue needs in each interval of the days [start, end).

    It stands on the published forecast, and without ``assumptions`` on the saved ones;
    the handle time measured is that of the eight weeks before ``at``, by default of those
    before the forecast begins. Without a forecast the need is empty.
    """
    source = sources_of([queue], Span(start, end))[queue.pk].with_scenario(overlay)
    return source.need(assumptions or _saved(queue, source, start, at))


def gaps(
    queue: Queue, start: date, end: date, *, at: date | None = None
) -> Staffed:  # fmt: skip
    """Return planned people against need in each interval of the days [start, end)."""
    source = sources_of([queue], Span(start, end))[queue.pk]
    return source.staffed(source.need(_saved(queue, source, start, at)))


def planned_on(
    queue: Queue, start: date, end: date, *, at: date | None = None
) -> Planned:
    """Return who is planned, by the saved shrinkage of the queue."""
    given = standing_of([queue], at or start)[queue.pk].given
    return planned_of(queue, start, end, shrinkage=given.shrinkage)


def overlay_fte(
    queue: Queue,
    overlay: Scenario,
    start: date,
    end: date,
    *,
    at: date | None = None,
) -> tuple[float, float] | None:
    """Return full-time people needed without and with a scenario; none unforecast."""
    plain = requirement_of(queue, start, end, at=at)
    if plain.fte is None:
        return None
    changed = requirement_of(
        queue, start, end, assumptions=plain.given, overlay=overlay
    )
    return plain.fte, changed.fte or 0.0


def _saved(queue: Queue, source: Sources, start: date, at: date | None) -> Given:
    forecast = source.demand.forecast
    moment = at or (forecast.trained_until if forecast else start)
    return standing_of([queue], moment)[queue.pk].given


@dataclass(frozen=True)
class MonthlyNeed:
    """Full-time people by queue and month: f8[q, m], not a number where not forecast.

    ``covered`` is the share of each month's days that the forecast knows; a month that
    is known in part stands on that part.
    """

    queue_ids: tuple[int, ...]
    months: tuple[date, ...]
    fte: Floats
    careful: Floats
    covered: Floats

    @property
    def total(self) -> Floats:
        """The sum over queues, rounded nowhere; queues without a forecast add nothing."""
        known = np.isfinite(self.fte).any(axis=0)
        return np.where(known, np.nansum(self.fte, axis=0), np.nan)

    @property
    def careful_total(self) -> Floats:
        known = np.isfinite(self.careful).any(axis=0)
        return np.where(known, np.nansum(self.careful, axis=0), np.nan)


def fte_needed(
    queue_ids: Sequence[int], months: Sequence[date], *, at: date | None = None
) -> MonthlyNeed:
    """Return the full-time people that queues need in months given by their first days.

    Handle times are those measured before ``at``, by default before each queue's
    forecast begins. A fixed number of queries for any number of queues and months.
    """
    queues = list(Queue.objects.filter(pk__in=queue_ids).order_by("pk"))
    firsts = sorted(months)
    shape = (len(queues), len(firsts))
    fte, careful, covered = np.full((3, *shape), np.nan)
    if queues and firsts:
        span = Span(firsts[0], month_after(firsts[-1]))
        sources = sources_of(queues, span)
        moment = at or _last_trained(queues, firsts[0])
        standing = standing_of(queues, moment)
        needs = needs_of(sources, {pk: each.given for pk, each in standing.items()})
        for row, queue in enumerate(queues):
            need = needs[queue.pk]
            for column, month in enumerate(firsts):
                part = need.between(month, month_after(month))
                fte[row, column] = _or_nan(part.fte)
                careful[row, column] = _or_nan(part.careful_fte)
                covered[row, column] = part.covered_days / (part.end - part.start).days
    return MonthlyNeed(
        tuple(queue.pk for queue in queues), tuple(firsts), fte, careful, covered
    )


def _last_trained(queues: Sequence[Queue], otherwise: date) -> date:
    forecasts = published_of([queue.pk for queue in queues]).values()
    return max((forecast.trained_until for forecast in forecasts), default=otherwise)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
