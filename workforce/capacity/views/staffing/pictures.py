"""Where the marks of staffing's charts stand: promises, sensitivity, backlog.

Lines are drawn in a square of 100 by 100 that the page stretches; labels stand outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.utils.formats import date_format
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.sensitivity import Effect
from workforce.capacity.selectors.staffing.deferred import DeferredNeed
from workforce.capacity.selectors.staffing.need import StaffingNeed
from workforce.capacity.selectors.staffing.picture import Sources
from workforce.capacity.selectors.staffing.promises import Promise, effects, promises
from workforce.capacity.views.staffing import numbers

EDGE = 4.0
MOST_POINTS = 400

NAMES: dict[str, str | LazyText] = {
    "volume": gettext_lazy("Volume"),
    "service_level": gettext_lazy("Service level"),
    "target_seconds": gettext_lazy("Answered within"),
    "handle_seconds": gettext_lazy("Handle time"),
    "patience_seconds": gettext_lazy("Patience"),
    "max_occupancy": gettext_lazy("Occupancy at most"),
    "shrinkage": gettext_lazy("Shrinkage"),
    "concurrency": gettext_lazy("Chats at once"),
    "slowdown": gettext_lazy("Slower for each further chat"),
}
SHARES = frozenset(
    {"volume", "service_level", "max_occupancy", "shrinkage", "slowdown"}
)


@dataclass(frozen=True)
class Mark:
    """One promise on the curve and in the table beneath it."""

    x: float
    y: float
    promise: str
    fte: str
    peak: str
    extra: str
    is_chosen: bool


@dataclass(frozen=True)
class Curve:
    """The promise curve: marks, the line through them, and words for its axes."""

    marks: list[Mark]
    path: str
    levels: list[tuple[str, float]]
    people: list[str]
    is_deferred: bool


@dataclass(frozen=True)
class Bar:
    """One assumption of the sensitivity chart; bars are places from 0 to 100."""

    name: str | LazyText
    low: str
    high: str
    less: str
    more: str
    x: float
    width: float
    x_low: float
    x_high: float


def charts(source: Sources, need: StaffingNeed) -> dict[str, Any]:
    """The promise curve and the sensitivity bars of one week."""
    found = effects(source, need)
    return {"curve": curve(promises(source, need), need), "bars": bars(found)}


def curve(points: Sequence[Promise], need: StaffingNeed) -> Curve:
    """Place promises: people to the right, the better promise at the top."""
    is_deferred = isinstance(need, DeferredNeed)
    across = np.array([p.peak if is_deferred else p.fte for p in points])
    heights = _heights(points, is_deferred=is_deferred)
    low, high = float(across.min()), float(across.max())
    x = EDGE + (100 - 2 * EDGE) * (across - low) / max(high - low, 1e-9)
    base = need.fte or 0.0
    marks = [
        Mark(
            x=round(float(x[row]), 2),
            y=round(float(heights[row]), 2),
            promise=_promise_words(point, is_deferred=is_deferred),
            fte=numbers.people(point.fte),
            peak=numbers.people(point.peak),
            extra="–" if point.is_chosen else numbers.signed(point.fte - base),
            is_chosen=point.is_chosen,
        )
        for row, point in enumerate(points)
    ]
    return Curve(
        marks=marks,
        path=" ".join(f"{mark.x},{mark.y}" for mark in marks),
        levels=[
            (mark.promise, mark.y)
            for mark in (marks[0], marks[len(marks) // 2], marks[-1])
        ],
        people=[numbers.people(low + (high - low) * part) for part in (0, 0.5, 1)],
        is_deferred=is_deferred,
    )


def _heights(points: Sequence[Promise], *, is_deferred: bool) -> np.ndarray:
    """Shares keep their distances; hours are steps, as one is twice the one before."""
    if is_deferred:
        return EDGE + (100 - 2 * EDGE) * np.arange(len(points)) / max(
            1, len(points) - 1
        )
    levels = np.array([point.level for point in points])
    least = levels.min()
    return 100 - EDGE - (100 - 2 * EDGE) * (levels - least) / (levels.max() - least)


def _promise_words(point: Promise, *, is_deferred: bool) -> str:
    if is_deferred:
        return numbers.hours(point.level)
    return numbers.percent(point.level, 1 if round(point.level * 1000) % 10 else 0)


def bars(found: Sequence[Effect]) -> list[Bar]:
    """Place the effects on one scale; where nothing changes there is no bar."""
    seen = [value for e in found for value in (e.fte_low, e.fte_high, e.fte_base)]
    if not seen:
        return []
    low, high = min(seen), max(seen)

    def place(value: float) -> float:
        return round(EDGE + (100 - 2 * EDGE) * (value - low) / max(high - low, 1e-9), 2)

    return [
        Bar(
            name=NAMES.get(effect.name, effect.name),
            low=_value(effect.name, effect.low_value),
            high=_value(effect.name, effect.high_value),
            less=numbers.signed(effect.fte_low - effect.fte_base, 2),
            more=numbers.signed(effect.fte_high - effect.fte_base, 2),
            x=min(place(effect.fte_low), place(effect.fte_high)),
            width=round(abs(place(effect.fte_high) - place(effect.fte_low)), 2),
            x_low=place(effect.fte_base),
            x_high=place(effect.fte_high),
        )
        for effect in found
    ]


def _value(name: str, value: float) -> str:
    if name == "volume":
        return _("%(change)s %%") % {"change": numbers.signed(100 * (value - 1), 0)}
    if name in SHARES:
        return numbers.percent(value, 1)
    if name == "concurrency":
        return numbers.whole(value)
    return _("%(seconds)s s") % {"seconds": numbers.whole(value)}


@dataclass(frozen=True)
class BacklogChart:
    """Work that comes in, gets done, waits, and what is due; lines as SVG points."""

    arriving: str
    work: str
    waiting: str
    most_people: str
    most_waiting: str
    days: list[str]


def backlog_picture(need: DeferredNeed) -> BacklogChart:
    """Draw people arriving as work and planned, and under them the work that waits."""
    seconds = 60.0 * need.queue.interval_minutes * need.given.max_occupancy
    arriving, work = need.arriving / seconds, need.work / seconds
    most = max(float(arriving.max(initial=0.0)), float(work.max(initial=0.0)), 1e-9)
    waiting = need.waiting / 3600
    tallest = max(float(waiting.max(initial=0.0)), 1e-9)
    zone = ZoneInfo(need.queue.time_zone)
    firsts = np.flatnonzero(np.diff(need.times.days, prepend=-1))
    return BacklogChart(
        arriving=_steps(arriving / most),
        work=_steps(work / most),
        waiting=_steps(waiting / tallest),
        most_people=numbers.people(most),
        most_waiting=numbers.hours(tallest),
        days=[
            date_format(datetime.fromtimestamp(int(need.times.starts[row]), zone), "D")
            for row in firsts
        ],
    )


def _steps(shares: np.ndarray) -> str:
    """A line that keeps each interval's value for as long as the interval lasts."""
    count = max(1, len(shares))
    points = []
    for row, share in enumerate(shares.tolist()):
        y = round(100 - 96 * share, 2)
        points.append(f"{round(100 * row / count, 2)},{y}")
        points.append(f"{round(100 * (row + 1) / count, 2)},{y}")
    return " ".join(points)
