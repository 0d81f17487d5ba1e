"""Need of queues whose work can wait: the smoothest plan that keeps every deadline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.backlog import BacklogPlan, due_within, plan, project
from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.demand import Demand
from workforce.capacity.selectors.staffing.hours import OpenHours
from workforce.capacity.selectors.staffing.local_times import (
    Floats,
    Ints,
    LocalTimes,
    day_grid,
    day_of,
    local_times,
    number_of,
)
from workforce.capacity.selectors.staffing.need import StaffingNeed

MARGIN = timedelta(days=7)
"""Days planned before and after those asked for, so that work carries over both ends."""
WEEKS_OF_HOURS = 4

Backlogs = Sequence[tuple[date, int]]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Every interval from a margin before the days asked for to a margin after them.

    ``inside`` says which were asked for; ``waiting`` are contacts that wait at its start.
    One of typical weeks ends as it began, with nothing waiting, so that each of its
    weeks does the work of a week.
    """

    minutes: int
    times: LocalTimes
    share: Floats
    mean: Floats
    high: Floats
    inside: NDArray[np.bool_]
    waiting: int
    is_typical: bool = False
    counted: tuple[int, int] | None = None
    """The newest count of open contacts: the interval it stands before, and how many."""

    @property
    def open_seconds(self) -> Floats:
        return self.share * self.minutes * 60

    def plan(self, volumes: Floats, given: Given) -> BacklogPlan:
        """Spread the work of some volumes over the open time."""
        return plan(
            volumes * given.handle_seconds,
            self.share,
            minutes=self.minutes,
            within=given.target_seconds,
            backlog=self.waiting * given.handle_seconds,
            leave=0.0 if self.is_typical else None,
        )

    def outcome(
        self, available: Floats, given: Given
    ) -> tuple[BacklogPlan, Floats, Floats]:
        """What people at work get done, the share of it in time, and what fell due.

        The share is of what fell due in an interval; not a number where nothing did.
        It begins with what was open when that was last counted: what the plan would
        have made of the days before is no longer a question.
        """
        place, waiting = self.counted or (0, self.waiting)
        arriving = self.mean * given.handle_seconds
        people = available * given.max_occupancy
        # Of the days before the count nothing is left but the count, and nobody works.
        arriving[:place] = people[:place] = 0.0
        opened = arriving.copy()
        opened[place : place + 1] += waiting * given.handle_seconds
        reached = project(
            opened,
            self.share,
            people,
            minutes=self.minutes,
            within=given.target_seconds,
        )
        due = due_within(opened, self.open_seconds, given.target_seconds)
        new = np.diff(due, prepend=0.0)
        some = new > 1e-9
        late = np.minimum(reached.lateness, new)
        kept = np.full(len(new), np.nan)
        np.divide(new - late, new, out=kept, where=some)
        return reached, kept, new


@dataclass(frozen=True, eq=False)
class DeferredNeed(StaffingNeed):
    """A need whose work is spread; arrays have one element an interval, in seconds.

    ``arriving`` is work that comes in, ``work`` what the plan gets done, ``waiting`` what
    is left at the end, and ``late`` how much of that should have been done by then.
    """

    arriving: Floats
    work: Floats
    waiting: Floats
    late: Floats
    line: Timeline

    def between(self, start: date, end: date) -> Self:
        days = self.line.times.days
        inside = (days >= number_of(start)) & (days < number_of(end))
        line = replace(self.line, inside=inside)
        return replace(super().between(start, end), line=line)

    @property
    def is_feasible(self) -> bool:
        """Whether every deadline can be kept, whatever the number of people."""
        return not (self.late > 1.0).any()

    @property
    def late_hours(self) -> float:
        """The most hours of work that are past their deadline at one time."""
        return float(self.late.max(initial=0.0)) / 3600


