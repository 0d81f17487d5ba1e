"""Opening hours in words: a week, and what differs between two calendars."""

from collections.abc import Sequence
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.core.calendar import BusinessCalendar

MOST_DAYS = 12
"""A country's holidays are hundreds of days; the next ones are what one checks."""


def hours_change(
    before: BusinessCalendar, after: BusinessCalendar, *, today: date
) -> list[str]:
    """What differs between two calendars: the week, then the days to come by date."""
    lines = []
    if week_sentence(before) != week_sentence(after):
        lines.append(f"{week_sentence(before)} → {week_sentence(after)}")
    days = _changed_days(before, after)
    coming = [day for day in days if day >= today]
    lines += [_day_sentence(after, day) for day in coming[:MOST_DAYS]]
    if more := len(coming[MOST_DAYS:]):
        lines.append(
            ngettext("%(count)s later day", "%(count)s later days", more)
            % {"count": more}
        )
    if past := len(days) - len(coming):
        lines.append(
            ngettext("%(count)s past day", "%(count)s past days", past)
            % {"count": past}
        )
    return lines or [_("no open hour changes")]


def _changed_days(before: BusinessCalendar, after: BusinessCalendar) -> list[date]:
    """Days that have hours of their own in one of them and differ from the other."""
    old, new = before.definition, after.definition
    named = old.special_days.keys() | new.special_days.keys()
    return sorted(
        day
        for day in named
        if old.special_days.get(day) != new.special_days.get(day)
        and old.hours_on(day) != new.hours_on(day)
    )


def _day_sentence(hours: BusinessCalendar, day: date) -> str:
    """``24 Dec 2026: closed (Christmas Eve)``."""
    name = hours.definition.holiday_name(day)
    return _("%(day)s: %(hours)s%(name)s") % {
        "day": formats.date_format(day, "j M Y"),
        "hours": _hours(hours.definition.hours_on(day)) or _("closed"),
        "name": f" ({name})" if name else "",
    }


_DAYS = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)


def week_sentence(hours: BusinessCalendar) -> str:
    """``Mon–Fri 09:00–18:00 (Europe/Berlin)``: equal neighbouring days in one piece."""
    weekly = hours.definition.weekly
    if all(day == ((0, 86_400),) for day in weekly):
        return _("24 hours a day, 7 days a week")
    pieces: list[tuple[int, int]] = []
    for day, intervals in enumerate(weekly):
        if not intervals:
            continue
        if pieces and pieces[-1][1] == day - 1 and weekly[pieces[-1][0]] == intervals:
            pieces[-1] = (pieces[-1][0], day)
        else:
            pieces.append((day, day))
    texts = [f"{_days(first, last)} {_hours(weekly[first])}" for first, last in pieces]
    week = ", ".join(texts) or _("never open")
    return f"{week} ({hours.timezone})"


def _days(first: int, last: int) -> str:
    if first == last:
        return str(_DAYS[first])
    return f"{_DAYS[first]}–{_DAYS[last]}"


def _hours(intervals: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{_time(start)}–{_time(end)}" for start, end in intervals)


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}"
