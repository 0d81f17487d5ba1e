"""What of the tickets a queue counts: who comes in through its channels to its teams."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Min, Q
from django.db.models.fields.json import KeyTransform

from tickets.models import Outcome, Ticket
from tickets.models.tickets import TicketQuerySet
from workforce.capacity.core.volumes.counting import TicketFacts, seconds_of
from workforce.capacity.models import Queue


@dataclass(frozen=True, slots=True)
class Feed:
    """Which tickets fill a queue: those of these channels, and of these teams if any."""

    queue_id: int
    time_zone: str
    channel_ids: frozenset[int]
    team_ids: frozenset[int]

    def takes(self, channel_id: int | None, team_ids: Iterable[int]) -> bool:
        """Whether a ticket of this channel, ever with these teams, may count here."""
        if channel_id not in self.channel_ids:
            return False
        return not self.team_ids or not self.team_ids.isdisjoint(team_ids)


def feeds(queue_ids: Iterable[int] | None = None) -> list[Feed]:
    """Return what fills each active queue that tickets fill, in two queries.

    With ``queue_ids`` it is what fills those, active or not.
    """
    of_channels, of_teams = Queue.channels.through.objects, Queue.teams.through.objects
    chosen = Q(queue__is_active=True) if queue_ids is None else Q(queue__in=queue_ids)
    rows = of_channels.filter(chosen).values_list(
        "queue_id", "queue__time_zone", "channel_id"
    )
    channels: dict[tuple[int, str], set[int]] = {}
    for queue_id, zone, channel_id in rows:
        channels.setdefault((queue_id, zone), set()).add(channel_id)
    if not channels:
        return []
    teams: dict[int, set[int]] = {}
    for queue_id, team_id in of_teams.filter(chosen).values_list("queue_id", "team_id"):
        teams.setdefault(queue_id, set()).add(team_id)
    return [
        Feed(queue_id, zone, frozenset(ids), frozenset(teams.get(queue_id, ())))
        for (queue_id, zone), ids in channels.items()
    ]


def tickets_of(feed: Feed) -> TicketQuerySet:
    """Return the tickets that count for the queue as they are filed now."""
    tickets = Ticket.objects.filter(channel_id__in=feed.channel_ids).order_by()
    return tickets.filter(team_id__in=feed.team_ids) if feed.team_ids else tickets


def facts_between(feed: Feed, start: datetime, end: datetime) -> list[TicketFacts]:
    """Return the queue's tickets that came in or ended in ``[start, end)``."""
    tickets = tickets_of(feed)
    rows = {}
    # Two queries, for an index each; one with OR would read the whole table.
    for field in ("created_at", "resolved_at"):
        within = tickets.filter(**{f"{field}__gte": start, f"{field}__lt": end})
        for pk, *row in within.values_list(
            "pk",
            "created_at",
            "resolved_at",
            "outcome",
            "first_response_at",
            KeyTransform(settings.HANDLE_TIME_FIELD, "custom"),
        ):
            rows[pk] = _facts(*row)
    return list(rows.values())


def _facts(
    created: datetime,
    ended: datetime | None,
    outcome: str,
    answered: datetime | None,
    minutes: object,
) -> TicketFacts:
    return TicketFacts(
        created=int(created.timestamp()),
        ended=int(ended.timestamp()) if ended else None,
        gave_up=outcome == Outcome.NO_ANSWER and answered is None,
        handle_seconds=seconds_of(minutes),
    )


def open_at(feed: Feed, moment: datetime) -> int:
    """Return how many of the queue's tickets were open at a moment."""
    came = tickets_of(feed).filter(created_at__lt=moment)
    return came.filter(Q(resolved_at=None) | Q(resolved_at__gte=moment)).count()


def had_begun(feed: Feed, moment: datetime) -> bool:
    """Return whether any ticket of the queue came in before a moment."""
    return tickets_of(feed).filter(created_at__lt=moment).exists()


def first_moment(feed: Feed) -> datetime | None:
    """Return when the first ticket of the queue came in."""
    found: datetime | None = tickets_of(feed).aggregate(first=Min("created_at"))[
        "first"
    ]
    return found