def deferred_need(
    queue: Queue,
    start: date,
    end: date,
    demand: Demand,
    given: Given,
    hours: OpenHours,
    *,
    backlogs: Backlogs = (),
    repeats: bool = False,
) -> StaffingNeed:
    """Return the people needed so that everything is done within the promised open time.

    ``backlogs`` are open contacts at the end of past days; ``repeats`` says that the
    weeks before and after look like this one. People are on contacts for no more of
    their time than the assumed occupancy.
    """
    line = _timeline(queue, start, end, demand, hours, backlogs, repeats=repeats)
    mean = line.plan(line.mean, given)
    careful = mean if demand.high is demand.mean else line.plan(line.high, given)
    cut = line.inside
    exact = mean.people[cut] / given.max_occupancy
    volumes = line.mean[cut]
    starts, days, minutes = line.times.starts, line.times.days, line.times.minutes
    return DeferredNeed(
        queue=queue,
        start=start,
        end=end,
        given=given,
        forecast=demand.forecast,
        times=LocalTimes(starts[cut], days[cut], minutes[cut]),
        hours=line.open_seconds[cut] / 3600,
        volumes=volumes,
        load=mean.people[cut],
        exact=exact,
        agents=np.ceil(exact - 1e-6).astype(np.int64),
        careful=careful.people[cut] / given.max_occupancy,
        occupancy=np.where(exact > 0, given.max_occupancy, np.nan),
        service_level=np.where(volumes > 0, 1.0, np.nan),
        arriving=volumes * given.handle_seconds,
        work=mean.work[cut],
        waiting=mean.backlog[cut],
        late=mean.lateness[cut],
        line=line,
    )


def _timeline(
    queue: Queue,
    start: date,
    end: date,
    demand: Demand,
    hours: OpenHours,
    backlogs: Backlogs,
    *,
    repeats: bool,
) -> Timeline:
    if not demand.times.starts.size:
        none = np.zeros(0)
        times = LocalTimes(*[none.astype(np.int64)] * 3)
        empty = none.astype(bool)
        return Timeline(queue.interval_minutes, times, none, none, none, empty, 0)
    margin = 2 * MARGIN if repeats else MARGIN
    first = start - margin
    if demand.forecast is not None and not repeats:
        # Days before the forecast come from the one that it superseded.
        known = day_of(int(demand.times.days.min()))
        first = min(start, max(first, known))
    starts, _seconds = day_grid(queue, first, end + margin)
    times = local_times(starts, ZoneInfo(queue.time_zone))
    if repeats:
        mean, high = _repeated(times, demand)
        share = _usual_share(queue, start, times, hours)
    else:
        mean, high = _placed(starts, demand)
        share = _share(queue, starts, hours)
    days = times.days
    return Timeline(
        minutes=queue.interval_minutes,
        times=times,
        share=share,
        mean=mean,
        high=high,
        inside=(days >= number_of(start)) & (days < number_of(end)),
        waiting=next((n for day, n in reversed(backlogs) if day < first), 0),
        is_typical=repeats,
        counted=None if repeats else _counted(days, backlogs, start),
    )


def _counted(days: Ints, backlogs: Backlogs, start: date) -> tuple[int, int] | None:
    """The newest count before ``start`` that stands inside the timeline."""
    day, waiting = max(
        (each for each in backlogs if each[0] < start), default=(date.min, 0)
    )
    place = int(np.searchsorted(days, number_of(day), side="right"))
    return (place, waiting) if place else None


def _share(queue: Queue, starts: Ints, hours: OpenHours) -> Floats:
    seconds = np.full(len(starts), 60.0 * queue.interval_minutes)
    return np.clip(hours.share(starts, seconds), 0.0, 1.0)


def _usual_share(
    queue: Queue, start: date, times: LocalTimes, hours: OpenHours
) -> Floats:
    """How much of each interval is open in a week without a public holiday."""
    starts, _seconds = day_grid(queue, start, start + WEEKS_OF_HOURS * MARGIN)
    known = local_times(starts, ZoneInfo(queue.time_zone))
    keys, place = np.unique(_keys(known), return_inverse=True)
    most = np.zeros(len(keys))
    np.maximum.at(most, place, _share(queue, starts, hours))
    return most[np.clip(np.searchsorted(keys, _keys(times)), 0, len(keys) - 1)]


def _keys(times: LocalTimes) -> Ints:
    return times.weekdays * 1440 + times.minutes


def _placed(starts: Ints, demand: Demand) -> tuple[Floats, Floats]:
    """Put expected intervals on the timeline by the moment at which they begin."""
    inside = demand.times.starts >= starts[0]
    place = np.searchsorted(starts, demand.times.starts[inside], side="right") - 1
    mean, high = np.zeros(len(starts)), np.zeros(len(starts))
    np.add.at(mean, place, demand.mean[inside])
    np.add.at(high, place, demand.high[inside])
    return mean, high


def _repeated(times: LocalTimes, demand: Demand) -> tuple[Floats, Floats]:
    """Put a typical week on every week of the timeline, by weekday and time of day."""
    keys, wanted = _keys(demand.times), _keys(times)
    place = np.clip(np.searchsorted(keys, wanted), 0, len(keys) - 1)
    known = keys[place] == wanted
    return np.where(known, demand.mean[place], 0.0), np.where(
        known, demand.high[place], 0.0
    )
