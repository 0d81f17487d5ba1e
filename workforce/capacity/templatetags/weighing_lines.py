"""Drawings of scenarios: what options cost and how long they take against one input."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workforce.capacity.charts.bands import levels
from workforce.capacity.selectors.decisions.inputs import amount

register = template.Library()

WIDTH, HEIGHT = 340, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 18, 10, 34


@register.simple_tag
def flip_chart(
    scenario: Mapping[str, Any], name: str, currency: str = ""
) -> SafeString:
    """Draw "cost" or "hours" of every option; dashed lines where the best one changes."""
    points, lines = scenario["points"], scenario[name]
    ticks = levels(max((value for line in lines for value in line), default=0.0))
    flips = [
        each["low"]
        for each in scenario["cheapest" if name == "cost" else "fastest"][1:]
    ]
    title = _caption(name, currency)
    words = _("%(title)s against %(driver)s: %(words)s") % {
        "title": title,
        "driver": scenario["name"],
        "words": " ".join(scenario["words"]),
    }
    place = _Place(points[0], points[-1], ticks[-1] or 1.0)
    return format_html(
        '<figure class="cw-chart"><figcaption>{}</figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg></figure>',
        title,
        WIDTH,
        HEIGHT,
        words,
        _grid(ticks, place),
        _axis(scenario, flips, place),
        _flips(flips, place),
        _lines(scenario["letters"], points, lines, place),
    )


def _caption(name: str, currency: str) -> str:
    if name == "hours":
        return _("Resolution time, open hours")
    unit = f", {currency}" if currency else ""
    return _("Cost a week%(unit)s") % {"unit": unit}


class _Place:
    """Where a value stands in the picture."""

    def __init__(self, low: float, high: float, top: float) -> None:
        self.low, self.span, self.top = low, (high - low) or 1.0, top

    def x(self, value: float) -> float:
        share = (value - self.low) / self.span
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = value / self.top
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _grid(ticks: Sequence[float], place: _Place) -> SafeString:
    return format_html_join(
        "",
        '<line class="cw-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, WIDTH - RIGHT, place.y(tick), place.y(tick), LEFT - 5,
             place.y(tick) + 4, amount(round(tick, 6)))
            for tick in ticks
        ),
    )  # fmt: skip


def _axis(
    scenario: Mapping[str, Any], flips: Sequence[float], place: _Place
) -> SafeString:
    """Print both ends and every flip that does not stand on a name before it."""
    ends = (scenario["points"][0], scenario["points"][-1])
    taken = [place.x(end) for end in ends]
    rows = [
        (place.x(end), HEIGHT - BOTTOM + 16, anchor, _short(end))
        for end, anchor in zip(ends, ("start", "end"), strict=True)
    ]
    for flip in flips:
        at = place.x(flip)
        if all(abs(at - other) > 55 for other in taken):
            taken.append(at)
            rows.append((at, HEIGHT - BOTTOM + 16, "middle", _short(flip)))
    middle = (LEFT + WIDTH - RIGHT) / 2
    unit = f"{scenario['name']}, {scenario['unit']}".rstrip(", ")
    rows.append((middle, HEIGHT - 3, "middle", unit if len(unit) < 48 else unit[:47]))
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', rows)


def _short(value: float) -> str:
    return amount(float(f"{value:.4g}"))


def _flips(flips: Sequence[float], place: _Place) -> SafeString:
    return format_html_join(
        "",
        '<line class="cw-flip" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
        ((place.x(flip), TOP, HEIGHT - BOTTOM) for flip in flips),
    )


def _lines(
    letters: Sequence[str],
    points: Sequence[float],
    lines: Sequence[Sequence[float]],
    place: _Place,
) -> SafeString:
    ends = _apart([place.y(line[-1]) for line in lines])
    rows = []
    for number, (letter, line) in enumerate(zip(letters, lines, strict=True)):
        path = " ".join(
            f"{place.x(at)},{place.y(value)}"
            for at, value in zip(points, line, strict=True)
        )
        rows.append((number % 5, path, WIDTH - RIGHT + 4, ends[number] + 4, letter))
    return format_html_join(
        "",
        '<g class="cw-o{}"><polyline class="cw-line" points="{}"/>'
        '<text class="cw-name" x="{}" y="{}">{}</text></g>',
        rows,
    )


def _apart(heights: Sequence[float], least: float = 13.0) -> list[float]:
    """Move names of lines that end together, so that each can be read."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    found = list(heights)
    last = float("-inf")
    for place in order:
        found[place] = round(max(heights[place], last + least), 1)
        last = found[place]
    lowest = float(HEIGHT - BOTTOM)
    for place in reversed(order):
        found[place] = round(min(found[place], lowest), 1)
        lowest = found[place] - least
    return found
