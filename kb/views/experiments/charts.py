"""The course of an experiment as a picture: effect and bounds day by day."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from kb.selectors.experiments.judging import DayPoint
from kb.views.experiments.words import points as in_points

WIDTH, HEIGHT = 100.0, 100.0
MOST_LABELS = 5
LEAST_SPAN = 0.15
"""Points shown above and below zero at least, as a share."""


@dataclass(frozen=True)
class Label:
    text: str
    percent: float
    anchor: str


@dataclass(frozen=True)
class Chart:
    """Paths in a box of 100 by 100; ``band`` is empty while nothing is bounded."""

    effect: str
    band: str
    zero: float
    guardrail: float
    ticks: list[tuple[str, float]]
    days: list[Label]


def chart(course: Sequence[DayPoint], *, guardrail: float) -> Chart | None:
    """Return the picture, or none for less than two days."""
    known = [point for point in course if point.effect is not None]
    if len(known) < 2:
        return None
    span = _span(known, guardrail)
    first = known[0].day
    length = (known[-1].day - first).days

    def x(point: DayPoint) -> float:
        return round(WIDTH * (point.day - first).days / length, 2)

    def y(share: float) -> float:
        return round(HEIGHT * (1 - (min(max(share, -span), span) + span) / (2 * span)), 2)  # fmt: skip

    bounded = [point for point in known if point.lower > -1 or point.upper < 1]
    upper = [f"{x(point)} {y(point.upper)}" for point in bounded]
    lower = [f"{x(point)} {y(point.lower)}" for point in reversed(bounded)]
    line = [f"{x(point)} {y(point.effect or 0.0)}" for point in known]
    return Chart(
        effect="M" + " L".join(line),
        band="M" + " L".join(upper + lower) + " Z" if len(bounded) > 1 else "",
        zero=y(0),
        guardrail=y(-guardrail),
        ticks=[(in_points(level), y(level)) for level in _levels(span)],
        days=_labels(known, x),
    )


def _span(known: Sequence[DayPoint], guardrail: float) -> float:
    """Return how far up and down is shown: the last bounds, and the way there."""
    last = known[-1]
    reach = [abs(last.effect or 0.0), guardrail, LEAST_SPAN]
    reach += [abs(bound) for bound in (last.lower, last.upper) if abs(bound) < 1]
    return min(1.3 * max(reach), 1.0)


def _levels(span: float) -> list[float]:
    step = next(each for each in (0.05, 0.1, 0.2, 0.5, 1.0) if span / each <= 3)
    count = int(span / step)
    return [step * place for place in range(-count, count + 1)]


def _labels(known, x) -> list[Label]:
    every = -(-len(known) // MOST_LABELS)
    shown = known[::every]
    return [
        Label(
            text=date_format(point.day, "j M"),
            percent=x(point),
            anchor="start" if x(point) < 5 else "end" if x(point) > 95 else "middle",
        )
        for point in shown
    ]
