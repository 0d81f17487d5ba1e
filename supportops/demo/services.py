"""Loads the invented company: its people, a year of tickets, and published promises."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from supportops.common.errors import OperationRefused
from supportops.demo import policies
from supportops.demo.core import floor, story
from supportops.demo.loader import HistoryWriter
from supportops.demo.people import write_cast
from supportops.metrics import services as metrics
from tickets.models import Ticket
from tickets.services.history import append_histories
from workforce.people.models import User

YEAR = timedelta(days=365)
MONTHLY = 1200
CONTACTS = 420
BATCH = 500
SEED = 20


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
    writer = HistoryWriter(cast)
    for first in range(0, len(tickets), BATCH):
        batch = tickets[first : first + BATCH]
        append_histories([writer.history(ticket) for ticket in batch], at=at)
        say(f"  {min(first + BATCH, len(tickets))} of {len(tickets)} tickets")
    say("Counting figures …")
    metrics.refresh(at=at)
    return len(tickets)
