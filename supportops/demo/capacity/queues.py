"""The demo's queues, what staffing assumes of them, and who is planned for them."""

from dataclasses import dataclass
from datetime import datetime

from sla.models import Calendar
from sla.services import calendars
from supportops.demo.core import hotline, story
from supportops.demo.people import Cast
from workforce.capacity.models import Assumptions, PlannedStaff, Queue

HOUR = 3600
WEEKDAYS = range(5)
MINUTES = 60

# Block, from, until, people from Monday to Friday. Evenings are left to too few.
PHONE_BLOCKS = (("Early", 7, 15, 4.5), ("Core", 9, 17, 4.5), ("Late", 12, 20, 1.5))
CHAT_BLOCKS = (("Early", 7, 15, 2.0), ("Late", 12, 20, 1.5))
MAIL_BLOCKS = (("Core", 8, 18, 3.0),)
TECHNICAL_BLOCKS = (("Core", 9, 18, 2.0),)
SATURDAY = (("Saturday", 9, 14, 2.0),)


@dataclass(frozen=True, slots=True)
class Queues:
    """What is planned for: two lines of a partner's hotline, three of our own."""

    phone: Queue
    chat: Queue
    mail: Queue
    own_chat: Queue
    technical: Queue

    @property
    def partner(self) -> tuple[Queue, Queue]:
        return self.phone, self.chat

    @property
    def own(self) -> tuple[Queue, Queue, Queue]:
        return self.mail, self.own_chat, self.technical


def write_queues(cast: Cast, at: datetime) -> Queues:
    """Create the queues with their assumptions and planned staff."""
    office = Calendar.objects.get(name="Berlin office")
    lines = _hotline_hours(at)
    queues = Queues(
        phone=_queue("Hotline", "phone", Queue.Handling.LIVE, lines),
        chat=_queue("Hotline", "chat", Queue.Handling.CHAT, lines),
        mail=_queue("Frontline", "email", Queue.Handling.DEFERRED, office),
        own_chat=_queue("Frontline", "chat", Queue.Handling.CHAT, office),
        technical=_queue("Technical", "email", Queue.Handling.DEFERRED, office),
    )
    for queue, team, channels in (
        (queues.mail, "Frontline", ("email", "web")),
        (queues.own_chat, "Frontline", ("chat", "phone")),
        (queues.technical, "Technical", ("email", "web", "chat", "phone")),
    ):
        queue.teams.set([cast.teams[team]])
        queue.channels.set([cast.channels[code] for code in channels])
    _assume(queues)
    _plan(queues)
    return queues


def _hotline_hours(at: datetime) -> Calendar:
    content = calendars.CalendarContent(
        name="Hotline hours",
        time_zone=story.ZONE,
        weekly={
            **{day: [(7 * MINUTES, 20 * MINUTES)] for day in WEEKDAYS},
            5: [(9 * MINUTES, 14 * MINUTES)],
        },
        places=[("DE", "BE")],
    )
    return calendars.save_calendar(calendar_id=None, content=content, actor=None, at=at)


def _queue(name: str, channel: str, handling: str, hours: Calendar) -> Queue:
    return Queue.objects.create(
        name=name,
        channel=channel,
        handling=handling,
        interval_minutes=30,
        time_zone=story.ZONE,
        calendar=hours,
        country=hotline.COUNTRY,
    )


def _assume(queues: Queues) -> None:
    rows = (
        (queues.phone, {"target_seconds": 20, "patience_seconds": 180}),
        (queues.chat, {"target_seconds": 60, "concurrency": 3, "slowdown": "0.100"}),
        (queues.mail, {"target_seconds": 4 * HOUR, "handle_seconds": 1200}),
        (queues.own_chat, {"target_seconds": 120, "concurrency": 2}),
        (queues.technical, {"target_seconds": 8 * HOUR, "handle_seconds": 2400}),
    )
    for queue, values in rows:
        Assumptions.objects.create(queue=queue, **values)


def _plan(queues: Queues) -> None:
    rows = []
    for queue, blocks in (
        (queues.phone, PHONE_BLOCKS),
        (queues.chat, CHAT_BLOCKS),
        (queues.mail, MAIL_BLOCKS),
        (queues.own_chat, (("Core", 8, 18, 1.0),)),
        (queues.technical, TECHNICAL_BLOCKS),
    ):
        rows += [_block(queue, day, *block) for block in blocks for day in WEEKDAYS]
    rows += [_block(queue, 5, *block) for queue in queues.partner for block in SATURDAY]
    for row in rows:
        row.save()


def _block(
    queue: Queue, day: int, name: str, starts: int, ends: int, people: float
) -> PlannedStaff:
    return PlannedStaff(
        queue=queue,
        name=name,
        weekday=day,
        starts_minute=starts * MINUTES,
        ends_minute=ends * MINUTES,
        people=people,
    )
