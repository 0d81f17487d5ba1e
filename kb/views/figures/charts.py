"""Shares with their intervals on one line each, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kb.selectors.figures.holdout import Measured
from kb.templatetags.self_service import interval, points, share

FULL = 100


@dataclass(frozen=True)
class Line:
    """One value with its interval on an axis from 0 to 1, or from −1 to 1."""

    name: str
    value: float
    low: float
    high: float
    words: str
    css: str = ""


def group_lines(found: Measured) -> SafeString:
    """Draw the share of each group that sends a ticket; empty without one."""
    named = ((_("With suggestions"), found.shown), (_("Held out"), found.held_out))
    return _chart(
        [
            Line(name, each.value, each.low, each.high,
                 f"{share(each)} ({interval(each)})")
            for name, each in named
            if each.value is not None and each.low is not None and each.high is not None
        ],
        low=0.0,
        high=1.0,
        ends=("0 %", "100 %"),
    )  # fmt: skip


def effect_line(found: Measured) -> SafeString:
    """Draw the difference with its interval around a line at zero."""
    result = found.result
    if result.effect is None or result.lower is None or result.upper is None:
        return SafeString("")
    reach = max(0.05, abs(result.lower), abs(result.upper))
    css = "ok" if result.lower > 0 else "late" if result.upper < 0 else ""
    words = f"{points(result.effect)} ({points(result.lower)} – {points(result.upper)})"
    line = Line(_("Difference"), result.effect, result.lower, result.upper, words, css)
    ends = (_("more tickets"), _("fewer tickets"))
    return _chart([line], low=-reach, high=reach, ends=ends, zero=0.0)


def _chart(
    lines: Sequence[Line],
    *,
    low: float,
    high: float,
    ends: tuple[str, str],
    zero: float | None = None,
) -> SafeString:
    if not lines:
        return SafeString("")

    def x(value: float) -> float:
        return round(FULL * (value - low) / (high - low), 2)

    middle = "" if zero is None else format_html(
        '<line class="zero" x1="{0}" x2="{0}" y1="0" y2="20"/>', x(zero)
    )  # fmt: skip
    rows = format_html_join(
        "",
        '<span class="name">{}</span><svg class="plot {}" viewBox="0 0 100 20" '
        'preserveAspectRatio="none" role="img" aria-label="{}: {}">'
        '<line class="axis" x1="0" x2="100" y1="10" y2="10"/>{}'
        '<line class="range" x1="{}" x2="{}" y1="10" y2="10"/>'
        '<line class="dot" x1="{}" x2="{}" y1="10" y2="10"/></svg>'
        '<span class="words">{}</span>',
        (
            (
                line.name, line.css, line.name, line.words, middle, x(line.low),
                x(line.high), x(line.value), x(line.value), line.words,
            )
            for line in lines
        ),
    )  # fmt: skip
    return format_html(
        '<div class="kf-lines">{}<span class="ends"><span>{}</span><span>{}</span>'
        "</span></div>",
        rows,
        *ends,
    )
