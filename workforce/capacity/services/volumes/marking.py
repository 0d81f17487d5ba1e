"""Which days of which queues are to be counted again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from tickets.models import ENDED, Ticket, TicketEvent
from workforce.capacity.models import DayVolume, DirtyVolumeDay, Queue
from workforce.capacity.selectors.coverage import first_ticket_day
from workforce.capacity.selectors.ticket_facts import Feed, feeds

BATCH = 900  # SQLite takes 999 parameters a statement


def mark_days(queue_id: int, days: Iterable[date]) -> None:
    """Say that facts of these days changed. Call it with their commit, or after it.

    A row is added even when the day is marked already: a count under way may have read
    the facts before this change, and removes only the marks it saw first.
    """
    DirtyVolumeDay.objects.bulk_create(
        [DirtyVolumeDay(queue_id=queue_id, day=day) for day in sorted(set(days))],
        batch_size=BATCH // 2,
    )


def mark_tickets(ticket_ids: Sequence[int]) -> None:
    """Mark the days of the queues that these tickets count for, or once counted for.

    A ticket that moved has left the queue of its former team, and a reopened one the day
    on which it ended: its log still says so. Days in between need no mark, see
    ``count_day``.
    """
    known = feeds()
    if not known:
        return
    marks: dict[int, set[date]] = {}
    for start in range(0, len(ticket_ids), BATCH):
        _collect(known, ticket_ids[start : start + BATCH], marks)
    for queue_id, days in marks.items():
        mark_days(queue_id, days)


def _collect(
    known: Sequence[Feed], ticket_ids: Sequence[int], marks: dict[int, set[date]]
) -> None:
    teams, ends = _past(ticket_ids)
    rows = Ticket.objects.filter(pk__in=ticket_ids).values_list(
        "pk", "channel_id", "team_id", "created_at", "resolved_at"
    )
    for pk, channel_id, team_id, created_at, resolved_at in rows:
        moments = {created_at, *ends.get(pk, ())}
        if resolved_at:
            moments.add(resolved_at)
        for feed in known:
            if feed.takes(channel_id, {team_id or 0, *teams.get(pk, ())}):
                zone = ZoneInfo(feed.time_zone)
                days = {moment.astimezone(zone).date() for moment in moments}
                marks.setdefault(feed.queue_id, set()).update(days)


def _past(
    ticket_ids: Sequence[int],
) -> tuple[dict[int, set[int]], dict[int, set[datetime]]]:
    """Every team a ticket has been with, and every moment at which it ended."""
    teams: dict[int, set[int]] = {}
    ends: dict[int, set[datetime]] = {}
    events = TicketEvent.objects.filter(ticket_id__in=ticket_ids)
    moves = events.filter(kind=TicketEvent.Kind.TEAM)
    for ticket_id, details in moves.values_list("ticket_id", "details"):
        if team_id := details.get("id"):
            teams.setdefault(ticket_id, set()).add(team_id)
    endings = events.filter(state__in=sorted(ENDED))
    for ticket_id, moment in endings.values_list("ticket_id", "at"):
        ends.setdefault(ticket_id, set()).add(moment)
    return teams, ends


def mark_queue(queue_id: int) -> None:
    """Mark every day of a queue: what it counts, or how, has changed.

    A day more on either side, because a day of another time zone began elsewhere.
    """
    queue = Queue.objects.get(pk=queue_id)
    days = set(DayVolume.objects.filter(queue=queue).values_list("day", flat=True))
    if first := first_ticket_day(queue):
        days.add(first)
    around = {day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)}
    mark_days(queue_id, around)


def mark_new_days(at: datetime) -> None:
    """Mark the day after the last counted one, for queues that have not reached today."""
    known = feeds()
    newest = dict(
        DayVolume.objects.filter(queue_id__in=[feed.queue_id for feed in known])
        .order_by()
        .values_list("queue_id")
        .annotate(newest=Max("day"))
    )
    for feed in known:
        today = at.astimezone(ZoneInfo(feed.time_zone)).date()
        last = newest.get(feed.queue_id)
        if last and last < today:
            mark_days(feed.queue_id, [last + timedelta(days=1)])


def mark_deleted(ticket: Ticket) -> None:
    """Mark the days of a ticket that is about to go: an import is undone, say."""
    moments = [moment for moment in (ticket.created_at, ticket.resolved_at) if moment]
    for feed in feeds():
        if feed.takes(ticket.channel_id, [ticket.team_id] if ticket.team_id else []):
            zone = ZoneInfo(feed.time_zone)
            mark_days(
                feed.queue_id, [moment.astimezone(zone).date() for moment in moments]
            )
