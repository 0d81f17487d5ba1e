"""What is doubtful about a calendar before it is published, as findings with stable codes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sla.core.calendar_definition import (
    DAY_SECONDS,
    CalendarDefinition,
    Interval,
    as_text,
    checked_zone,
    date_from_text,
    interval_from_text,
    overlaps,
    union,
    weekday_number,
)
from sla.core.calendar_horizon import local_day, offset_spans

ERROR, WARNING, INFO = "error", "warning", "info"
MINUTE = 60

MESSAGES: Mapping[str, tuple[str, str]] = {
    "unreadable": (ERROR, "{place}: {reason}"),
    "unknown_zone": (ERROR, "The time zone {timezone} is not known."),
    "overlap": (ERROR, "{place}: {first} and {second} overlap."),
    "never_open": (
        ERROR,
        "The calendar has no opening hours, so no promise can ever come due.",
    ),
    "closed_ahead": (ERROR, "The calendar is never open from {today} until {until}."),
    "holidays_missing": (WARNING, "No holidays are loaded for {year}."),
    "country_holidays_missing": (
        WARNING,
        "No holidays of {country} are loaded for {year}.",
    ),
    "skipped_hours": (
        WARNING,
        "{date}: the clocks skip {skipped}, so {hours} loses {lost_seconds} of {full_seconds} s.",
    ),
    "repeated_hours": (
        INFO,
        "{date}: the clocks show {repeated} twice, so {hours} counts {extra_seconds} s more.",
    ),
    "exception_on_holiday": (
        WARNING,
        "{date}: the dated hours have no effect on a holiday.",
    ),
    "break_without_effect": (
        INFO,
        "{date}: the break {hours} lies outside opening hours.",
    ),
    "closes_before_midnight": (
        WARNING,
        "{place}: {hours} leaves the last {closed_seconds} s of the day closed; 24:00 is allowed.",
    ),
    "adjacent_intervals": (
        INFO,
        "{place}: {first} and {second} can be written as one.",
    ),
    "exceptions_all_past": (
        INFO,
        "All dated hours lie in the past; the last is {date}.",
    ),
    "breaks_all_past": (INFO, "All dated breaks lie in the past; the last is {date}."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a calendar.

    ``code`` selects the wording and never changes its meaning; ``params`` holds the values that the
    wording names; ``message`` is the English default.
    """

    code: str
    severity: str
    params: Mapping[str, str | int] = field(hash=False)
    message: str


def lint(
    definition: Mapping[str, Any],
    *,
    today: date,
    horizon_days: int = 400,
    countries_years: Mapping[str, Collection[int]] | None = None,
) -> list[Finding]:
    """List what is wrong or doubtful about a calendar, errors first.

    The definition need not be valid: overlaps and unreadable values are findings, and the checks that
    need a valid calendar run when there are none.

    Parameters
    ----------
    definition : mapping
        As ``BusinessCalendar.to_dict`` writes it.
    today : date
        Dates before it are past; the checks by date look ahead from here.
    horizon_days : int, default 400
        Days to look ahead, so that both changes of the clocks and next year are seen.
    countries_years : mapping of str to collection of int, optional
        Countries whose holidays the calendar shall have, and the years loaded for each.

    Returns
    -------
    list of Finding
        Sorted by severity, then in the order of the checks.
    """
    found = [
        *_reading(definition),
        *_holiday_years(definition, today, countries_years or {}),
    ]
    if not any(finding.severity == ERROR for finding in found):
        content = CalendarDefinition.from_dict(definition)
        found += _ahead(content, today, horizon_days)
        found += _without_effect(content)
        found += _clock_changes(content, today, horizon_days)
        found += _all_past("exceptions_all_past", content.exceptions, today)
        found += _all_past("breaks_all_past", content.breaks, today)
    return sorted(
        found, key=lambda finding: (ERROR, WARNING, INFO).index(finding.severity)
    )


def finding(code: str, **params: str | int) -> Finding:
    """A finding with its severity and English wording."""
    severity, wording = MESSAGES[code]
    return Finding(code, severity, params, wording.format(**params))


def _reading(definition: Mapping[str, Any]) -> Iterator[Finding]:
    """Read part by part what ``from_dict`` would refuse as a whole."""
    try:
        checked_zone(definition.get("timezone"))
    except ValueError:
        yield finding("unknown_zone", timezone=str(definition.get("timezone")))
    for day, pairs in (definition.get("weekly") or {}).items():
        yield from _hours("weekday", day, pairs)
    for day, pairs in (definition.get("exceptions") or {}).items():
        yield from _hours("date", day, pairs)
    for day, pairs in (definition.get("breaks") or {}).items():
        yield from (f for f in _hours("date", day, pairs) if f.code == "unreadable")
    for day in definition.get("holidays") or ():
        yield from _hours("date", day, ())


