"""What forecasting is told of a queue's events: one row an occurrence."""

from datetime import date

from django.db.models import Q, QuerySet

from workforce.capacity.core.forecast.records import CalendarEvent
from workforce.capacity.core.occurrences import Span, occurrences
from workforce.capacity.models import Event, Queue


def events_of(queue: Queue) -> QuerySet[Event]:
    """Return the active events that concern a queue: its own, and those of every queue."""
    named = Event.queues.through.objects
    own = named.filter(queue_id=queue.pk).values("event_id")
    return Event.objects.filter(
        Q(pk__in=own) | ~Q(pk__in=named.values("event_id")), is_active=True
    ).order_by("starts_on", "pk")


def spans_of(event: Event, start: date, end: date) -> list[Span]:
    """Return an event's occurrences that touch the local days ``[start, end)``."""
    return occurrences(
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        repeats=event.repeats,
        start=start,
        end=end,
    )


def key_of(event: Event) -> str:
    """Return the key that all occurrences of an event share in a forecast.

    Releases come on no regular days, so each is an event of its own: those of one kind
    and one name are one series, and teach each other.
    """
    return f"{event.kind}:{' '.join(event.name.casefold().split())}"


def calendar_events(queue: Queue, start: date, end: date) -> list[CalendarEvent]:
    """Return every occurrence of a queue's events in the local days ``[start, end)``.

    Ask for the whole time from the beginning of training to the end of the horizon:
    an event's effect is learnt from its past occurrences.
    """
    return [
        CalendarEvent(
            key=key_of(event),
            first=first,
            last=last,
            treatment=event.treatment.lower(),
            percent=None if event.percent is None else float(event.percent),
        )
        for event in events_of(queue)
        for first, last in spans_of(event, start, end)
    ]
