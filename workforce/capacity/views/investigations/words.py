"""What stands out in a week, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.capacity.core.causes import Cause
from workforce.capacity.templatetags.review_words import (
    contacts,
    decimal,
    share,
    signed,
)


def cause_words(cause: Cause) -> str:
    return WORDS[cause.code](cause.values)


def _missing(values: Mapping[str, Any]) -> str:
    days = ", ".join(date_format(day, "D j M") for day in values["days"])
    return ngettext(
        "No volume is known of %(days)s: a gap in the data, or a closed day.",
        "No volume is known of %(days)s: gaps in the data, or closed days.",
        len(values["days"]),
    ) % {"days": days}


def _holiday(values: Mapping[str, Any]) -> str:
    return _("%(day)s was a public holiday: %(name)s.") % {
        "day": date_format(values["day"], "l j F"),
        "name": values["name"],
    }


def _day(values: Mapping[str, Any]) -> str:
    return _(
        "%(day)s: %(actual)s came, %(expected)s were expected (%(deviation)s), outside "
        "the day's 95 %% band."
    ) % {
        "day": date_format(values["day"], "l j F"),
        "actual": contacts(values["actual"]),
        "expected": contacts(values["expected"]),
        "deviation": signed(values["deviation"], 0),
    }


def _one_day(values: Mapping[str, Any]) -> str:
    return _(
        "It is one day: without %(day)s the week is off by %(rest)s only. A one-off "
        "event is likely."
    ) % {"day": date_format(values["day"], "l"), "rest": signed(values["rest"], 0)}


def _level(values: Mapping[str, Any]) -> str:
    text = (
        _(
            "All %(n)d days lie above the forecast, half of them by more than %(median)s."
        )
        if values["is_above"]
        else _(
            "All %(n)d days lie below the forecast, half of them by more than %(median)s."
        )
    )
    return text % {"n": values["n"], "median": share(abs(values["median"]), 0)}


def _lasting(values: Mapping[str, Any]) -> str:
    more = ngettext(
        "So did the week before: the level may have changed for good.",
        "So did the %(weeks)d weeks before: the level may have changed for good.",
        values["weeks"],
    ) % {"weeks": values["weeks"]}
    return f"{_level(values)} {more}"


def _weekday(values: Mapping[str, Any]) -> str:
    return _(
        "%(weekday)s has been off the same way for %(weeks)d weeks (%(median)s), the "
        "other days have not: the weekday pattern may have changed."
    ) % {
        "weekday": WEEKDAYS[values["weekday"]],
        "weeks": values["weeks"],
        "median": signed(values["median"], 0),
    }


def _hours(values: Mapping[str, Any]) -> str:
    return _(
        "%(share)s of the difference came between %(from)s:00 and %(until)s:00."
    ) % {
        "share": share(values["share"], 0),
        "from": f"{values['from']:02d}",
        "until": f"{values['until']:02d}",
    }


def _handling(values: Mapping[str, Any]) -> str:
    text = (
        _(
            "Handling took longer as well: %(now)s min a contact, %(change)s against the 8 weeks before."
        )
        if values["change"] > 0
        else _(
            "Handling took less time: %(now)s min a contact, %(change)s against the 8 weeks before."
        )
    )
    return text % {
        "now": decimal(values["now"] / 60, 1),
        "change": signed(values["change"], 0),
    }


WORDS = {
    "missing": _missing,
    "holiday": _holiday,
    "day": _day,
    "one_day": _one_day,
    "level": _level,
    "lasting_level": _lasting,
    "weekday": _weekday,
    "hours": _hours,
    "handling": _handling,
}
