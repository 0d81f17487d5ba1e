"""Shares, changes and amounts of self-service as people read them."""

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kb.core.changes import Bounded, difference, growth
from kb.selectors.figures.shares import Share
from supportops.common.durations import MINUTE, spoken
from supportops.metrics.catalogue import Better, Figure, Metric, Unit
from supportops.metrics.display import NOTHING, money, signed, value_text

register = template.Library()

BAR = 100
SHORT = 10 * MINUTE
CENTS_BELOW = 1000


@register.filter
def share(found: Share | float | None) -> str:
    """Write a share as per cent."""
    return value_text(found.value if isinstance(found, Share) else found, Unit.SHARE)


@register.filter
def interval(found: Share) -> str:
    """Write the 95 % interval of a share; nothing without one."""
    if found.low is None or found.high is None:
        return ""
    return _("%(low)s – %(high)s %%") % {
        "low": number_format(round(100 * found.low, 1), 1),
        "high": number_format(round(100 * found.high, 1), 1),
    }


@register.filter
def points(value: float | None) -> str:
    """Write a difference of shares in points of 100."""
    if value is None:
        return NOTHING
    return _("%(points)s points") % {"points": signed(100 * value, 1)}


@register.filter
def amount(value: float) -> str:
    """Write money: to the cent below a thousand."""
    return money(value)


@register.filter
def amount_beside(value: float, others: Sequence[float]) -> str:
    """Write money to the cent only where all that stands beside it is below a thousand.

    ``others`` are the amounts of one figure and its interval, its own among them.
    """
    if max(abs(other) for other in others) < CENTS_BELOW:
        return money(value)
    return f"{number_format(round(value), 0, force_grouping=True)} {settings.CURRENCY}"


@register.filter
def whole(value: float) -> str:
    """Write a number without places."""
    return number_format(round(value), 0, force_grouping=True)


@register.filter
def took(seconds: float | None) -> str:
    """Write a time: to the second while it is short."""
    if seconds is None:
        return NOTHING
    if seconds >= SHORT:
        return spoken(seconds)
    minutes, rest = divmod(round(seconds), MINUTE)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


@register.simple_tag
def since(now: int, before: int) -> SafeString:
    """Say how a count changed since the period before, with what chance leaves open."""
    change = growth(now, before)
    if change is None:
        return conditional_escape(_("new") if now else NOTHING)
    value = _("%(change)s %%") % {"change": signed(100 * change.value, 0)}
    if change.is_noise:
        return _noise(value)
    words = _("from %(low)s to %(high)s %%") % {
        "low": signed(100 * change.low, 0),
        "high": signed(100 * change.high, 0),
    }
    return format_html('{}<br><span class="so-note">{}</span>', value, words)


@register.simple_tag
def change(metric: Metric, figure: Figure, before: Figure) -> SafeString:
    """Say how a figure changed, as ±; in colour only where chance does not explain it."""
    now, then = _bounded(figure), _bounded(before)
    if _is_census(figure) and _is_census(before):
        return _census_change(metric, figure, before)
    if now is None or then is None:
        return format_html('<span class="so-note">{}</span>', _("nothing to compare"))
    found = difference(now, then)
    written = _change_text(found, metric.unit)
    if found.is_noise:
        return format_html(
            '{}<div class="note">{}</div>', _noise(written), _counts(before)
        )
    return _changed(metric, found.value, written, before)


def _census_change(metric: Metric, figure: Figure, before: Figure) -> SafeString:
    """Say how a share changed of which all were counted: no chance is in it."""
    step = (figure.value or 0.0) - (before.value or 0.0)
    if not round(step, 3):
        return format_html('<span class="mt-change idle">{}</span>', _("unchanged"))
    return _changed(metric, step, points(step), before)


def _changed(metric: Metric, step: float, text: str, before: Figure) -> SafeString:
    is_better = (step > 0) == (metric.better is Better.HIGHER)
    return format_html(
        '<span class="mt-change {}">{}</span><div class="note">{}</div>',
        "ok" if is_better else "late",
        text,
        _counts(before),
    )


def _counts(before: Figure) -> str:
    return _("before: n = %(before)s") % {"before": whole(before.n)}


def _noise(text: str) -> SafeString:
    return format_html(
        '<span class="mt-change idle">{} <span class="so-note">{}</span></span>',
        text,
        _("within noise"),
    )


def _is_census(figure: Figure) -> bool:
    return figure.value is not None and figure.low is None


def _bounded(figure: Figure) -> Bounded | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    return Bounded(figure.value, figure.low, figure.high) if figure.n else None


def _change_text(found: Bounded, unit: Unit) -> str:
    if unit is Unit.SECONDS:
        sign = "+" if round(found.value) > 0 else "−" if round(found.value) else ""
        numbers = {"change": took(abs(found.value)), "margin": took(found.margin)}
        return f"{sign}{_('%(change)s ± %(margin)s') % numbers}"
    scale = 100 if unit is Unit.SHARE else 1
    return _("%(change)s ± %(margin)s points") % {
        "change": signed(scale * found.value, 1),
        "margin": number_format(round(scale * found.margin, 1), 1),
    }


@register.filter
def bar(found: Share) -> SafeString:
    """Draw a share as a bar with its interval; the figure stands beside it."""
    if found.value is None or found.low is None or found.high is None:
        return SafeString("")
    return format_html(
        '<svg class="kf-bar" viewBox="0 0 100 10" preserveAspectRatio="none" '
        'aria-hidden="true"><rect class="all" width="100" height="10"/>'
        '<rect class="part" width="{}" height="10"/>'
        '<line class="range" x1="{}" x2="{}" y1="5" y2="5"/></svg>',
        round(BAR * found.value, 2),
        round(BAR * found.low, 2),
        round(BAR * found.high, 2),
    )
