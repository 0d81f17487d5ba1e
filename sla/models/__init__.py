"""The nouns of promises: calendars, policies and their versions, clocks, alerts."""

from sla.models.calendars import (
    Calendar,
    CalendarException,
    CalendarHolidays,
    CalendarInterval,
)
from sla.models.clocks import SlaAlert, SlaClock
from sla.models.policies import Policy, PolicyVersion

__all__ = [
    "Calendar",
    "CalendarException",
    "CalendarHolidays",
    "CalendarInterval",
    "Policy",
    "PolicyVersion",
    "SlaAlert",
    "SlaClock",
]
