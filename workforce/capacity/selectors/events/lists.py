"""Events as people see them: which, when next, and what they did to volume."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from workforce.capacity.core.effects import Effect, effect
from workforce.capacity.core.occurrences import Span, days_of
from workforce.capacity.models import DayVolume, Event, Queue
from workforce.capacity.selectors.events.calendar import spans_of
from workforce.capacity.selectors.queues import VIEW_ALL, queues_visible_to
from workforce.capacity.selectors.training import country_holidays
from workforce.people.models import User

TAUGHT_BY = timedelta(days=1100)
"""Past days that a forecast learns from."""

LOOK_AHEAD = timedelta(days=732)

Person = User | AnonymousUser


@dataclass(frozen=True)
class EventRow:
    """One event: its queues that the reader sees, when it comes next, what it did."""

    event: Event
    queues: list[Queue]
    next: Span | None
    effect: Effect | None
    past: int


def events_visible_to(user: Person) -> QuerySet[Event]:
    """Return events of every queue, and those of queues that a person sees."""
    if not user.has_perm("capacity.view_event"):
        return Event.objects.none()
    events = Event.objects.prefetch_related("queues").order_by("starts_on", "pk")
    if user.has_perm(VIEW_ALL):
        return events
    own = Event.queues.through.objects.filter(
        queue_id__in=queues_visible_to(user).values("pk")
    ).values("event_id")
    return events.annotate(n_queues=Count("queues")).filter(
        Q(n_queues=0) | Q(pk__in=own)
    )


def holidays_by_day(
    queues: Collection[Queue], start: date, end: date
) -> dict[date, set[str]]:
    """Return the public holidays in ``[start, end)`` and the countries that have them."""
    found: dict[date, set[str]] = defaultdict(set)
    for code in sorted({queue.country for queue in queues if queue.country}):
        for day in country_holidays(code, start.year, end.year):
            if start <= day < end:
                found[day].add(code)
    return dict(sorted(found.items()))


def event_rows(
    events: Sequence[Event], queues: Sequence[Queue], today: date
) -> list[EventRow]:
    """Return what is known of each event. One query for the volumes of all queues."""
    start = today - TAUGHT_BY
    volumes = _volumes(queues, start, today)
    holidays = holidays_by_day(queues, start, today)
    spans = {event.pk: spans_of(event, start, today + LOOK_AHEAD) for event in events}
    return [
        _row(event, events, queues, volumes, set(holidays), spans, today)
        for event in events
    ]


def concerned(event: Event, queues: Sequence[Queue]) -> list[Queue]:
    """Return the given queues that an event moves: its own, or all if it names none."""
    own = {queue.pk for queue in event.queues.all()}
    return [queue for queue in queues if not own or queue.pk in own]


def _volumes(
    queues: Sequence[Queue], start: date, end: date
) -> Mapping[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = DayVolume.objects.filter(
        queue__in=[queue.pk for queue in queues], day__gte=start, day__lt=end
    )
    for queue_id, day, offered in rows.values_list("queue_id", "day", "offered"):
        found[queue_id][day] = offered
    return found


def _row(
    event: Event,
    events: Sequence[Event],
    queues: Sequence[Queue],
    volumes: Mapping[int, dict[date, int]],
    holidays: set[date],
    spans: Mapping[int, list[Span]],
    today: date,
) -> EventRow:
    own = concerned(event, queues)
    past = [span for span in spans[event.pk] if span[0] < today]
    summed: dict[date, float] = defaultdict(float)
    for queue in own:
        for day, offered in volumes.get(queue.pk, {}).items():
            summed[day] += offered
    start = today - TAUGHT_BY
    unusual = holidays | {
        day
        for other in events
        if other.is_active or other.pk == event.pk
        for day in days_of(spans[other.pk], start, today)
    }
    return EventRow(
        event=event,
        queues=own,
        next=next((span for span in spans[event.pk] if span[1] >= today), None),
        effect=effect(past, summed, unusual),
        past=len(past),
    )
