"""What was noticed in the data of a forecast, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.capacity.models import Forecast, OutlierDay

WORDS = {
    "low_volume": lambda: _(
        "Few contacts come in an interval: chance alone moves them by more than any "
        "method can. Plan by days or weeks."
    ),
    "level_shift": lambda: _(
        "The level has changed lastingly; the days before it are scaled to the new one."
    ),
    "drop_suspected": lambda: _(
        "The last days may be a lasting drop: until it is clear, the band reaches further "
        "down."
    ),
    "rise_suspected": lambda: _(
        "The last days may be a lasting rise: until it is clear, the band reaches further "
        "up."
    ),
    "no_full_year": lambda: _(
        "Less than a year is known: no season of the year is learnt."
    ),
    "method_unavailable": lambda: _(
        "The method asked for needs a longer history; another one stood in."
    ),
    "all_zero": lambda: _("Nothing has come in yet: the forecast is zero."),
    "leading_zeros": lambda: _(
        "The days of 0 before the first contact are left out: the queue had not begun."
    ),
    "unknown_slots": lambda: _(
        "Some intervals are without a volume on every day: nothing is forecast for them."
    ),
    "unseen_weekdays": lambda: _(
        "Less than a week is known: weekdays not seen yet are taken to be open, a "
        "weekend only if one of its days was."
    ),
    "partial_day": lambda: _("The last day looks unfinished and was left out."),
}


def quality_words(forecast: Forecast) -> list[str]:
    """Return a sentence for each thing noticed; a code without words is named.

    What was noticed is as it was when the forecast was made. Where an outlier has been
    decided on or undecided since, a second sentence says how it stands now.
    """
    now = _outliers_now(forecast)
    return [_sentence(note, now) for note in forecast.quality]


def _outliers_now(forecast: Forecast) -> dict[str, str]:
    """The state of the forecast's outliers today, by day."""
    days = [note["day"] for note in forecast.quality if note["code"] == "outlier"]
    if not days:
        return {}
    rows = OutlierDay.objects.filter(queue=forecast.queue_id, day__in=days)
    return {day.isoformat(): state for day, state in rows.values_list("day", "state")}


def _sentence(note: Mapping[str, Any], now: Mapping[str, str]) -> str:
    code = note["code"]
    if code == "outlier":
        return _outlier(note, now.get(note["day"], OutlierDay.State.FOUND))
    if code == "gaps":
        return _gaps(note)
    if code == "stale":
        return ngettext(
            "The newest volumes are %(n)d day older than yesterday.",
            "The newest volumes are %(n)d days older than yesterday.",
            note["days"],
        ) % {"n": note["days"]}
    if code == "short_history":
        return _("Only %(n)d days are known. Bands are wide until about 16 weeks.") % {
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


def _outlier(note: Mapping[str, Any], now: str) -> str:
    words = _("%(day)s: actual %(actual)s, replaced by %(expected)s. %(state)s")
    return words % {
        "state": _outlier_state(bool(note["confirmed"]), now),
        "day": date_format(date.fromisoformat(note["day"])),
        "actual": number_format(round(note["actual"]), force_grouping=True),
        "expected": number_format(round(note["expected"]), force_grouping=True),
    }


def _outlier_state(was_confirmed: bool, now: str) -> str:
    state = OutlierDay.State
    if was_confirmed:
        return {
            state.CONFIRMED: _("Confirmed as a one-off."),
            state.DISMISSED: _(
                "Confirmed as a one-off then, dismissed since: the next forecast "
                "learns from it."
            ),
        }.get(state(now), _("Confirmed as a one-off then, no longer now."))
    return {
        state.CONFIRMED: _("Not confirmed then; confirmed as a one-off since."),
        state.DISMISSED: _(
            "Not confirmed then; dismissed since: the next forecast learns from it."
        ),
    }.get(state(now), _("Not confirmed yet: confirm or dismiss it under Volumes."))
