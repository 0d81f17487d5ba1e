"""Lines with bands over time, drawn on the server: any page of capacity may use it.

Build a ``Chart`` from what is known, pass it to the template, and print it there with
``{{ chart }}``: it is safe HTML. Colours come from the classes in
``static/capacity/charts.css`` (load it in the page), so that dark mode holds; texts stand
beside the stretched plot and keep their size on a phone. Put the table of the same
figures under it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Value = float | None
T = TypeVar("T")

LABELS, ALL_OF = 5, 7
"""So many names fit under a plot at 390 px."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``None`` breaks it. ``css``: "actual", "expected", "before", "other"."""

    name: str
    css: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Area:
    """A band between two lines. ``css``: "wide" (95 %) or "narrow" (80 %)."""

    name: str
    css: str
    low: Sequence[Value]
    high: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot at one point, told in words on hover. ``css``: "outlier" or "event"."""

    place: int
    value: float
    css: str
    title: str


@dataclass(frozen=True, slots=True)
class Span:
    """A shaded stretch of time, from one point to another, both included."""

    first: int
    last: int
    title: str
    css: str = "event"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of values over equal steps of time.

    Parameters
    ----------
    label : str
        The answer in words, for who cannot see the picture.
    names : sequence of str
        What each step is called; some of them are printed under the plot.
    unit : str
        What the values count, printed above the plot.
    areas, lines, marks, spans : sequences
        What is drawn, back to front: spans, areas, lines, marks.
    now : int, optional
        The step at which the future begins; a dashed line stands before it.
    printed : sequence of int, optional
        The steps whose names are printed. Unless given all of a week's, and of more
        steps five over the whole width.
    """

    label: str
    names: Sequence[str]
    unit: str
    lines: Sequence[Line] = ()
    areas: Sequence[Area] = ()
    marks: Sequence[Mark] = ()
    spans: Sequence[Span] = ()
    now: int | None = None
    printed: Sequence[int] | None = None

    def __str__(self) -> SafeString:
        """Draw it; a template's ``{{ chart }}`` calls this and takes it for safe."""
        ticks = levels(self._highest())
        top = ticks[-1] or 1.0
        return format_html(
            '<figure class="cc-chart"><figcaption class="cc-unit">{unit}</figcaption>'
            '<div class="cc-levels" aria-hidden="true"><svg>{levels}</svg></div>'
            '<svg class="cc-plot" viewBox="0 0 100 100" preserveAspectRatio="none" '
            'role="img" aria-label="{label}"><title>{label}</title>{plot}</svg>'
            '<svg class="cc-names" aria-hidden="true">{names}</svg>'
            '<div class="cc-legend">{legend}</div></figure>',
            unit=self.unit,
            label=self.label,
            levels=_levels(ticks, top),
            plot=self._plot(ticks, top),
            names=self._names(),
            legend=self._legend(),
        )

    def _highest(self) -> float:
        every = [value for line in self.lines for value in line.values]
        every += [value for area in self.areas for value in area.high]
        return max((value for value in every if value is not None), default=0.0)

    def _x(self, place: float) -> float:
        return round(100 * place / max(1, len(self.names) - 1), 2)

    def _plot(self, ticks: Sequence[float], top: float) -> SafeString:
        return format_html(
            "{}{}{}{}{}{}",
            self._spans(),
            _grid(ticks, top),
            format_html_join("", "{}", ((self._area(a, top),) for a in self.areas)),
            self._now(),
            format_html_join("", "{}", ((self._line(ln, top),) for ln in self.lines)),
            self._marks(top),
        )

    def _spans(self) -> SafeString:
        return format_html_join(
            "",
            '<rect class="cc-span {}" x="{}" y="0" width="{}" height="100">'
            "<title>{}</title></rect>",
            (
                (
                    span.css,
                    max(0.0, self._x(span.first - 0.5)),
                    round(self._x(span.last + 0.5) - self._x(span.first - 0.5), 2),
                    span.title,
                )
                for span in self.spans
            ),
        )

    def _area(self, area: Area, top: float) -> SafeString:
        pairs = [
            None if low is None or high is None else (low, high)
            for low, high in zip(area.low, area.high, strict=True)
        ]
        pieces = (
            " ".join(
                [f"{self._x(place)},{_y(high, top)}" for place, (_low, high) in piece]
                + [
                    f"{self._x(place)},{_y(low, top)}"
                    for place, (low, _) in piece[::-1]
                ]
            )
            for piece in stretches(pairs)
        )
        return format_html_join(
            "",
            '<polygon class="cc-area {}" points="{}"/>',
            ((area.css, points) for points in pieces),
        )

    def _line(self, line: Line, top: float) -> SafeString:
        pieces = (
            " ".join(f"{self._x(place)},{_y(value, top)}" for place, value in piece)
            for piece in stretches(line.values)
        )
        return format_html_join(
            "",
            '<polyline class="cc-line {}" points="{}"/>',
            ((line.css, points) for points in pieces),
        )

    def _marks(self, top: float) -> SafeString:
        return format_html_join(
            "",
            '<path class="cc-mark {}" d="M{} {}h0"><title>{}</title></path>',
            (
                (mark.css, self._x(mark.place), _y(mark.value, top), mark.title)
                for mark in self.marks
            ),
        )

    def _now(self) -> SafeString:
        if self.now is None:
            return SafeString("")
        place = self._x(self.now - 0.5)
        return format_html(
            '<line class="cc-now" x1="{}" x2="{}" y1="0" y2="100"/>', place, place
        )

    def _names(self) -> SafeString:
        last = len(self.names) - 1
        if last < 0:
            return SafeString("")
        spread = (
            range(last + 1)
            if last < ALL_OF
            else {round(last * i / (LABELS - 1)) for i in range(LABELS)}
        )
        wanted = sorted(spread if self.printed is None else self.printed)
        anchors = {0: "start", last: "end"}
        return format_html_join(
            "",
            '<text x="{}%" y="12" text-anchor="{}">{}</text>',
            (
                (self._x(place), anchors.get(place, "middle"), self.names[place])
                for place in wanted
            ),
        )

    def _legend(self) -> SafeString:
        shown = [(f"line {line.css}", line.name) for line in self.lines]
        shown += [(f"area {area.css}", area.name) for area in self.areas]
        return format_html_join("", '<span class="{}">{}</span>', shown)


