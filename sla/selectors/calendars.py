"""Calendars as the arithmetic needs them, and who still uses their former hours."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from sla.core.calendar import BusinessCalendar
from sla.core.calendar_definition import CalendarDefinition
from sla.core.policy import ALWAYS, NamedCalendar
from sla.core.public_holidays import public_holidays
from sla.models import (
    Calendar,
    CalendarException,
    CalendarHolidays,
    CalendarInterval,
    Policy,
    PolicyVersion,
)

# Imported histories reach back to 2010; deadlines seldom reach five years ahead.
FIRST_HOLIDAY_YEAR = 2000
YEARS_AHEAD = 5


def holiday_years(at: datetime) -> tuple[int, int]:
    """First and last year whose holidays a calendar built at ``at`` holds."""
    return FIRST_HOLIDAY_YEAR, at.year + YEARS_AHEAD


def calendars_with_parts() -> QuerySet[Calendar]:
    """Calendars with intervals, holidays and exceptions: four queries for any number."""
    return Calendar.objects.order_by("name").prefetch_related(
        Prefetch(
            "intervals",
            queryset=CalendarInterval.objects.order_by("weekday", "starts_minute"),
        ),
        Prefetch(
            "holiday_sets",
            queryset=CalendarHolidays.objects.order_by("country", "subdivision"),
        ),
        Prefetch("exceptions", queryset=CalendarException.objects.order_by("date")),
    )


def business_calendar(calendar: Calendar, *, at: datetime) -> BusinessCalendar:
    """The arithmetic of a calendar row, with holidays up to five years after ``at``.

    A dated exception wins over a public holiday of the same day.
    """
    if calendar.is_always_open:
        return BusinessCalendar.always_open(calendar.time_zone)
    first, last = holiday_years(at)
    return build_hours(
        time_zone=calendar.time_zone,
        weekly=[
            (row.weekday, row.starts_minute, row.ends_minute)
            for row in calendar.intervals.all()
        ],
        places=[(row.country, row.subdivision) for row in calendar.holiday_sets.all()],
        exceptions=[
            (row.date, row.name, row.hours) for row in calendar.exceptions.all()
        ],
        years=(first, last),
    )


def build_hours(
    *,
    time_zone: str,
    weekly: Iterable[tuple[int, int, int]],
    places: Iterable[tuple[str, str]],
    exceptions: Iterable[tuple[date, str, Collection[Collection[int]]]],
    years: tuple[int, int],
) -> BusinessCalendar:
    """A calendar from minutes after midnight. Raises ``ValueError`` naming what cannot be."""
    by_day: dict[int, list[tuple[time, time]]] = {}
    for weekday, starts, ends in weekly:
        by_day.setdefault(weekday, []).append((_clock(starts), _clock(ends)))
    closed: dict[date, str] = {}
    for country, subdivision in places:
        closed.update(public_holidays(country, subdivision, *years))
    dated = {}
    for day, name, hours in exceptions:
        closed.pop(day, None)
        if hours:
            dated[day] = [(_clock(starts), _clock(ends)) for starts, ends in hours]
        else:
            closed[day] = name
    return BusinessCalendar(time_zone, by_day, closed, exceptions=dated)


def _clock(minute: int) -> time:
    """Minutes after midnight as a time; 24:00 is ``time(0)``, as the core writes it."""
    return time(minute // 60 % 24, minute % 60)


def named_calendars(*, at: datetime) -> dict[str, NamedCalendar]:
    """Every calendar by the key that policies use."""
    return {
        str(row.pk): NamedCalendar(row.name, business_calendar(row, at=at))
        for row in calendars_with_parts()
    }


def loaded_holidays(
    rows: Iterable[Calendar], *, at: datetime
) -> dict[str, dict[str, range]]:
    """Calendar key to country to the years loaded, as the lint asks for them."""
    first, last = holiday_years(at)
    return {
        str(row.pk): {
            str(place): range(first, last + 1) for place in row.holiday_sets.all()
        }
        for row in rows
        if not row.is_always_open
    }


def is_same(frozen: BusinessCalendar, current: BusinessCalendar) -> bool:
    """Whether two calendars agree on every day that the frozen one knew holidays of.

    A calendar frozen last year holds one year of holidays less; that alone is no change.
    """
    known = frozen.definition.holidays
    if not known or not current.definition.holidays:
        return frozen == current
    last = max(day for day, _name in known).year
    return _until(frozen.definition, last) == _until(current.definition, last)


def _until(definition: CalendarDefinition, year: int) -> CalendarDefinition:
    kept = tuple(pair for pair in definition.holidays if pair[0].year <= year)
    return replace(definition, holidays=kept)


def current_versions(*, at: datetime) -> QuerySet[PolicyVersion]:
    """Published versions in force at ``at`` or later, in the order in which they are tried."""
    return (
        PolicyVersion.objects.filter(state=PolicyVersion.State.PUBLISHED)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gt=at))
        .select_related("policy")
        .order_by("position", "policy_id", "number")
    )


def versions_with_former_hours(
    calendar: Calendar, *, at: datetime
) -> list[PolicyVersion]:
    """Open-ended versions that count on hours which the calendar no longer has."""
    key = str(calendar.pk)
    current = business_calendar(calendar, at=at)
    return [
        version
        for version in current_versions(at=at).filter(effective_to__isnull=True)
        if key in version.definition["calendars"]
        and not is_same(_hours(version.definition["calendars"][key]), current)
    ]


def _hours(frozen: Mapping[str, Any]) -> BusinessCalendar:
    content = {key: value for key, value in frozen.items() if key != "name"}
    return BusinessCalendar.from_dict(content)


def policies_that_name(calendar_id: int) -> list[Policy]:
    """Policies with a draft, or an open-ended version, that names the calendar."""
    key = str(calendar_id)
    versions = PolicyVersion.objects.filter(
        Q(state=PolicyVersion.State.DRAFT) | Q(effective_to__isnull=True)
    ).select_related("policy")
    named = {
        version.policy_id: version.policy
        for version in versions.order_by("policy_id")
        if key
        in {
            version.definition.get("calendar"),
            *version.definition.get("priority_calendars", {}).values(),
        }
    }
    return list(named.values())


def default_keys() -> tuple[str, str]:
    """Keys of the shipped calendars, or of what stands in for them."""
    rows = Calendar.objects.order_by("pk").values_list("pk", "is_always_open")
    hours = next((str(pk) for pk, always in rows if not always), ALWAYS)
    return hours, next((str(pk) for pk, always in rows if always), ALWAYS)


def local_today(time_zone: str, *, at: datetime) -> date:
    return at.astimezone(ZoneInfo(time_zone)).date()
