"""A small office, and tickets told in short lines, for the tests of the clocks."""

from datetime import UTC, date, datetime, time

from sla.core.calendar import BusinessCalendar
from sla.core.clock import ClockEvent, ClockRules, run_clocks

# Monday to Friday 09:00-17:00 UTC; Wednesday 2026-01-07 is a holiday.
OFFICE = BusinessCalendar(
    "UTC",
    {day: [(time(9), time(17))] for day in range(5)},
    holidays=[date(2026, 1, 7)],
)
ALWAYS = BusinessCalendar.always_open("UTC")
HOUR = 3600
ALL = ("first_response", "next_reply", "periodic_update", "resolution")


def at(text):
    """``"5 09:30"`` is 09:30 on 5 January 2026, a Monday."""
    day, clock = text.split()
    moment = datetime.combine(date(2026, 1, int(day)), time.fromisoformat(clock), UTC)
    return int(moment.timestamp())


def story(*lines):
    """Events from ``"5 09:30 paused"`` or ``("5 09:30 paused", value)``."""
    events = []
    for line in lines:
        text, value = line if isinstance(line, tuple) else (line, None)
        moment, kind = text.rsplit(" ", 1)
        events.append(ClockEvent(at(moment), kind, value))
    return events


def clocks(events, targets, now, rules=None, calendar=OFFICE):
    return run_clocks(events, targets, calendar, at(now), rules or ClockRules())


def one(events, metric, target, now, rules=None, calendar=OFFICE):
    [clock] = clocks(events, {metric: target}, now, rules, calendar)
    return clock


def cycles(events, metric, now, rules=None):
    return [
        (clock.started_at, clock.stopped_at, clock.elapsed_seconds, clock.state)
        for clock in clocks(events, {metric: 2 * HOUR}, now, rules)
    ]
