"""What was noticed in the data of a forecast, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.capacity.models import Forecast

WORDS = {
    "low_volume": lambda: _(
        "Few contacts come in an interval: chance alone moves them by more than any "
        "method can. Plan by days or weeks."
    ),
    "level_shift": lambda: _(
        "The level has changed lastingly; what came before it counts for little."
    ),
    "no_full_year": lambda: _(
        "Less than a year is known: no season of the year is learnt."
    ),
    "method_unavailable": lambda: _(
        "The method asked for needs a longer history; another one stood in."
    ),
    "all_zero": lambda: _("Nothing has come in yet: the forecast is zero."),
    "partial_day": lambda: _("The last day looks unfinished and was left out."),
}


def quality_words(forecast: Forecast) -> list[str]:
    """Return a sentence for each thing noticed; a code without words is named."""
    return [_sentence(note) for note in forecast.quality]


def _sentence(note: Mapping[str, Any]) -> str:
    code = note["code"]
    if code == "outlier":
        return _outlier(note)
    if code == "gaps":
        return _gaps(note)
    if code == "stale":
        return ngettext(
            "The newest volumes are %(n)d day older than yesterday.",
            "The newest volumes are %(n)d days older than yesterday.",
            note["days"],
        ) % {"n": note["days"]}
    if code == "short_history":
        return _("Only %(n)d days are known. Ranges are wide until about 16 weeks.") % {
            "n": note["days"]
        }
    if code in WORDS:
        return WORDS[code]()
    return _("Noticed: %(code)s") % {"code": code}


def _gaps(note: Mapping[str, Any]) -> str:
    return ngettext(
        "%(n)d day is without data, on %(day)s; it is left out.",
        "%(n)d days are without data, the last on %(day)s; they are left out.",
        note["days"],
    ) % {"n": note["days"], "day": date_format(date.fromisoformat(note["last"]))}


def _outlier(note: Mapping[str, Any]) -> str:
    words = (
        _("%(day)s: %(actual)s came, replaced by %(expected)s. Confirmed as a one-off.")
        if note["confirmed"]
        else _(
            "%(day)s: %(actual)s came, replaced by %(expected)s. Not confirmed yet: "
            "confirm or dismiss it under Volumes."
        )
    )
    return words % {
        "day": date_format(date.fromisoformat(note["day"])),
        "actual": number_format(round(note["actual"]), force_grouping=True),
        "expected": number_format(round(note["expected"]), force_grouping=True),
    }
