"""Reads of tickets that span relations. Rows a person may not see never leave here."""

import heapq
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from tickets.core.moves import Move
from tickets.models import (
    ENDED,
    Message,
    PriorityRule,
    SeverityRule,
    Status,
    StatusMove,
    Ticket,
    TicketEvent,
)
from tickets.models.tickets import TicketQuerySet
from workforce.people.models import Team, User

VIEW_ALL = "tickets.view_all_tickets"


def tickets_visible_to(user: User | AnonymousUser) -> TicketQuerySet:
    """Return the tickets this person may see.

    All of them with ``tickets.view_all_tickets``. Otherwise those assigned to them, of
    their team, of teams they lead, and those that nobody holds yet.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Ticket.objects.none()
    if user.has_perm(VIEW_ALL):
        return Ticket.objects.all()
    teams = Team.objects.filter(Q(lead=user) | Q(pk=user.team_id)).values("pk")
    return Ticket.objects.filter(
        Q(assignee=user)
        | Q(team__in=teams)
        | Q(team__isnull=True, assignee__isnull=True)
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's conversation: something said, or something that happened."""

    at: datetime
    ticket_id: int
    event: TicketEvent
    message: Message | None

    @property
    def is_message(self) -> bool:
        return self.message is not None


def conversation(ticket: Ticket, *, limit: int = 500) -> list[Entry]:
    """Return messages and events of a ticket in the order in which they happened.

    What was said on tickets merged into this one is among them (``ticket_id`` tells).
    The latest ``limit`` lines, in two queries whatever their number.
    """
    events = _events_with_authors().filter(ticket=ticket).order_by("-seq")[:limit]
    merged = _events_with_authors().filter(
        ticket__merged_into=ticket, kind=TicketEvent.Kind.MESSAGE
    )
    entries = [_entry(event) for event in reversed(events)]
    said = [_entry(event) for event in merged.order_by("-at", "-seq")[:limit]]
    return _merge(entries, list(reversed(said)))[-limit:]


def _events_with_authors() -> QuerySet[TicketEvent]:
    return TicketEvent.objects.select_related(
        "actor", "message", "message__author", "message__contact"
    )


def _entry(event: TicketEvent) -> Entry:
    return Entry(event.at, event.ticket_id, event, event.message)


def _merge(first: list[Entry], second: list[Entry]) -> list[Entry]:
    """Interleave two lists that are each in order; at equal times ``first`` leads."""
    return list(heapq.merge(first, second, key=lambda entry: entry.at))


def pause_in_force(ticket: Ticket) -> TicketEvent | None:
    """Return the pause by hand that nobody has ended, or ``None``.

    A resolution ends every pause, as it does for the clocks.
    """
    kinds = TicketEvent.Kind
    last = (
        TicketEvent.objects.filter(
            Q(kind__in=[kinds.PAUSED, kinds.RESUMED])
            | Q(kind=kinds.STATUS, state__in=sorted(ENDED)),
            ticket=ticket,
        )
        .select_related("actor")
        .order_by("-seq")
        .first()
    )
    return last if last and last.kind == kinds.PAUSED else None


def status_names() -> dict[str, str]:
    """Return the name of every status by its code, of those out of use too."""
    return dict(Status.objects.values_list("code", "name"))


def statuses_in_order() -> list[Status]:
    """Return the statuses in use, in the order of the lifecycle."""
    return list(Status.objects.filter(is_active=True).order_by("position", "pk"))


def allowed_moves() -> set[Move]:
    return set(StatusMove.objects.values_list("source__code", "target__code"))


@dataclass(frozen=True, slots=True)
class MovesPreview:
    """What a new table of moves would change; ``removed`` with the tickets it binds."""

    added: list[str]
    removed: list[tuple[str, int]]

    @property
    def is_empty(self) -> bool:
        return not self.added and not self.removed


def moves_preview(chosen: set[Move]) -> MovesPreview:
    """Compare a table of moves with the one in force, in three queries."""
    present = allowed_moves()
    names = dict(Status.objects.values_list("code", "name"))
    removed = sorted(present - chosen)
    counts = dict(
        Ticket.objects.filter(status__code__in={source for source, _target in removed})
        .values_list("status__code")
        .annotate(number=Count("pk"))
    )
    return MovesPreview(
        added=[_arrow(move, names) for move in sorted(chosen - present)],
        removed=[(_arrow(move, names), counts.get(move[0], 0)) for move in removed],
    )


def _arrow(move: Move, names: dict[str, str]) -> str:
    source, target = move
    return f"{names.get(source, source)} → {names.get(target, target)}"


def matrix_cells(
    model: type[PriorityRule] | type[SeverityRule], names: tuple[str, str, str]
) -> dict[tuple[str, str], str]:
    """Return a matrix as its value by row and column."""
    rows = model.objects.values_list(*names)
    return {(row, column): value for row, column, value in rows}


def latest_cell_changes(
    model: type[PriorityRule] | type[SeverityRule], *, limit: int = 15
) -> list[Any]:
    """Return who changed which cell of a matrix, the latest first."""
    return _latest(model.history.select_related("history_user"), limit)


def latest_move_changes(*, limit: int = 15) -> list[Any]:
    """Return who allowed or forbade which move, the latest first."""
    changes = StatusMove.history.select_related("history_user", "source", "target")
    return _latest(changes, limit)


def _latest(history: QuerySet[Any], limit: int) -> list[Any]:
    return list(history.order_by("-history_date", "-history_id")[:limit])
