"""What visitors read about certainty and about hours."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kb.selectors.assistant import Hours

SURE, QUITE_SURE, LIKELY = 0.95, 0.85, 0.7


def confidence_words(confidence: float) -> str:
    """Say how sure we are, with the percentage, rounded down: never surer than counted."""
    percent = int(100 * confidence)
    if confidence >= SURE:
        words = _("Very sure (%(percent)d %%)")
    elif confidence >= QUITE_SURE:
        words = _("Quite sure (%(percent)d %%)")
    elif confidence >= LIKELY:
        words = _("Rather likely (%(percent)d %%)")
    else:
        words = _("Not sure (%(percent)d %%)")
    return words % {"percent": percent}


def moment_words(moment: datetime, zone: str) -> str:
    """Name a moment in the zone it carries: Monday 30 March, 09:00 (Berlin, UTC+2)."""
    day, time = date_format(moment, _("l j F")), f"{moment:%H:%M}"
    if zone == "UTC":
        return _("%(day)s, %(time)s (UTC)") % {"day": day, "time": time}
    return _("%(day)s, %(time)s (%(place)s time, %(offset)s)") % {
        "day": day,
        "time": time,
        "place": zone.rpartition("/")[2].replace("_", " "),
        "offset": _offset(moment),
    }


def _offset(moment: datetime) -> str:
    shift = moment.utcoffset()
    minutes = int(shift.total_seconds() // 60) if shift else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def hours_words(hours: Hours | None) -> str:
    """Say when a person answers."""
    if hours is None:
        return _("A person answers by e-mail.")
    if hours.is_open:
        return _("People are here now. A person answers by e-mail.")
    if hours.opens_at is None:
        return _("Nobody is here now. A person answers by e-mail.")
    return _("Nobody is here now. A person answers by e-mail from %(moment)s.") % {
        "moment": moment_words(hours.opens_at, hours.zone)
    }
