"""A calendar as a picture of a year, the bars of its week, and what is open now."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from sla.core import calendar_lint
from sla.core.calendar import BusinessCalendar
from sla.core.durations import format_duration
from sla.core.hours_text import format_hours
from sla.phrases import calendar_finding_sentence
from sla.views.wording import CHIP

DAY_SECONDS = 86_400


def year_of(
    hours: BusinessCalendar, year: int, today: date, names: Mapping[date, str]
) -> dict[str, Any]:
    """Twelve rows of days, what is special among them, and the totals.

    ``names`` are those of dated exceptions; holidays bring their own.
    """
    months = [_month(hours, year, month, today) for month in range(1, 13)]
    days = [day for month in months for day in month["days"]]
    for day in days:
        day["name"] = day["name"] or names.get(day["date"], "")
        texts = [day["date"].isoformat(), day["name"], day["hours"]]
        day["title"] = " · ".join(filter(None, texts))
    longest = max(day["seconds"] for day in days) or DAY_SECONDS
    for day in days:
        day["percent"] = round(100 * day["seconds"] / longest)
    return {
        "year": year,
        "months": months,
        "special": [day for day in days if day["kind"] in {"holiday", "exception"}],
        "open_days": sum(1 for day in days if day["seconds"]),
        "open_hours": sum(day["seconds"] for day in days) // 3600,
    }


def _month(
    hours: BusinessCalendar, year: int, month: int, today: date
) -> dict[str, Any]:
    days = [
        _day(hours, date(year, month, number), today)
        for number in range(1, monthrange(year, month)[1] + 1)
    ]
    return {
        "name": formats.date_format(date(year, month, 1), "M"),
        "days": days,
        "open_days": sum(1 for day in days if day["seconds"]),
    }


def _day(hours: BusinessCalendar, day: date, today: date) -> dict[str, Any]:
    seconds = hours.open_seconds_on(day)
    kind = _kind(hours, day)
    opens = format_hours(
        (start // 60, end // 60) for start, end in hours.definition.hours_on(day)
    )
    return {
        "date": day,
        "kind": kind,
        "seconds": seconds,
        "name": hours.holiday_name(day),
        "hours": opens or _("closed"),
        "is_today": day == today,
    }


def _kind(hours: BusinessCalendar, day: date) -> str:
    """A holiday on a day that is closed anyway closes nothing."""
    kind = hours.day_kind(day)
    if kind == "holiday" and not hours.definition.weekly[day.weekday()]:
        return "closed"
    return kind


def now_sentence(hours: BusinessCalendar, at: datetime) -> str:
    """Whether it is open now, and when that changes."""
    zone = ZoneInfo(hours.timezone)
    closing = hours.next_closing(at)
    if hours.is_open(at):
        if closing is None:
            return _("Open now, and always.")
        return _("Open now, until %(at)s.") % {"at": _local(closing, zone)}
    opening = hours.next_opening(at)
    if opening is None:
        return _("Closed, and never open again.")
    return _("Closed now. Next opening %(at)s, in %(wait)s.") % {
        "at": _local(opening, zone),
        "wait": format_duration(_whole_minutes(opening - at)),
    }


def _whole_minutes(wait: timedelta) -> int:
    return max(60, int(wait.total_seconds()) // 60 * 60)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(moment.astimezone(zone), "D Y-m-d H:i T")


def week_bars(hours: BusinessCalendar) -> list[list[dict[str, float]]]:
    """Per weekday, the open intervals as percent of the day, for a bar."""
    return [
        [
            {
                "left": round(100 * start / DAY_SECONDS, 2),
                "width": round(100 * (end - start) / DAY_SECONDS, 2),
            }
            for start, end in intervals
        ]
        for intervals in hours.definition.weekly
    ]


def lint_rows(
    hours: BusinessCalendar, places: list[tuple[str, str]], years: range, today: date
) -> list[dict[str, Any]]:
    """What is doubtful, in words."""
    loaded = {"-".join(filter(None, place)): years for place in places}
    return [
        {
            "severity": doubt.severity,
            "chip": CHIP[doubt.severity],
            "text": capitalised(
                calendar_finding_sentence(
                    doubt.code, {**doubt.params, "message": doubt.message}
                )
            ),
        }
        for doubt in calendar_lint.lint(
            hours.to_dict(), today=today, countries_years=loaded
        )
    ]


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
