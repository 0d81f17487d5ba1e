"""How soon a new request is answered, as the published promises say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sla.core.calendar import BusinessCalendar
from sla.core.durations import format_duration
from sla.core.history import FIRST_RESPONSE
from sla.core.policy import TicketFacts
from sla.hours_phrases import week_sentence
from sla.selectors.policies import versions_in_force
from tickets.models import Priority

# What a request of somebody unknown is before anybody has read it, least urgent first.
PRIORITIES = ("", Priority.P5, Priority.P4)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a new request is promised: open seconds to the first answer, and the hours."""

    priority: str
    seconds: int
    calendar: BusinessCalendar


class Answer(NamedTuple):
    """The first answer in words: its time, the hours it runs in, and when it is due."""

    within: str
    hours: str
    by: str


def promise_for(*, channel: str, at: datetime) -> Promise | None:
    """Return the promise that a request from a public page gets, with its priority.

    It is that of a customer without a tier, whoever sends: a shorter one for some would
    tell a stranger who is a customer, and of what tier.
    """
    book = versions_in_force()
    for priority in PRIORITIES:
        facts = TicketFacts(priority=priority, channel=channel)
        entry = book.version_for(at, facts)
        if entry is None:
            continue
        seconds = entry.definition.target("", priority, FIRST_RESPONSE)
        if seconds:
            calendar = entry.definition.calendar_for(priority)
            return Promise(str(priority), int(seconds), calendar)
    return None


def promised_answer(*, channel: str, at: datetime) -> Answer | None:
    """Return the first answer that a request of ``at`` is promised, in words."""
    promise = promise_for(channel=channel, at=at)
    if promise is None:
        return None
    calendar = promise.calendar
    due = calendar.add(at, timedelta(seconds=promise.seconds))
    return Answer(
        format_duration(promise.seconds),
        week_sentence(calendar),
        moment_in_words(due, calendar),
    )


def moment_in_words(at: datetime, calendar: BusinessCalendar) -> str:
    """Return ``Tuesday 24 Nov, 12:00 (Europe/Berlin)``: the time of those who answer."""
    local = localtime(at, ZoneInfo(calendar.timezone))
    # Translators: a date format of Django's, as of the filter "date".
    return f"{date_format(local, _('l j M, H:i'))} ({calendar.timezone})"


def first_priority(*, channel: str, at: datetime) -> str:
    """Return the priority a request is opened with, so that it gets what the page says."""
    promise = promise_for(channel=channel, at=at)
    return promise.priority if promise else ""
