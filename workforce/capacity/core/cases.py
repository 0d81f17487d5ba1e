"""Many cases of one queue worked together: every promise, and each assumption moved.

Charts ask for the people of the same week some twenty times over. Worked in one call, the
cases share the search that finds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.erlang import whole_and_fractional
from workforce.capacity.core.staffing import Assumptions, Floats, Floor


@dataclass(frozen=True, slots=True)
class Case:
    """Contacts of each interval, and what is taken for granted of them."""

    volumes: ArrayLike
    given: Assumptions


def people_of(cases: Sequence[Case], *, minutes: float, handling: str) -> list[Floats]:
    """Return the people each interval of each case needs, before rounding up.

    Parameters
    ----------
    cases : sequence of Case
    minutes, handling
        As in `staffing.requirement`, the same for all cases.

    Returns
    -------
    list of ndarray of float64
        `Requirement.exact` of each case, in their order.

    Raises
    ------
    ValueError
        As `staffing.requirement`.
    """
    floors = [
        Floor.of(case.volumes, minutes, handling, case.given, None) for case in cases
    ]
    found = [np.zeros_like(floor.load) for floor in floors]
    for definition in sorted({case.given.definition for case in cases}):
        rows = [
            row for row, case in enumerate(cases) if case.given.definition == definition
        ]
        slots = _slots([floors[row] for row in rows], definition)
        for row, part in zip(rows, slots, strict=True):
            found[row] = part / floors[row].each.slots
    return found


def _slots(floors: Sequence[Floor], definition: str) -> list[Floats]:
    """Fractional slots of cases that count their service level in one way."""
    sizes = [floor.load.size for floor in floors]
    given = [floor.assumptions for floor in floors]

    def each(values: list[float]) -> Floats:
        return np.repeat(np.array(values, dtype=np.float64), sizes)

    _whole, exact = whole_and_fractional(
        np.concatenate([floor.load for floor in floors]),
        np.concatenate([floor.handle for floor in floors]),
        service_level=each([one.service_level for one in given]),
        target=each([one.target_seconds for one in given]),
        max_occupancy=each([one.max_occupancy for one in given]),
        patience=each([one.patience_seconds or np.inf for one in given]),
        definition=definition.lower(),
    )
    return np.split(exact, np.cumsum(sizes)[:-1])


def full_time(
    cases: Sequence[Case], *, minutes: float, handling: str, weeks: float = 1.0
) -> list[float]:
    """Return the full-time people of each case; see `Requirement.fte`.

    Raises
    ------
    ValueError
        As `people_of`, and where ``weeks`` is not above 0.
    """
    if not weeks > 0:
        raise ValueError(f"weeks must be above 0: {weeks!r}")
    people = people_of(cases, minutes=minutes, handling=handling)
    return [
        float(exact.sum())
        / (1.0 - case.given.shrinkage)
        * minutes
        / 60.0
        / (case.given.hours_per_week * weeks)
        for exact, case in zip(people, cases, strict=True)
    ]


def promise_curve(
    volumes: ArrayLike,
    *,
    minutes: float,
    handling: str,
    assumptions: Assumptions,
    levels: Sequence[float],
    weeks: float = 1.0,
) -> Floats:
    """Return the full-time people each service level costs.

    Parameters
    ----------
    volumes, minutes, handling, assumptions
        As in `staffing.requirement`.
    levels : sequence of float, length m
        Service levels, each at least 0 and below 1.
    weeks : float
        Weeks the volumes span.

    Returns
    -------
    ndarray of float64, shape (m,)
    """
    cases = [
        Case(volumes, replace(assumptions, service_level=level)) for level in levels
    ]
    return np.array(full_time(cases, minutes=minutes, handling=handling, weeks=weeks))