def _hours(kind: str, day: Any, pairs: Sequence[Any]) -> Iterator[Finding]:
    """Doubts about the hours of one weekday or date; ``place`` is its number or ISO date."""
    place = str(day)
    try:
        weekday_number(day) if kind == "weekday" else date_from_text(day)
        hours = sorted(interval_from_text(pair) for pair in pairs)
    except ValueError as error:
        yield finding("unreadable", place=place, reason=str(error))
        return
    for first, second in overlaps(hours):
        yield finding(
            "overlap", place=place, first=as_text(first), second=as_text(second)
        )
    for first, second in pairwise(hours):
        if first[1] == second[0]:
            texts = {"first": as_text(first), "second": as_text(second)}
            yield finding("adjacent_intervals", place=place, **texts)
    if hours and 0 < (closed := DAY_SECONDS - hours[-1][1]) <= MINUTE:
        yield finding(
            "closes_before_midnight",
            place=place,
            hours=as_text(hours[-1]),
            closed_seconds=closed,
        )


def _holiday_years(
    definition: Mapping[str, Any],
    today: date,
    countries_years: Mapping[str, Collection[int]],
) -> Iterator[Finding]:
    """This year and next: a promise made today may come due after New Year."""
    years = (today.year, today.year + 1)
    for country, loaded in countries_years.items():
        for year in years:
            if year not in loaded:
                yield finding("country_holidays_missing", country=country, year=year)
    own = {str(day)[:4] for day in definition.get("holidays") or ()}
    if own and not countries_years:
        for year in years:
            if str(year) not in own:
                yield finding("holidays_missing", year=year)


def _ahead(content: CalendarDefinition, today: date, days: int) -> Iterator[Finding]:
    if not content.is_ever_open():
        yield finding("never_open")
    elif not any(content.hours_on(today + timedelta(days=day)) for day in range(days)):
        until = today + timedelta(days=days)
        yield finding("closed_ahead", today=today.isoformat(), until=until.isoformat())


def _without_effect(content: CalendarDefinition) -> Iterator[Finding]:
    for day, _ in content.exceptions:
        if content.kind_of(day) == "holiday":
            yield finding("exception_on_holiday", date=day.isoformat())
    dated, holidays = dict(content.exceptions), dict(content.holidays)
    for day, closures in content.breaks:
        weekly = content.weekly[day.weekday()]
        hours = () if day in holidays else dated.get(day, weekly)
        for closure in closures:
            if not any(_shared(closure, interval) for interval in hours):
                yield finding(
                    "break_without_effect", date=day.isoformat(), hours=as_text(closure)
                )


def _clock_changes(
    content: CalendarDefinition, today: date, days: int
) -> Iterator[Finding]:
    """Hours that begin or end inside a skipped or repeated stretch of the wall clock.

    Hours that run on to both sides of it only follow the clock: nobody expects them to be as long as
    on other days, so they are no finding.
    """
    zone = ZoneInfo(content.timezone)
    lo = local_day(today) * DAY_SECONDS
    spans = offset_spans(zone, lo, lo + days * DAY_SECONDS)
    for before, after in pairwise(spans):
        shift = after[2] - before[2]
        # Wall-clock seconds: skipped from the old time on, or shown twice up to the old time.
        wall = after[0] + before[2]
        first, last = (wall, wall + shift) if shift > 0 else (wall + shift, wall)
        for day in range(first // DAY_SECONDS, -(-last // DAY_SECONDS)):
            for interval in content.hours_on(_date_of(day)):
                yield from _touched(
                    content, day, interval, (first, last), is_skip=shift > 0
                )


def _touched(
    content: CalendarDefinition,
    day: int,
    interval: Interval,
    stretch: Interval,
    *,
    is_skip: bool,
) -> Iterator[Finding]:
    """A finding when the stretch of wall-clock seconds cuts into hours without lying inside them."""
    hours = _on_wall_clock(day, interval)
    shared = _shared(hours, stretch)
    if not shared or _runs_through(content, day, stretch):
        return
    named = {"date": _date_of(day).isoformat(), "hours": as_text(interval)}
    clocks = as_text(
        (stretch[0] % DAY_SECONDS, stretch[1] % DAY_SECONDS or DAY_SECONDS)
    )
    if is_skip:
        amounts = {"lost_seconds": shared, "full_seconds": hours[1] - hours[0]}
        yield finding("skipped_hours", skipped=clocks, **named, **amounts)
    else:
        yield finding("repeated_hours", repeated=clocks, extra_seconds=shared, **named)


def _runs_through(content: CalendarDefinition, day: int, stretch: Interval) -> bool:
    """Whether hours hold before, during and after a stretch, also across midnight."""
    near = [
        _on_wall_clock(other, interval)
        for other in (day - 1, day, day + 1)
        for interval in content.hours_on(_date_of(other))
    ]
    return any(start < stretch[0] and stretch[1] < end for start, end in union(near))


def _on_wall_clock(day: int, interval: Interval) -> Interval:
    return day * DAY_SECONDS + interval[0], day * DAY_SECONDS + interval[1]


def _all_past(
    code: str, dated: Sequence[tuple[date, tuple[Interval, ...]]], today: date
) -> Iterator[Finding]:
    if dated and dated[-1][0] < today:
        yield finding(code, date=dated[-1][0].isoformat())


def _shared(first: Interval, second: Interval) -> int:
    """Seconds that two intervals have in common."""
    return max(0, min(first[1], second[1]) - max(first[0], second[0]))


def _date_of(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
