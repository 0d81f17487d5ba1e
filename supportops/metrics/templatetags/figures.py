"""Template tags for figures: values, targets, verdicts, small lines."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from supportops.metrics import display
from supportops.metrics.catalogue import Figure, Level, Metric, Verdict

register = template.Library()

WIDTH, HEIGHT = 120, 28


@register.simple_tag
def figure_value(metric: Metric, figure: Figure) -> str:
    return display.value_text(figure.value, metric.unit, display.time_words(metric))


@register.simple_tag
def figure_target(metric: Metric, figure: Figure) -> str:
    return display.target_text(metric, figure)


@register.simple_tag
def figure_interval(metric: Metric, figure: Figure) -> str:
    return display.interval_text(figure, metric.unit, display.time_words(metric))


@register.simple_tag
def figure_facts(metric: Metric, figure: Figure) -> str:
    """Of how many promises or tickets the figure is."""
    return display.facts_text(metric, figure)


@register.simple_tag
def figure_verdict(metric: Metric, figure: Figure) -> SafeString:
    """The verdict as a chip: a word with its colour; nothing without a target."""
    if figure.value is not None and metric.judge(figure) is Verdict.NONE:
        return SafeString("")
    css, word = display.verdict_of(metric, figure)
    return format_html('<span class="so-chip {}">{}</span>', css, word)


@register.simple_tag
def figure_change(metric: Metric, figure: Figure, before: Figure) -> SafeString:
    text = display.change_text(metric, figure, before)
    if not text:
        return format_html('<span class="so-note">{}</span>', _("nothing to compare"))
    return format_html(
        '<span class="mt-change {}">{}</span>',
        display.change_class(metric, figure, before),
        text,
    )


@register.simple_tag
def level(metric: Metric, bound: Level) -> str:
    return display.level_text(bound, metric.unit)


@register.simple_tag
def warning_level(metric: Metric, bound: Level) -> str:
    return display.warning_text(bound, metric.unit)


@register.simple_tag
def sparkline(metric: Metric, figures: Sequence[Figure]) -> SafeString:
    """Draw a small line of the trend; its words say first, last, least and most."""
    known = [(i, f.value) for i, f in enumerate(figures) if f.value is not None]
    if len(known) < 2:
        return format_html('<span class="so-note">{}</span>', _("too few days"))
    time = display.time_words(metric)
    values = [value for _i, value in known]
    low, high = min(values), max(values)
    span = high - low
    points = " ".join(
        f"{2 + (WIDTH - 4) * i / max(1, len(figures) - 1):.1f},"
        f"{HEIGHT / 2 if not span else HEIGHT - 3 - (HEIGHT - 6) * (v - low) / span:.1f}"
        for i, v in known
    )
    words = _("From %(first)s to %(last)s; least %(low)s, most %(high)s") % {
        "first": display.value_text(values[0], metric.unit, time),
        "last": display.value_text(values[-1], metric.unit, time),
        "low": display.value_text(low, metric.unit, time),
        "high": display.value_text(high, metric.unit, time),
    }
    return format_html(
        '<svg class="mt-spark" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "<title>{}</title>"
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        "</svg>",
        WIDTH,
        HEIGHT,
        words,
        words,
        points,
    )
