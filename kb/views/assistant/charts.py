"""Two pictures: is a confidence true, and what does each threshold cost?"""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.core.thresholds import Bin
from kb.core.thresholds import Point as CurvePoint

LEFT, TOP, SIDE = 52.0, 14.0, 280.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
FINER_TICKS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
LOWEST = 0.5
"""Precisions are drawn from here on, or from lower where one is lower."""


@dataclass(frozen=True)
class Tick:
    place: float
    text: str


@dataclass(frozen=True)
class Dot:
    """A point with its bar; ``r`` grows with the answers behind it."""

    x: float
    y: float
    low: float
    high: float
    r: float
    is_chosen: bool = False


@dataclass(frozen=True)
class Picture:
    """A square of `SIDE` with ticks; ``path`` joins the dots, ``target`` is a height."""

    dots: list[Dot]
    across: list[Tick]
    up: list[Tick]
    path: str = ""
    low_path: str = ""
    target: float | None = None


def _x(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def _y(share: float, lowest: float = 0.0) -> float:
    kept = max(share, lowest)
    return round(TOP + SIDE * (1 - (kept - lowest) / (1 - lowest)), 1)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def reliability_picture(bins: Sequence[Bin]) -> Picture | None:
    """Draw the share right over the confidence said; nothing without answers."""
    full = [each for each in bins if each.confidence is not None]
    if not full:
        return None
    most = max(each.n for each in full)
    dots = [
        Dot(
            x=_x(each.confidence or 0.0),
            y=_y(each.share or 0.0),
            low=_y(each.lower),
            high=_y(each.upper),
            r=round(3 + 5 * (each.n / most) ** 0.5, 1),
        )
        for each in full
    ]
    return Picture(
        dots=dots,
        across=[Tick(_x(each), _percent(each)) for each in TICKS],
        up=[Tick(_y(each), _percent(each)) for each in TICKS],
    )


def curve_picture(
    points: Sequence[CurvePoint], *, threshold: float | None, target: float | None
) -> Picture | None:
    """Draw precision and its lower bound over coverage; nothing for less than two points.

    The point in force is the widest one at or above the threshold.
    """
    if len(points) < 2:
        return None
    floor = min([LOWEST, *(each.precision for each in points)])
    lowest = 0.0 if floor < LOWEST else LOWEST
    above = [each for each in points if threshold is not None and each.threshold >= threshold - 1e-9]  # fmt: skip
    chosen = above[-1] if above else None
    dots = [
        Dot(
            x=_x(each.coverage),
            y=_y(each.precision, lowest),
            low=_y(each.lower, lowest),
            high=_y(each.precision, lowest),
            r=6.0 if each is chosen else 3.5,
            is_chosen=each is chosen,
        )
        for each in points
    ]
    ticks = TICKS if lowest == 0 else FINER_TICKS
    return Picture(
        dots=dots,
        across=[Tick(_x(each), _percent(each)) for each in TICKS],
        up=[Tick(_y(each, lowest), _percent(each)) for each in ticks],
        path="M" + " L".join(f"{dot.x} {dot.y}" for dot in dots),
        low_path="M" + " L".join(f"{dot.x} {dot.low}" for dot in dots),
        target=_y(target, lowest) if target is not None else None,
    )
