"""How many people a queue needs in each interval, and what planned people would give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self

import numpy as np

from workforce.capacity.core.cases import Case, people_of
from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.core.staffing import Floor
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.staffing.demand import Demand
from workforce.capacity.selectors.staffing.local_times import (
    Floats,
    Ints,
    LocalTimes,
    day_of,
    number_of,
)
from workforce.capacity.selectors.staffing.together import people_on


@dataclass(frozen=True, eq=False)
class DayNeed:
    """One local day: contacts, paid hours, and the most people at one time."""

    day: date
    volume: float
    paid_hours: float
    careful_hours: float
    peak: float


@dataclass(frozen=True, eq=False)
class StaffingNeed:
    """People needed in each interval of the days [start, end).

    All arrays have one element an interval. ``exact`` is the need before rounding, at
    work (shrinkage is not in it), ``agents`` the same in whole people, ``careful`` the
    need if volume comes at the upper end of its 80 % range. ``hours`` is how long people
    work on the interval: all of it, or the open part where work can wait.
    """

    queue: Queue
    start: date
    end: date
    given: Given
    forecast: Forecast | None
    times: LocalTimes
    hours: Floats
    volumes: Floats
    load: Floats
    exact: Floats
    agents: Ints
    careful: Floats
    occupancy: Floats
    service_level: Floats

    @property
    def is_empty(self) -> bool:
        return not self.times.starts.size

    @cached_property
    def paid(self) -> Floats:
        """People to pay for in each interval: with those whom shrinkage takes away."""
        return self.exact / (1 - self.given.shrinkage)

    def between(self, start: date, end: date) -> Self:
        """The part of the need on the local days [start, end)."""
        days = self.times.days
        inside = (days >= number_of(start)) & (days < number_of(end))
        cut: dict[str, Any] = {
            field.name: value[inside]
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray)
        }
        times = LocalTimes(
            self.times.starts[inside], days[inside], self.times.minutes[inside]
        )
        return replace(self, start=start, end=end, times=times, **cut)

    @property
    def paid_hours(self) -> float:
        return float(self.paid @ self.hours)

    @property
    def careful_hours(self) -> float:
        return float(self.careful @ self.hours) / (1 - self.given.shrinkage)

    @property
    def covered_days(self) -> int:
        """Days of the range that the forecast knows, closed ones among them."""
        if self.forecast is None:
            return 0
        first = self.forecast.starts_on
        if len(self.times.days):
            # Earlier days come from the forecast that this one superseded.
            first = min(first, day_of(int(self.times.days.min())))
        first = max(self.start, first)
        last = min(self.end, self.forecast.ends_on + timedelta(days=1))
        return max(0, (last - first).days)

    @property
    def weeks(self) -> float:
        return self.covered_days / 7

    @property
    def fte(self) -> float | None:
        """Full-time people on average over the days that are covered; none without any."""
        return self._full_time(self.paid_hours)

    @property
    def careful_fte(self) -> float | None:
        return self._full_time(self.careful_hours)

    def _full_time(self, hours: float) -> float | None:
        if not self.covered_days:
            return None
        return hours / self.weeks / self.given.hours_per_week

    def fte_with(self, exact: Floats, given: Given) -> float:
        """As `fte`, of other people under other assumptions in the same intervals."""
        if not self.covered_days:
            return 0.0
        hours = float(exact @ self.hours) / (1 - given.shrinkage)
        return hours / self.weeks / given.hours_per_week

    @property
    def peak(self) -> tuple[float, int] | None:
        """The most people at one time and the place of that interval."""
        if self.is_empty or not self.exact.any():
            return None
        place = int(np.argmax(self.exact))
        return float(self.exact[place]), place

    @cached_property
    def days(self) -> tuple[DayNeed, ...]:
        return tuple(self._days())

    def _days(self) -> Iterator[DayNeed]:
        numbers, place = np.unique(self.times.days, return_inverse=True)
        paid = np.bincount(place, self.paid * self.hours)
        careful = np.bincount(place, self.careful * self.hours)
        volumes = np.bincount(place, self.volumes)
        for row, number in enumerate(numbers):
            yield DayNeed(
                day_of(int(number)),
                float(volumes[row]),
                float(paid[row]),
                float(careful[row]) / (1 - self.given.shrinkage),
                float(self.exact[place == row].max()),
            )


@dataclass(frozen=True, eq=False)
class Asked:
    """A queue whose contacts are answered at once, in the days [start, end)."""

    queue: Queue
    start: date
    end: date
    demand: Demand
    given: Given


def live_need(
    queue: Queue,
    start: date,
    end: date,
    demand: Demand,
    given: Given,
    *,
    with_service: bool = True,
) -> StaffingNeed:
    """Return the need of a queue whose contacts are answered at once.

    Without ``with_service`` occupancy and service level are not a number: what whole
    people achieve is left out, and full-time people do not ask for it.
    """
    asked = Asked(queue, start, end, demand, given)
    (need,) = live_needs([asked], with_service=with_service)
    return need


def live_needs(
    asked: Sequence[Asked], *, with_service: bool = True
) -> list[StaffingNeed]:
    """Return `live_need` of many queues, searched for together."""
    floors = [floor_of(one.queue, one.demand.mean, one.given) for one in asked]
    upper = {
        place: floor_of(one.queue, one.demand.high, one.given)
        for place, one in enumerate(asked)
        if one.demand.high is not one.demand.mean
    }
    # Apart from one another: what one is found to be does not depend on the other.
    people = people_on(floors)
    careful = dict(zip(upper, people_on([*upper.values()]), strict=True))
    return [
        _live(one, floor, exact, agents, careful.get(place, (exact,))[0], with_service)
        for place, (one, floor, (exact, agents)) in enumerate(
            zip(asked, floors, people, strict=True)
        )
    ]


def _live(
    one: Asked,
    floor: Floor,
    exact: Floats,
    agents: Ints,
    careful: Floats,
    with_service: bool,
) -> StaffingNeed:
    occupancy = level = np.full(len(exact), np.nan)
    if with_service:
        reached = floor.achieved(agents.astype(np.float64))
        occupancy, level = reached.occupancy, reached.service_level
    return StaffingNeed(
        queue=one.queue,
        start=one.start,
        end=one.end,
        given=one.given,
        forecast=one.demand.forecast,
        times=one.demand.times,
        hours=np.full(len(exact), one.queue.interval_minutes / 60),
        volumes=one.demand.mean,
        load=floor.load,
        exact=exact,
        agents=agents,
        careful=careful,
        occupancy=occupancy,
        service_level=level,
    )


def floor_of(queue: Queue, volumes: Floats, given: Given) -> Floor:
    """Volumes as load on a queue's slots; for chat with the slow-down."""
    return Floor.of(volumes, queue.interval_minutes, queue.handling, given, None)


def live_people(queue: Queue, cases: Sequence[Case]) -> list[Floats]:
    """Return the people before rounding of many cases, worked together."""
    return people_of(cases, minutes=queue.interval_minutes, handling=queue.handling)
