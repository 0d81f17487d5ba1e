"""Calendars and short spellings of moments that the calendar tests share."""

from datetime import date, datetime, time, timedelta

from sla.core.calendar import BusinessCalendar

MIDNIGHT = time(0)
NINE_TO_FIVE = [(time(9), time(17))]
WEEKDAYS = dict.fromkeys(range(5), NINE_TO_FIVE)
EVERY_DAY = range(7)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def epoch(text: str) -> int:
    return int(at(text).timestamp())


def office(zone: str = "UTC", **rules: object) -> BusinessCalendar:
    return BusinessCalendar(zone, WEEKDAYS, **rules)  # type: ignore[arg-type]


def daily(zone: str, start: time, end: time) -> BusinessCalendar:
    return BusinessCalendar(zone, {day: [(start, end)] for day in EVERY_DAY})


CHRISTMAS_WEEK = office(
    holidays={date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): ""},
    exceptions={
        date(2026, 12, 24): [(time(9), time(12))],
        date(2026, 12, 26): [(time(10), time(12))],  # a Saturday
        date(2026, 12, 28): NINE_TO_FIVE,  # a holiday too: the holiday wins
        date(2026, 12, 29): [],
    },
    breaks={
        date(2026, 12, 24): [(time(8), time(10)), (time(9, 30), time(10, 30))],
        date(2026, 12, 30): [(MIDNIGHT, MIDNIGHT)],
    },
)
