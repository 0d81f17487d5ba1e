"""Drawings of a decision's page: the small line of a trigger's past, with its bound."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

WIDTH, HEIGHT, EDGE = 220, 56, 5


@register.simple_tag
def trigger_line(trend: Sequence[Mapping[str, Any]], threshold: float) -> SafeString:
    """Draw the last windows of a trigger's figure and its threshold as a dashed line.

    The same numbers stand in a table under it; the picture says its first and last.
    """
    known = [
        (place, each["value"])
        for place, each in enumerate(trend)
        if each["value"] is not None
    ]
    if len(known) < 2:
        return format_html('<span class="so-note">{}</span>', _("no past to draw"))
    values = [value for _place, value in known]
    low, high = min(*values, threshold), max(*values, threshold)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)

    def x(place: int) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * place / max(1, len(trend) - 1)

    points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in known)
    words = _("From %(first)s to %(last)s in %(count)d windows") % {
        "first": trend[known[0][0]]["text"],
        "last": trend[known[-1][0]]["text"],
        "count": len(trend),
    }
    return format_html(
        '<svg class="cd-line" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="cd-bound" x1="0" x2="{}" y1="{}" y2="{}"/>'
        '<polyline class="cd-trend" points="{}"/>'
        '<circle class="cd-now" cx="{}" cy="{}" r="3.5"/></svg>',
        WIDTH,
        HEIGHT,
        words,
        WIDTH,
        f"{y(threshold):.1f}",
        f"{y(threshold):.1f}",
        points,
        f"{x(known[-1][0]):.1f}",
        f"{y(known[-1][1]):.1f}",
    )
