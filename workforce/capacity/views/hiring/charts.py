"""Need against have as a picture: bars a month, need as a line over them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from workforce.capacity.selectors.hiring import MonthLine

HEIGHT = 100.0
STEP = 10.0
"""Width of a month in the picture's own units."""
BAR = 6.0
MOST_LABELS = 8
FEW = 4
"""Of more months than these, a phone shows every other label."""


@dataclass(frozen=True)
class Bar:
    """One month's bar: people here today below, those still to come above."""

    x: float
    now_y: float
    now_height: float
    hires_y: float
    hires_height: float
    employed_y: float
    low_y: float
    high_y: float
    middle: float
    right: float
    percent: float
    label: str
    is_minor: bool


@dataclass(frozen=True)
class Chart:
    width: float
    bars: list[Bar]
    need: str
    ticks: list[tuple[str, float]]


def chart(lines: Sequence[MonthLine]) -> Chart:
    top = _top(lines)

    def y(value: float) -> float:
        return round(HEIGHT * (1 - max(value, 0) / top), 2)

    every = -(-len(lines) // MOST_LABELS)
    bars = [
        _bar(place, line, y, months=len(lines), is_named=place % every == 0)
        for place, line in enumerate(lines)
    ]
    return Chart(
        width=STEP * len(lines),
        bars=bars,
        need=_need(lines, y),
        ticks=[(f"{value:g}", y(value)) for value in _ticks(top)],
    )


def _bar(place, line, y, *, months, is_named) -> Bar:
    month = line.month
    left = place * STEP + (STEP - BAR) / 2
    return Bar(
        x=left,
        now_y=y(month.now),
        now_height=round(HEIGHT - y(month.now), 2),
        hires_y=y(month.have),
        hires_height=round(y(month.now) - y(month.have), 2),
        employed_y=y(month.employed),
        low_y=y(month.have_low),
        high_y=y(month.have_high),
        middle=place * STEP + STEP / 2,
        right=left + BAR,
        percent=round(100 * (place + 0.5) / months, 2),
        label=date_format(month.start, "M y") if is_named else "",
        is_minor=months > FEW and place % 2 == 1,
    )


def _need(lines, y) -> str:
    """Return the need as steps; a month that is not known breaks the line."""
    parts = []
    is_open = False
    for place, line in enumerate(lines):
        if line.month.need is None:
            is_open = False
            continue
        level = y(line.month.need)
        parts.append(f"{'L' if is_open else 'M'}{place * STEP:g} {level}")
        parts.append(f"L{(place + 1) * STEP:g} {level}")
        is_open = True
    return "".join(parts)


def _top(lines) -> float:
    highest = max(
        (
            value
            for line in lines
            for value in (
                line.month.need or 0,
                line.month.employed,
                line.month.have_high,
            )
        ),
        default=1.0,
    )
    return max(highest * 1.08, 1.0)


def _ticks(top: float) -> list[float]:
    """Return round levels, four to six of them, from nothing up."""
    step = next(
        each * 10**power
        for power in range(7)
        for each in (0.5, 1, 2, 5)
        if top / (each * 10**power) <= 6
    )
    return [step * index for index in range(int(top / step) + 1)]
