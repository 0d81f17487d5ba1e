"""Planned people against need: gaps, and the service that the plan would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.staffing import achieved
from workforce.capacity.models import PlannedStaff
from workforce.capacity.selectors.staffing.deferred import DeferredNeed
from workforce.capacity.selectors.staffing.local_times import Floats
from workforce.capacity.selectors.staffing.need import StaffingNeed
from workforce.capacity.selectors.staffing.planned import hours_between, people_on_floor

COVERED = 0.5
"""Less than this share of the people needed at work is a coverage gap."""


@dataclass(frozen=True, eq=False)
class Gap:
    """One interval in which people are short: its place, need and people at work."""

    place: int
    needed: float
    available: float

    @property
    def short(self) -> float:
        return self.needed - self.available


@dataclass(frozen=True, eq=False)
class Staffed:
    """What the planned people give in each interval of a need.

    ``available`` are people at work (``on_floor`` without shrinkage); ``service_level``
    and ``occupancy`` are those they would reach, not a number where nothing comes in or
    falls due. ``weights`` is how much each interval's service level counts.
    """

    need: StaffingNeed
    blocks: Sequence[PlannedStaff]

    @cached_property
    def _service(self) -> "_Service":
        """Worked out when first looked at: of the weeks of a list one is shown."""
        maker = _in_time if isinstance(self.need, DeferredNeed) else _at_once
        return maker(self.need, self.blocks)

    @property
    def on_floor(self) -> Floats:
        return self._service.on_floor

    @property
    def available(self) -> Floats:
        return self._service.available

    @property
    def service_level(self) -> Floats:
        return self._service.level

    @property
    def weights(self) -> Floats:
        return self._service.weights

    @property
    def occupancy(self) -> Floats:
        return self._service.occupancy

    @property
    def hours_late(self) -> Floats | None:
        """Open hours past the deadline of what falls due in each interval.

        ``None`` where no work can wait.
        """
        return self._service.hours_late

    @property
    def left_late(self) -> float:
        """Hours of work that are late at the end; of work that can wait."""
        return self._service.left_late

    @cached_property
    def floor_hours(self) -> float:
        return hours_between(self.blocks, self.need.start, self.need.end)

    @property
    def mean_hours_late(self) -> float | None:
        """Mean open hours that late work is late by; none where nothing is late."""
        if self.hours_late is None:
            return None
        late = self.weights * np.nan_to_num(1 - self.service_level)
        return weighted(self.hours_late, late)

    @property
    def most_hours_late(self) -> float:
        return 0.0 if self.hours_late is None else float(self.hours_late.max(initial=0))

    @property
    def is_planned(self) -> bool:
        """Whether anybody is planned in these days at all."""
        return self.floor_hours > 0

    @cached_property
    def gap(self) -> Floats:
        """People at work beyond need; below zero they are short."""
        return self.available - self.need.exact

    @cached_property
    def is_kept_anyway(self) -> bool:
        """Whether work that can wait is in time with the planned people.

        The plan is one way to do it: people at other hours than it asks for are no gap.
        """
        level = self.mean_service_level
        return isinstance(self.need, DeferredNeed) and (level or 0.0) > 0.9995

    @cached_property
    def uncovered(self) -> NDArray[np.bool_]:
        """Whether less than half of the need is there; no hour of a kept deadline is."""
        if self.is_kept_anyway:
            return np.zeros(len(self.available), bool)
        return (self.need.exact > 0) & (self.available < COVERED * self.need.exact)

    @property
    def uncovered_hours(self) -> float:
        return float(self.need.hours[self.uncovered].sum())

    @property
    def worst(self) -> Gap | None:
        """The interval most people are short in; none where nobody is short."""
        if self.need.is_empty or self.is_kept_anyway or self.gap.min() >= 0:
            return None
        return self._at(int(np.argmin(self.gap)))

    def largest_gaps(self, limit: int = 5) -> list[Gap]:
        """The coverage gaps in which most people are short, largest first."""
        places = np.flatnonzero(self.uncovered)
        order = places[np.argsort(self.gap[places], kind="stable")]
        return [self._at(int(place)) for place in order[:limit]]

    def _at(self, place: int) -> Gap:
        return Gap(place, float(self.need.exact[place]), float(self.available[place]))

    @property
    def fte(self) -> float | None:
        """Full-time people that the plan takes, a week."""
        days = (self.need.end - self.need.start).days
        if not days:
            return None
        return self.floor_hours / (days / 7) / self.need.given.hours_per_week

    @cached_property
    def mean_service_level(self) -> float | None:
        """Share of the expected contacts served in time; none without contacts."""
        return weighted(self.service_level, self.weights)

    @property
    def mean_occupancy(self) -> float | None:
        return weighted(self.occupancy, self.available * self.need.hours)


def weighted(values: Floats, weights: Floats) -> float | None:
    """The mean of the known values by weight; none where no weight is left."""
    known = np.isfinite(values) & (weights > 0)
    if not known.any():
        return None
    return float(np.average(values[known], weights=weights[known]))


@dataclass(frozen=True, eq=False)
class _Service:
    """What people at work reach: by interval, with what each share weighs."""

    available: Floats
    on_floor: Floats
    level: Floats
    weights: Floats
    occupancy: Floats
    hours_late: Floats | None = None
    left_late: float = 0.0


def staffed(need: StaffingNeed, blocks: Sequence[PlannedStaff]) -> Staffed:
    """Lay the planned blocks over a need and say what service they give."""
    return Staffed(need, blocks)


def _at_once(need: StaffingNeed, blocks: Sequence[PlannedStaff]) -> _Service:
    minutes = need.queue.interval_minutes
    floor = people_on_floor(blocks, need.times, need.hours * 3600, minutes=minutes)
    available = floor * (1 - need.given.shrinkage)
    result = achieved(
        need.volumes,
        available,
        minutes=minutes,
        handling=need.queue.handling,
        assumptions=need.given,
    )
    return _Service(
        available,
        floor,
        np.where(need.volumes > 0, result.service_level, np.nan),
        need.volumes,
        np.where(available > 0, result.occupancy, np.nan),
    )


def _in_time(need: StaffingNeed, blocks: Sequence[PlannedStaff]) -> _Service:
    assert isinstance(need, DeferredNeed)  # noqa: S101 -- for the type checker
    line, given = need.line, need.given
    floor = people_on_floor(blocks, line.times, line.open_seconds, minutes=line.minutes)
    available = floor * (1 - given.shrinkage)
    reached, kept, due = line.outcome(available, given)
    at_work = available * line.open_seconds
    busy = np.full(len(floor), np.nan)
    np.divide(reached.work, at_work, out=busy, where=at_work > 0)
    cut = line.inside
    late = reached.lateness[cut]
    return _Service(
        available[cut],
        floor[cut],
        kept[cut],
        due[cut],
        busy[cut],
        hours_late=reached.hours_late(np.cumsum(due))[cut],
        left_late=float(late[-1]) / 3600 if late.size else 0.0,
    )
