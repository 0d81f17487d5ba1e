"""Template tags of the compliance page."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from supportops.metrics import display
from supportops.metrics.catalogue import Figure, Metric

register = template.Library()

WIDTH, MIDDLE = 128, 8


@register.simple_tag
def missed(figure: Figure) -> str:
    """How many of a share's facts were missed."""
    number = number_format(figure.n - (figure.hits or 0), force_grouping=True)
    return _("%(number)s missed") % {"number": number}


@register.simple_tag
def interval_range(metric: Metric, figure: Figure) -> SafeString:
    """Draw value and interval on a scale from 0 to 100 %, the target as a dashed line."""
    if figure.value is None or figure.low is None or figure.high is None:
        return SafeString("")
    goal = metric.target.at_least
    return format_html(
        '<svg class="mt-range {css}" viewBox="0 0 {width} 16" role="img" '
        'aria-label="{words}"><title>{words}</title>'
        '<line class="goal" x1="{goal}" x2="{goal}" y1="0" y2="16"/>'
        '<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" '
        'stroke="currentColor" stroke-width="3"/>'
        '<circle class="dot" cx="{value}" cy="{middle}" r="4"/></svg>',
        css=display.verdict_of(metric, figure)[0],
        width=WIDTH,
        words=display.interval_text(figure, metric.unit),
        goal=_place(goal if goal is not None else 1.0),
        low=_place(figure.low),
        high=_place(figure.high),
        middle=MIDDLE,
        value=_place(figure.value),
    )


def _place(share: float) -> str:
    return f"{4 + (WIDTH - 8) * share:.1f}"
