"""Durations as people say them: “42 min”, “3 h 20 min”, “2 d 4 h”."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


def roughly(seconds: float) -> str:
    """Return one unit, rounded down: for “5 h ago” in lists."""
    total = int(abs(seconds))
    if total < MINUTE:
        return _("under 1 min")
    unit = next((u for u in (DAY, HOUR, MINUTE) if total >= 2 * u), MINUTE)
    return spoken(total // unit * unit)


def spoken(seconds: float) -> str:
    """Return at most two units, rounded down; under a minute is said so."""
    if not seconds:
        return _("0 min")
    total = int(abs(seconds))
    if total < MINUTE:
        return _("under 1 min")
    if total < HOUR:
        return _("%(minutes)d min") % {"minutes": total // MINUTE}
    if total < 2 * DAY:
        return _hours(total)
    days, hours = divmod(total // HOUR, 24)
    if hours:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    return _("%(days)d d") % {"days": days}


def counted(seconds: float) -> str:
    """Return hours and minutes however many: open hours never add up to a day."""
    return spoken(seconds) if abs(seconds) < HOUR else _hours(int(abs(seconds)))


def _hours(total: int) -> str:
    hours, minutes = divmod(total // MINUTE, 60)
    shown = {"hours": number_format(hours, force_grouping=True), "minutes": minutes}
    if minutes:
        return _("%(hours)s h %(minutes)d min") % shown
    return _("%(hours)s h") % shown
