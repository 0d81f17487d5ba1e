"""Durations as people say them: “42 min”, “3 h 20 min”, “2 d 4 h”."""

from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


def roughly(seconds: float) -> str:
    """Return one unit, rounded down: for “5 h ago” in lists."""
    total = int(abs(seconds))
    unit = next((u for u in (DAY, HOUR, MINUTE) if total >= 2 * u), MINUTE)
    return spoken(total // unit * unit)


def spoken(seconds: float) -> str:
    """Return at most two units, rounded down; under a minute is said so."""
    total = int(abs(seconds))
    if total < MINUTE:
        return _("under 1 min")
    if total < HOUR:
        return _("%(minutes)d min") % {"minutes": total // MINUTE}
    if total < 2 * DAY:
        hours, minutes = divmod(total // MINUTE, 60)
        if minutes:
            return _("%(hours)d h %(minutes)d min") % {
                "hours": hours,
                "minutes": minutes,
            }
        return _("%(hours)d h") % {"hours": hours}
    days, hours = divmod(total // HOUR, 24)
    if hours:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    return _("%(days)d d") % {"days": days}
