"""One queue in some days: need, planned people, and both beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workforce.capacity.core.overlays import Change
from workforce.capacity.core.overlays import Overlay as Scenario
from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.models import PlannedStaff, Queue
from workforce.capacity.selectors.staffing.deferred import (
    MARGIN,
    Backlogs,
    deferred_need,
)
from workforce.capacity.selectors.staffing.demand import (
    BACKLOG_DAYS,
    Demand,
    backlogs_of,
    demand_of,
)
from workforce.capacity.selectors.staffing.hours import OpenHours, open_hours_of
from workforce.capacity.selectors.staffing.need import (
    Asked,
    StaffingNeed,
    live_need,
    live_needs,
)
from workforce.capacity.selectors.staffing.planned import blocks_of
from workforce.capacity.selectors.staffing.staffed import Staffed, staffed
from workforce.capacity.selectors.staffing.typical import WEEKS, typical_demand

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """Local days [start, end); a typical week stands for the weeks from ``start`` on."""

    start: date
    end: date
    is_typical: bool = False

    @property
    def key(self) -> str:
        return "typical" if self.is_typical else self.start.isoformat()


@dataclass(frozen=True)
class Sources:
    """What was read for one queue and some days; assumptions are laid over it again and again.

    A slider asks for the database once and not for each of its charts.
    """

    queue: Queue
    span: Span
    demand: Demand
    hours: OpenHours
    backlogs: Backlogs
    blocks: Sequence[PlannedStaff]

    def with_scenario(
        self, overlay: Scenario | None, percent: float = 0.0
    ) -> "Sources":
        """Lay a scenario over what is expected, and change every interval by percent.

        A typical week is no week of the calendar: a scenario holds on all its days.
        """
        if overlay is not None and self.span.is_typical:
            overlay = Change(str(overlay), float(overlay.percent))
        return replace(self, demand=self.demand.scaled(overlay, percent))

    def need(
        self, given: Given, *, with_careful: bool = True, with_service: bool = True
    ) -> StaffingNeed:
        """Return the people needed under some assumptions.

        Without ``with_careful`` the careful plan is left out, and equals the other.
        Without ``with_service`` nobody asks what the people achieve; see `live_need`.
        """
        demand = self.demand if with_careful else self.demand.without_range()
        start, end = self.span.start, self.span.end
        if self.is_deferred:
            return deferred_need(
                self.queue, start, end, demand, given, self.hours,
                backlogs=self.backlogs, repeats=self.span.is_typical,
            )  # fmt: skip
        return live_need(
            self.queue, start, end, demand, given, with_service=with_service
        )

    def staffed(self, need: StaffingNeed) -> Staffed:
        return staffed(need, self.blocks)

    def of(self, span: Span) -> "Sources":
        """The part of what was read that some of its days stand on, as if read for them.

        Work that can wait begins anew with the newest count before those days.
        """
        margin = MARGIN if self.is_deferred else timedelta()
        demand = self.demand.between(span.start - margin, span.end + margin)
        since = span.start - timedelta(days=BACKLOG_DAYS)
        counted = [each for each in self.backlogs if since <= each[0] < span.start]
        return replace(self, span=span, demand=demand, backlogs=counted)

    @property
    def is_deferred(self) -> bool:
        return self.queue.handling == Queue.Handling.DEFERRED


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> Span:
    monday = monday_of(day)
    return Span(monday, monday + WEEK)


def typical_week(today: date) -> Span:
    """The week that stands for the four after this one."""
    monday = monday_of(today) + WEEK
    return Span(monday, monday + WEEK, is_typical=True)


def sources_of(
    queues: Sequence[Queue],
    span: Span,
    *,
    counted_before: date | None = None,
) -> dict[int, Sources]:
    """Read what the staffing of some queues in some days stands on: eleven queries.

    How many queues there are makes no difference. Open contacts are those counted before
    the days begin, or before a later day, for weeks inside them; see `Sources.of`.
    """
    end = span.start + WEEKS * WEEK if span.is_typical else span.end
    deferred = [q for q in queues if q.handling == Queue.Handling.DEFERRED]
    margin = MARGIN if deferred and not span.is_typical else timedelta()
    demands = demand_of(queues, span.start - margin, end + margin)
    hours = open_hours_of(deferred, span.start)
    last = counted_before or span.start
    backlogs = {} if span.is_typical else backlogs_of(deferred, span.start, last)
    blocks = blocks_of([queue.pk for queue in queues])
    return {
        queue.pk: Sources(
            queue=queue,
            span=span,
            demand=_demand(queue, demands[queue.pk], span),
            hours=hours.get(queue.pk, OpenHours(None)),
            backlogs=backlogs.get(queue.pk, ()),
            blocks=blocks[queue.pk],
        )
        for queue in queues
    }


def needs_of(
    sources: Mapping[int, Sources], given: Mapping[int, Given]
) -> dict[int, StaffingNeed]:
    """Return the need of each queue under its assumptions, both by its key.

    Those answered at once are searched for together. What whole people achieve is left
    out; see `live_need`.
    """
    asked = {
        queue_id: Asked(
            source.queue,
            source.span.start,
            source.span.end,
            source.demand,
            given[queue_id],
        )
        for queue_id, source in sources.items()
        if not source.is_deferred
    }
    needs = dict(
        zip(asked, live_needs([*asked.values()], with_service=False), strict=True)
    )
    return needs | {
        queue_id: source.need(given[queue_id])
        for queue_id, source in sources.items()
        if queue_id not in asked
    }


def _demand(queue: Queue, demand: Demand, span: Span) -> Demand:
    if span.is_typical:
        return typical_demand(queue, demand, span.start)
    if queue.handling == Queue.Handling.DEFERRED:
        return demand
    return demand.between(span.start, span.end)
