"""Filters for expected volumes: numbers, ranges, shares and changes."""

import math
from typing import Any, TypeGuard

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from workforce.capacity.core.bands import Total

register = template.Library()


def _is_known(value: Any) -> TypeGuard[float]:
    """Whether there is a number: a template passes "" where an attribute is missing."""
    return value not in (None, "") and math.isfinite(value)


@register.filter
def volume(value: float | None) -> str:
    """“1,240”; one digit behind the point below ten; a dash where nothing is known."""
    if not _is_known(value):
        return "–"
    digits = 1 if 0 < abs(value) < 10 else 0
    return number_format(round(value, digits), digits, force_grouping=True)


@register.filter
def range80(total: Total | None) -> str:
    return _range((total.low80, total.high80) if total else None)


@register.filter
def range95(total: Total | None) -> str:
    return _range((total.low95, total.high95) if total else None)


def _range(ends: tuple[float, float] | None) -> str:
    if ends is None:
        return "–"
    return _("%(low)s to %(high)s") % {
        "low": volume(ends[0]),
        "high": volume(ends[1]),
    }


@register.filter
def share(value: float | None, digits: int = 1) -> str:
    """“5.3 %” of 0.053."""
    if not _is_known(value):
        return "–"
    return _("%(share)s %%") % {
        "share": number_format(round(100 * value, digits), digits)
    }


@register.filter
def signed(value: float | None, digits: int = 1) -> str:
    """“+5.3 %”, “−2.0 %”; the sign always stands there."""
    if not _is_known(value):
        return "–"
    rounded = round(100 * value, digits)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else "±"
    return _("%(sign)s%(share)s %%") % {
        "sign": sign,
        "share": number_format(abs(rounded), digits),
    }


@register.filter
def handling(seconds: float | None) -> str:
    """“4 min 46 s” of a handle time: to the second, for people are planned by it."""
    if not _is_known(seconds):
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


@register.filter
def percent_change(percent: float) -> str:
    """“+300 %” of the percent that an overlay or an event states."""
    return signed(float(percent) / 100, 0)
