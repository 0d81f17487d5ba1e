"""Where, along one input, the preference between options flips."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workforce.capacity.core.options import Measure, Outcome, Plan, Setting, evaluate
from workforce.capacity.core.options.drivers import Floats, driver_of, within

POINTS = 49
_SAME = 1e-9
_STEPS = 60
_DEEPEST = 8

Curves = Callable[[Floats], Floats]
"""Values of every option at points of a driver: (x,) to (options, x). Less is better."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a driver's range over which one option is the best."""

    low: float
    high: float
    best: int


@dataclass(frozen=True)
class Tipping:
    """Cost and resolution time against one driver.

    Attributes
    ----------
    driver : str
    points : ndarray, shape (p,)
    cost, hours : ndarray, shape (plans, p)
    cheapest, fastest : list of Stretch
        In order, without gaps; the preference flips where one meets the next.
    """

    driver: str
    points: Floats
    cost: Floats
    hours: Floats
    cheapest: list[Stretch]
    fastest: list[Stretch]

    @property
    def flips(self) -> list[float]:
        """Every point at which either preference flips, in order."""
        found = [each.low for each in (*self.cheapest[1:], *self.fastest[1:])]
        return sorted(set(found))


def tipping(
    setting: Setting,
    plans: Sequence[Plan],
    driver: str,
    low: float,
    high: float,
    *,
    points: int = POINTS,
) -> Tipping:
    """Return which option is cheapest and which is fastest over a driver's range.

    Every other driver stands at its value.

    Parameters
    ----------
    setting : Setting
    plans : sequence of Plan
    driver : str
        A key of ``setting.keys``.
    low, high : float
        Ends of the range, ``low`` below ``high``.
    points : int
        Points of the curves, at least 2. A preference that flips twice between two of
        them may be missed.

    Returns
    -------
    Tipping

    Raises
    ------
    ValueError
        For an unknown driver or an empty range.
    """
    if driver not in setting.keys:
        raise ValueError(f"no input of the options: {driver!r}")
    if not low < high or points < 2:
        raise ValueError(f"an empty range: {low} to {high}")

    def outcome(at: Floats) -> Outcome:
        return evaluate(setting, plans, {driver: within(at, driver_of(driver))})

    grid = np.linspace(low, high, points)
    found = outcome(grid)
    shape = (len(plans), points)
    return Tipping(
        driver=driver,
        points=grid,
        cost=np.broadcast_to(found.cost, shape),
        hours=np.broadcast_to(found.hours, shape),
        cheapest=stretches(lambda at: Measure.COST.of(outcome(at)), grid),
        fastest=stretches(lambda at: Measure.RESOLUTION.of(outcome(at)), grid),
    )


def stretches(curves: Curves, grid: Floats) -> list[Stretch]:
    """Return the best option along a grid, with the exact points where it changes.

    Parameters
    ----------
    curves : callable
        Continuous values of every option at points (x,), shape (options, x) or
        (options, 1); the least is the best.
    grid : ndarray, shape (p,)
        Ascending, at least two points.

    Returns
    -------
    list of Stretch
        Where options are equal the one that was best before stays it.
    """

    def values(at: Floats) -> Floats:
        found = curves(at)
        return np.broadcast_to(found, (len(found), len(at)))

    table = values(grid)
    best = _first(table[:, 0])
    found = [Stretch(float(grid[0]), float(grid[-1]), best)]
    for place in range(1, len(grid)):
        after = _stays(table[:, place], best)
        if after == best:
            continue
        for flip, winner in _between(
            values, float(grid[place - 1]), float(grid[place]), best, after
        ):
            last = found.pop()
            if flip > last.low or len(found) == 0:
                found.append(Stretch(last.low, flip, last.best))
            found.append(Stretch(flip, float(grid[-1]), winner))
        best = after
    return [each for each in found if each.high > each.low]


def _first(values: Floats) -> int:
    lowest = values.min()
    is_best = values <= lowest + _SAME * (1.0 + abs(lowest))
    return int(np.argmax(is_best))


def _stays(values: Floats, held: int) -> int:
    """The best option; the one held when it is as good."""
    lowest = values.min()
    if values[held] <= lowest + _SAME * (1.0 + abs(lowest)):
        return held
    return _first(values)


def _between(
    values: Curves, low: float, high: float, before: int, after: int, depth: int = 0
) -> list[tuple[float, int]]:
    """Return (point, best from there on) for every change between two points."""
    flip = _crossing(values, low, high, before, after)
    there = values(np.array([flip]))[:, 0]
    third = _first(there)
    level = max(there[before], there[after])
    is_third_better = there[third] < level - 1e-7 * (1.0 + abs(level))
    if third in (before, after) or not is_third_better or depth >= _DEEPEST:
        return [(flip, after)]
    return [
        *_between(values, low, flip, before, third, depth + 1),
        *_between(values, flip, high, third, after, depth + 1),
    ]


def _crossing(
    values: Curves, low: float, high: float, before: int, after: int
) -> float:
    """Halve the interval until ``before`` and ``after`` meet to the last digits."""
    for _step in range(_STEPS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        there = values(np.array([middle]))[:, 0]
        if there[before] <= there[after]:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