def first_of_days(days: Sequence[date]) -> list[int]:
    """Return the steps with which a day begins, to print their names."""
    return [i for i, day in enumerate(days) if i == 0 or day != days[i - 1]]


def levels(highest: float, count: int = 4) -> list[float]:
    """Return round values from 0 to at least ``highest``, about ``count`` steps."""
    if not (highest > 0 and math.isfinite(highest)):
        return [0.0, 1.0]
    raw = highest / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= raw)
    return [step * i for i in range(math.ceil(highest / step - 1e-9) + 1)]


def stretches(values: Sequence[T | None]) -> Iterator[list[tuple[int, T]]]:
    """Yield runs of known values as ``(place, value)``; a lone one is drawn as a dot."""
    piece: list[tuple[int, T]] = []
    for place, value in enumerate([*values, None]):
        if value is not None:
            piece.append((place, value))
        elif piece:
            yield piece if len(piece) > 1 else piece * 2
            piece = []


def _y(value: float, top: float) -> float:
    return round(100 - 100 * max(0.0, value) / top, 2)


def _grid(ticks: Sequence[float], top: float) -> SafeString:
    return format_html_join(
        "",
        '<line class="cc-grid" x1="0" x2="100" y1="{}" y2="{}"/>',
        ((_y(tick, top), _y(tick, top)) for tick in ticks),
    )


def _levels(ticks: Sequence[float], top: float) -> SafeString:
    return format_html_join(
        "",
        '<text x="100%" y="{}%" text-anchor="end" dominant-baseline="middle">{}</text>',
        ((_y(tick, top), _number(tick)) for tick in ticks),
    )


def _number(value: float) -> str:
    shown = round(value, 2)
    digits = 0 if shown == round(shown) else 1 if shown == round(shown, 1) else 2
    return number_format(shown, digits, force_grouping=True)
