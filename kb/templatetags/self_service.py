"""Shares, changes and amounts of self-service as people read them."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kb.selectors.figures.shares import Share
from supportops.common.durations import MINUTE, spoken
from supportops.metrics.catalogue import Unit
from supportops.metrics.display import NOTHING, money, signed, value_text

register = template.Library()

BAR = 100
SHORT = 10 * MINUTE


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
def since(now: int, before: int) -> str:
    """Say how a count changed since the period before."""
    if not before:
        return _("new") if now else NOTHING
    return _("%(change)s %%") % {"change": signed(100 * (now - before) / before, 0)}


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
