"""Loads the invented company: people, a year of tickets, promises, a help centre."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from supportops.common.errors import OperationRefused
from supportops.demo import policies
from supportops.demo.capacity import load_capacity
from supportops.demo.core import floor, story
from supportops.demo.core.quality import satisfaction, ticket_luck
from supportops.demo.kb import load_knowledge
from supportops.demo.loader import HistoryWriter
from supportops.demo.people import write_cast
from supportops.demo.quality import coaching, load_quality
from supportops.metrics import services as metrics
from supportops.notifications.models import Kind, Notification
from tickets.models import Ticket
from tickets.services.history import append_histories
from workforce.people.models import User

YEAR = timedelta(days=365)
MONTHLY = 1200
CONTACTS = 420
BATCH = 500
SEED = 20
REMEMBERED = timedelta(days=3)


class NotEmpty(OperationRefused):
    code = "not_empty"


def is_empty() -> bool:
    """Say whether nobody has used this installation yet."""
    return not Ticket.objects.exists() and not User.objects.exists()


def load_demo(
    *,
    until: datetime,
    at: datetime,
    say: Callable[[str], None],
    monthly: int = MONTHLY,
    span: timedelta = YEAR,
) -> int:
    """Write the company and its history up to ``until``; return the number of tickets.

    The same ``until`` gives the same company to the second.

    Raises ``NotEmpty`` when tickets or users are already there.
    """
    if not is_empty():
        raise NotEmpty(
            "This database already holds users or tickets, and the demo would mix with "
            "them. Point DATABASE_URL at an empty database to load it."
        )
    cast = write_cast(contacts=CONTACTS, seed=SEED)
    local = until.astimezone(ZoneInfo(story.ZONE))
    first_day = (local - span).replace(hour=0, minute=0, second=0, microsecond=0)
    # In UTC from here on: adding hours to a local time is wrong across DST.
    start = first_day.astimezone(UTC)
    policies.publish(cast=cast, effective_from=start, at=at)
    say("Playing a year on the support floor …")
    tickets = floor.play(
        start=start, end=until, customers=CONTACTS, monthly=monthly, seed=SEED
    )
    random = np.random.default_rng(SEED)
    went = ticket_luck(random, len(tickets))
    stars = satisfaction(random, went)
    writer = HistoryWriter(cast, seed=SEED)
    luck: dict[int, float] = {}
    for first in range(0, len(tickets), BATCH):
        places = range(first, min(first + BATCH, len(tickets)))
        written = append_histories(
            [writer.history(tickets[i], stars=int(stars[i])) for i in places], at=at
        )
        for i, row in zip(places, written, strict=True):
            luck[row.ticket_id] = float(went[i])
        say(f"  {places.stop} of {len(tickets)} tickets")
    say("Reviewing a year of work …")
    load_quality(cast=cast, luck=luck, start=start, until=until, seed=SEED, say=say)
    say("Counting figures …")
    metrics.refresh(at=at)
    coaching.write(cast=cast, start=start, until=until)
    say("Planning capacity …")
    load_capacity(cast=cast, start=start, until=until, seed=SEED, say=say)
    say("Opening the help centre …")
    load_knowledge(
        cast=cast,
        start=start,
        until=until,
        scale=monthly / MONTHLY,
        seed=SEED,
        say=say,
    )
    _lay_to_rest(until)
    return len(tickets)


def _lay_to_rest(until: datetime) -> None:
    """What was told in the past was read then, and no mail goes out for any of it."""
    told = Notification.objects.exclude(kind__in=[Kind.SLA_WARNING, Kind.SLA_BREACH])
    told.update(email_state=Notification.EmailState.NONE)
    told.filter(created_at__lt=until - REMEMBERED).update(read_at=until)
