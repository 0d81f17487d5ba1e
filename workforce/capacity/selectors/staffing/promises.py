"""What each promise costs, and what each assumption is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workforce.capacity.core.cases import Case
from workforce.capacity.core.sensitivity import Effect, sensitivity
from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.core.staffing import CapacityEquation, capacity_equation
from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.selectors.staffing.local_times import Floats
from workforce.capacity.selectors.staffing.need import StaffingNeed, live_people
from workforce.capacity.selectors.staffing.picture import Sources

LEVELS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
OPEN_HOURS = (1, 2, 4, 8, 12, 16, 24, 40)
CHANGE = 0.1
WORKING_DAYS = 5
HOUR = 3600


@dataclass(frozen=True)
class Promise:
    """One promise and what it takes: full-time people, and the most at once.

    ``level`` is a share for work answered at once, and open hours for work that waits.
    """

    level: float
    fte: float
    peak: float
    is_chosen: bool


def promises(source: Sources, need: StaffingNeed) -> list[Promise]:
    """Return what other promises would cost in the same days, the chosen one among them."""
    if source.queue.handling == Queue.Handling.DEFERRED:
        return _deadlines(source, need)
    return _levels(source, need)


def _levels(source: Sources, need: StaffingNeed) -> list[Promise]:
    chosen = need.given.service_level
    levels = sorted({*LEVELS, chosen})
    others = [replace(need.given, service_level=level) for level in levels]
    return [
        Promise(
            level,
            need.fte_with(exact, given),
            float(exact.max(initial=0.0)),
            level == chosen,
        )
        for level, given, exact in zip(
            levels, others, _people(source, need, others), strict=True
        )
    ]


def _people(
    source: Sources, need: StaffingNeed, others: Sequence[Given]
) -> list[Floats]:
    """The people of the same week under other assumptions, where none can wait."""
    return live_people(source.queue, [Case(need.volumes, given) for given in others])


def _deadlines(source: Sources, need: StaffingNeed) -> list[Promise]:
    chosen = need.given.target_seconds
    found = []
    for seconds in sorted({*(float(HOUR * hours) for hours in OPEN_HOURS), chosen}):
        given = replace(need.given, target_seconds=seconds)
        other = need if seconds == chosen else source.need(given, with_careful=False)
        found.append(_promise(other, seconds / HOUR, is_chosen=seconds == chosen))
    return found


def _promise(need: StaffingNeed, level: float, *, is_chosen: bool) -> Promise:
    peak = need.peak[0] if need.peak else 0.0
    return Promise(level, need.fte or 0.0, peak, is_chosen)


def effects(source: Sources, need: StaffingNeed) -> list[Effect]:
    """Return how full-time people move with each assumption, the strongest first."""
    if source.queue.handling == Queue.Handling.DEFERRED:
        return _deferred_effects(source, need)
    return sensitivity(
        need.volumes,
        minutes=source.queue.interval_minutes,
        handling=source.queue.handling,
        assumptions=need.given,
        weeks=need.weeks,
    )


def _deferred_effects(source: Sources, need: StaffingNeed) -> list[Effect]:
    """Move each assumption by a tenth; the deadline moves the peak, not the sum."""
    given, base = need.given, need.fte or 0.0

    def fte(name: str, value: float) -> float:
        changed, other = source, given
        if name == "volume":
            changed = source.with_scenario(None, 100 * (value - 1))
        else:
            moved: dict[str, Any] = {name: value}
            other = replace(given, **moved)
        return changed.need(other, with_careful=False).fte or 0.0

    found = []
    for name in ("volume", "handle_seconds", "max_occupancy", "shrinkage"):
        value = 1.0 if name == "volume" else getattr(given, name)
        low, high = value * (1 - CHANGE), value * (1 + CHANGE)
        high = min(high, {"max_occupancy": 1.0, "shrinkage": 0.99}.get(name, high))
        if value:
            found.append(Effect(name, low, high, fte(name, low), fte(name, high), base))
    return sorted(found, key=lambda effect: -effect.swing)


def definitions(source: Sources, need: StaffingNeed) -> list[tuple[str, float]]:
    """Return the full-time people each of the four ways of counting asks for."""
    if source.queue.handling == Queue.Handling.DEFERRED:
        return []
    codes = Assumptions.Definition.values
    others = [replace(need.given, definition=code) for code in codes]
    return [
        (code, need.fte_with(exact, need.given))
        for code, exact in zip(codes, _people(source, need, others), strict=True)
    ]


def simple_equation(need: StaffingNeed) -> CapacityEquation | None:
    """The capacity equation for the mean day on which people work.

    Utilisation is what shrinkage leaves of a paid day. None without such a day.
    """
    days = working_days(need)
    if not days:
        return None
    return capacity_equation(
        float(need.volumes.sum()) / days,
        need.given.handle_seconds / 60,
        need.given.hours_per_week / WORKING_DAYS,
        1 - need.given.shrinkage,
    )


def people_a_day(need: StaffingNeed) -> float:
    """Full-time people on the mean of the same days, by the full model."""
    days = working_days(need)
    hours = need.given.hours_per_week / WORKING_DAYS
    return need.paid_hours / days / hours if days else 0.0


def working_days(need: StaffingNeed) -> int:
    """Days on which anybody is needed."""
    return sum(day.paid_hours > 0 for day in need.days)
