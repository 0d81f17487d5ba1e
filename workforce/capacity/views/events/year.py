"""A year of events as twelve small months."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workforce.capacity.core.occurrences import Span
from workforce.capacity.models import Event
from workforce.capacity.selectors.events import spans_of
from workforce.capacity.templatetags.review_words import span_words

HOLIDAY = "public"


@dataclass(frozen=True)
class Day:
    """One square: its date (``None`` outside the month), what happens, in words."""

    date: date | None
    css: str = ""
    title: str = ""
    is_today: bool = False


@dataclass
class Month:
    name: str
    weeks: list[list[Day]]
    entries: list[tuple[str, str, str]] = field(default_factory=list)
    """Colour, days and name of each thing that happens in it."""


def months_of(
    year: int,
    events: Iterable[Event],
    holidays: Mapping[date, set[str]],
    today: date,
) -> list[Month]:
    """Return the months of a year with events expanded and public holidays marked."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    spans = [
        (event, span)
        for event in events
        if event.is_active
        for span in spans_of(event, start, end)
    ]
    marks = _marks(spans, holidays)
    return [
        _month(year, number, spans, holidays, marks, today) for number in range(1, 13)
    ]


def _css(event: Event) -> str:
    return event.kind.lower().replace("_", "-")


def _marks(
    spans: Iterable[tuple[Event, Span]], holidays: Mapping[date, set[str]]
) -> dict[date, list[tuple[str, str]]]:
    marks: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for event, (first, last) in spans:
        for offset in range((last - first).days + 1):
            marks[first + timedelta(days=offset)].append((_css(event), event.name))
    for day, countries in holidays.items():
        marks[day].append((HOLIDAY, _holiday(countries)))
    return marks


def _holiday(countries: set[str]) -> str:
    return _("Public holiday (%(countries)s)") % {
        "countries": ", ".join(sorted(countries))
    }


def _month(
    year: int,
    number: int,
    spans: Iterable[tuple[Event, Span]],
    holidays: Mapping[date, set[str]],
    marks: Mapping[date, list[tuple[str, str]]],
    today: date,
) -> Month:
    weeks = [
        [_day(day, number, marks.get(day, []), today) for day in week]
        for week in Calendar().monthdatescalendar(year, number)
    ]
    first = date(year, number, 1)
    entries = [
        (span, _css(event), event.name)
        for event, span in spans
        if (span[0].year, span[0].month) == (year, number) or span[0] < first <= span[1]
    ]
    entries += [
        ((day, day), HOLIDAY, _holiday(countries))
        for day, countries in holidays.items()
        if (day.year, day.month) == (year, number)
    ]
    return Month(
        date_format(first, "F"),
        weeks,
        [(css, span_words(*span), name) for span, css, name in sorted(entries)],
    )


def _day(day: date, month: int, marks: list[tuple[str, str]], today: date) -> Day:
    if day.month != month:
        return Day(None)
    return Day(
        day,
        css=f"rv-{marks[0][0]}" + (" many" if len(marks) > 1 else "") if marks else "",
        title=", ".join(name for _css, name in marks),
        is_today=day == today,
    )
