"""Template filters for moments and durations."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from supportops.common.durations import counted as counted_words
from supportops.common.durations import roughly, spoken

register = template.Library()


@register.filter
def duration(seconds: float | None) -> str:
    """Say a number of seconds in words; nothing for ``None``."""
    return "" if seconds is None else spoken(seconds)


@register.filter
def counted(seconds: float | None) -> str:
    """Say counted (open) time in hours and minutes; nothing for ``None``."""
    return "" if seconds is None else counted_words(seconds)


@register.filter
def relative(moment: datetime | None) -> str | SafeString:
    """Say how far a moment is from now, with the exact time and zone on hover."""
    if moment is None:
        return ""
    seconds = (moment - timezone.now()).total_seconds()
    words = _("in %(time)s") if seconds >= 0 else _("%(time)s ago")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        exact(moment),
        words % {"time": roughly(seconds)},
    )


@register.filter
def exact(moment: datetime | None) -> str:
    """Write the moment in the viewer's zone, and name the zone."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'D j M Y, H:i')} {local.tzname()}"
