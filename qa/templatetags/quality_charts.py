"""Template tags of quality's figures: scores on a scale, numbers in words."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qa.core.scoreboard import AgentScore, Mean, Share, TeamScore
from qa.metrics.kpis import TARGET
from qa.selectors.scores.words import mean_words, points
from qa.views.figures.charts import HEIGHT, WIDTH, Axis

register = template.Library()

MIDDLE = HEIGHT / 2


@register.filter
def pts(value: float | None) -> str:
    """Points with one digit; a dash where there are none."""
    return "–" if value is None else points(value)


@register.filter
def percent(share: float | None) -> str:
    if share is None:
        return "–"
    return _("%(share)s %%") % {"share": points(100 * share, 0)}


@register.filter
def in_words(mean: Mean) -> str:
    return mean_words(mean)


@register.filter
def share_words(share: Share) -> str:
    """“1 of 12 (2 to 35 %)”."""
    if share.low is None or share.high is None:
        return "–"
    return _("%(hits)d of %(n)d (%(low)s to %(high)s %%)") % {
        "hits": share.hits,
        "n": share.n,
        "low": points(100 * share.low, 0),
        "high": points(100 * share.high, 0),
    }


@register.filter
def interval(row: Any) -> str:
    """“78.1 to 86.7”, of anything with ``low`` and ``high``."""
    if row.low is None or row.high is None:
        return "–"
    return _("%(low)s to %(high)s") % {"low": points(row.low), "high": points(row.high)}


@register.simple_tag
def score_scale(axis: Axis, row: AgentScore) -> SafeString:
    """An agent's score with its interval; the plain mean as a ring, the target dashed."""
    if row.best is None:
        return format_html('<span class="so-note">{}</span>', _("no random review"))
    words = _("Score %(score)s, 95 %% interval %(interval)s; plain mean %(raw)s") % {
        "score": points(row.best),
        "interval": interval(row),
        "raw": pts(row.random.value),
    }
    return _scale(axis, row.best, row.low, row.high, row.random.value, words)


@register.simple_tag
def mean_scale(axis: Axis, row: TeamScore | Any) -> SafeString:
    """A mean with its interval on the same scale; ``row`` is a Mean or holds one."""
    mean = row if isinstance(row, Mean) else row.random
    if mean.value is None:
        return format_html('<span class="so-note">{}</span>', _("no random review"))
    return _scale(axis, mean.value, mean.low, mean.high, None, mean_words(mean))


def _scale(
    axis: Axis,
    value: float,
    low: float | None,
    high: float | None,
    raw: float | None,
    words: str,
) -> SafeString:
    bar, ring = SafeString(""), SafeString("")
    if low is not None and high is not None:
        bar = format_html(
            '<line class="bar" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            axis.x(low),
            axis.x(high),
            MIDDLE,
            MIDDLE,
        )
    if raw is not None:
        ring = format_html(
            '<circle class="ring" cx="{}" cy="{}" r="4"/>', axis.x(raw), MIDDLE
        )
    return format_html(
        '<svg class="qf-scale" viewBox="0 0 {w} {h}" role="img" aria-label="{words}">'
        "<title>{words}</title>"
        '<line class="track" x1="{left}" x2="{right}" y1="{m}" y2="{m}"/>'
        '<line class="goal" x1="{goal}" x2="{goal}" y1="1" y2="{h}"/>'
        '{bar}{ring}<circle class="dot" cx="{value}" cy="{m}" r="4.5"/></svg>',
        w=WIDTH,
        h=HEIGHT,
        words=words,
        left=axis.x(axis.low),
        right=axis.x(axis.high),
        m=MIDDLE,
        goal=axis.x(TARGET),
        bar=bar,
        ring=ring,
        value=axis.x(value),
    )


@register.simple_tag
def scale_axis(axis: Axis) -> SafeString:
    """The numbers of a scale, to stand in the head of its column."""
    labels = format_html_join(
        "",
        '<text x="{}" y="12" text-anchor="{}">{}</text>',
        (
            (axis.x(tick), "end" if tick >= axis.high else "middle", tick)
            for tick in axis.ticks
        ),
    )
    return format_html(
        '<svg class="qf-scale axis" viewBox="0 0 {} 16" aria-hidden="true">{}</svg>',
        WIDTH,
        labels,
    )
