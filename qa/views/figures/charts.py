"""Where the marks of quality's pictures stand: scales of points, lines over weeks.

Lines are drawn in a square of 100 by 100 that the page stretches; round dots stay round
because they are drawn as the ends of lines (``vector-effect`` in the style sheet).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

WIDTH, HEIGHT, EDGE = 160, 20, 6


@dataclass(frozen=True)
class Axis:
    """A scale of points from a round number to 100."""

    low: float
    high: float = 100.0

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1; what is outside stands at the edge."""
        inside = min(self.high, max(self.low, value))
        return (inside - self.low) / (self.high - self.low)

    def x(self, value: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * self.share(value), 1)

    def y(self, value: float) -> float:
        return round(100 * (1 - self.share(value)), 2)

    @property
    def ticks(self) -> list[int]:
        step = 10 if self.high - self.low <= 50 else 20
        return list(range(int(self.low), int(self.high) + 1, step))


def axis_for(values: Iterable[float | None]) -> Axis:
    """A scale that holds all values, from a multiple of ten up to 100."""
    least = min((value for value in values if value is not None), default=50.0)
    return Axis(float(max(0, min(80, 10 * floor(least / 10)))))


@dataclass(frozen=True)
class Point:
    """One moment of a line: its place, and whether it is marked."""

    x: float
    y: float
    is_signal: bool
    title: str


@dataclass(frozen=True)
class Line:
    """A line over time with limits, centre and goal; strings are SVG points."""

    points: list[Point]
    path: str
    band: str
    centre: float | None
    goal: float
    axis: Axis
    ticks: list[tuple[int, float]]
    first: date
    middle: date
    last: date


def line(
    days: Sequence[date],
    values: Sequence[float | None],
    titles: Sequence[str],
    *,
    lower: Sequence[float | None],
    upper: Sequence[float | None],
    signals: Sequence[bool],
    centre: float | None,
    goal: float,
) -> Line | None:
    """Place a line of at least two known values; ``None`` where there are fewer."""
    known = [place for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    axis = axis_for([*values, *lower, goal])
    width = max(1, len(values) - 1)

    def x(place: int) -> float:
        return round(100 * place / width, 2)

    points = [
        Point(x(place), axis.y(value), signals[place], titles[place])
        for place in known
        if (value := values[place]) is not None
    ]
    bounded = [
        (x(place), axis.y(low), axis.y(high))
        for place, (low, high) in enumerate(zip(lower, upper, strict=True))
        if low is not None and high is not None
    ]
    there = [f"{at},{high}" for at, _low, high in bounded]
    back = [f"{at},{low}" for at, low, _high in reversed(bounded)]
    return Line(
        points=points,
        path=" ".join(f"{point.x},{point.y}" for point in points),
        band=" ".join([*there, *back]) if len(bounded) > 1 else "",
        centre=None if centre is None else axis.y(centre),
        goal=axis.y(goal),
        axis=axis,
        ticks=[(tick, axis.y(tick)) for tick in axis.ticks],
        first=days[0],
        middle=days[len(days) // 2],
        last=days[-1],
    )
