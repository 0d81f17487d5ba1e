"""Small pictures drawn on the server: dots with bars, points on an axis.

Colours come from classes of ``static/qa/calibration.css``, so that dark mode holds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

ROW, LEFT, WIDTH, TOP = 26, 130, 420, 8
NAME_LENGTH = 18


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a caterpillar: a name, a value, and what bounds it."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    css: str = ""


def caterpillar(dots: Sequence[Dot], *, label: str, band: float) -> SafeString:
    """Draw values with bars around 0; the band ±``band`` is shaded."""
    reach = max(
        [
            abs(each)
            for dot in dots
            for each in (dot.value, dot.low, dot.high)
            if each is not None and math.isfinite(each)
        ]
        + [2 * band]
    )
    # What reaches further than four bands is cut at the edge: the table has it.
    reach = min(reach, 8 * band) * 1.05
    height = TOP + ROW * len(dots) + 24

    def x(value: float) -> float:
        part = max(-1.0, min(1.0, value / reach))
        return round(LEFT + (part + 1) / 2 * (WIDTH - LEFT - 10), 1)

    rows = format_html_join(
        "", "{}", ((_dot_row(dot, place, x),) for place, dot in enumerate(dots))
    )
    return format_html(
        '<svg class="qa-chart" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">'
        '<rect class="band" x="{b0}" y="{top}" width="{bw}" height="{bh}"/>'
        '<line class="zero" x1="{zero}" x2="{zero}" y1="{top}" y2="{bottom}"/>'
        "{rows}"
        '<text class="tick" x="{b0}" y="{ty}" text-anchor="middle">−{band}</text>'
        '<text class="tick" x="{zero}" y="{ty}" text-anchor="middle">0</text>'
        '<text class="tick" x="{b1}" y="{ty}" text-anchor="middle">+{band}</text></svg>',
        w=WIDTH,
        h=height,
        label=label,
        b0=x(-band),
        b1=x(band),
        bw=round(x(band) - x(-band), 1),
        bh=ROW * len(dots),
        top=TOP,
        bottom=TOP + ROW * len(dots),
        zero=x(0),
        rows=rows,
        ty=height - 6,
        band=f"{band:g}",
    )


def _dot_row(dot: Dot, place: int, x) -> SafeString:  # type: ignore[no-untyped-def]
    y = TOP + ROW * place + ROW / 2
    name = dot.name
    if len(name) > NAME_LENGTH:
        name = name[: NAME_LENGTH - 1] + "…"
    text = format_html(
        '<text class="name" x="{}" y="{}" text-anchor="end">{}</text>',
        LEFT - 8,
        y + 4,
        name,
    )
    if dot.value is None:
        return text
    bar = SafeString("")
    if dot.low is not None and dot.high is not None:
        bar = format_html(
            '<line class="bar {}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            dot.css,
            x(dot.low),
            x(dot.high),
            y,
            y,
        )
    return format_html(
        '{}{}<circle class="dot {}" cx="{}" cy="{}" r="4.5"/>',
        text,
        bar,
        dot.css,
        x(dot.value),
        y,
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from values to places in the picture."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        part = (value - self.low) / span
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self, count: int = 5) -> list[float]:
        step = _round_step((self.high - self.low) / count)
        first = math.ceil(self.low / step) * step
        found, value = [], first
        while value <= self.high + 1e-9:
            found.append(round(value, 6))
            value += step
        return found


def _round_step(raw: float) -> float:
    power = 10 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    return next(each * power for each in (1, 2, 5, 10) if each * power >= raw)


def scatter(
    points: Sequence[tuple[float, float]],
    *,
    lines: Sequence[tuple[float, str, str]],
    label: str,
    x_label: str,
    y_label: str,
) -> SafeString:
    """Draw points with horizontal lines ``(value, class, name)``: a Bland–Altman plot."""
    w, h, left, bottom = 640, 320, 56, 40
    ys = [y for _x, y in points] + [value for value, _css, _name in lines] + [0.0]
    xs = [x for x, _y in points]
    margin = max(1.0, (max(ys) - min(ys)) * 0.08)
    across = Axis(min(xs) - 1, max(xs) + 1, left, w - 90)
    up = Axis(min(ys) - margin, max(ys) + margin, h - bottom, 10)
    return format_html(
        '<svg class="qa-chart wide" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "{}{}{}{}"
        '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="tick" x="12" y="{}" transform="rotate(-90 12 {})" '
        'text-anchor="middle">{}</text></svg>',
        w,
        h,
        label,
        _grid(across, up, left, w - 90, h - bottom),
        format_html_join(
            "",
            '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="tick" x="{}" y="{}">{}</text>',
            (
                (css, left, w - 90, up(v), up(v), w - 86, up(v) + 4, name)
                for v, css, name in lines
            ),
        ),
        format_html_join(
            "",
            '<circle class="dot" cx="{}" cy="{}" r="3.5"/>',
            ((across(x), up(y)) for x, y in points),
        ),
        "",
        (left + w - 90) / 2,
        h - 6,
        x_label,
        (h - bottom) / 2,
        (h - bottom) / 2,
        y_label,
    )


def _grid(
    across: Axis, up: Axis, left: float, right: float, bottom: float
) -> SafeString:
    horizontal = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (left, right, up(v), up(v), left - 6, up(v) + 4, f"{v:g}")
            for v in up.ticks()
        ),
    )
    vertical = format_html_join(
        "",
        '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((across(v), bottom + 16, f"{v:g}") for v in across.ticks()),
    )
    return format_html("{}{}", horizontal, vertical)


def control_chart(
    values: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    marks: Sequence[bool],
    names: Sequence[str],
    *,
    label: str,
) -> SafeString:
    """Draw a series in time between its control limits; marked points are outside."""
    w, h, left, bottom = 640, 260, 56, 34
    every = [*values, *lower, *upper, 0.0]
    margin = max(0.5, (max(every) - min(every)) * 0.08)
    across = Axis(0, max(1, len(values) - 1), left + 12, w - 24)
    up = Axis(min(every) - margin, max(every) + margin, h - bottom, 10)
    step = max(1, math.ceil(len(names) / 8))

    def path(series: Sequence[float]) -> str:
        return " ".join(f"{across(i)},{up(v)}" for i, v in enumerate(series))

    return format_html(
        '<svg class="qa-chart wide" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '{}<line class="zero" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<polyline class="limit" points="{}"/><polyline class="limit" points="{}"/>'
        '<polyline class="series" points="{}"/>{}{}'
        '<text class="tick" x="12" y="{}" transform="rotate(-90 12 {})" '
        'text-anchor="middle">{}</text></svg>',
        w,
        h,
        label,
        format_html_join(
            "",
            '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
            (
                (left, w - 12, up(v), up(v), left - 6, up(v) + 4, f"{v:g}")
                for v in up.ticks()
            ),
        ),
        left,
        w - 12,
        up(0),
        up(0),
        path(lower),
        path(upper),
        path(values),
        format_html_join(
            "",
            '<circle class="dot {}" cx="{}" cy="{}" r="4"/>',
            (
                ("late" if out else "", across(i), up(v))
                for i, (v, out) in enumerate(zip(values, marks, strict=True))
            ),
        ),
        format_html_join(
            "",
            '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (across(i), h - 10, name)
                for i, name in enumerate(names)
                if i % step == 0
            ),
        ),
        (h - bottom) / 2,
        (h - bottom) / 2,
        _("points"),
    )
