"""Who cannot judge which ticket: their own work, or a ticket they judge anyway."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from qa.models import CalibrationItem, CalibrationSession, Review, SampleItem
from tickets.models import Message, Ticket, TicketEvent
from tickets.models.tickets import TicketQuerySet

Pair = tuple[int, int]
"""A ticket and a person."""


def tickets_of_draw(
    start: datetime, end: datetime, others: Iterable[int]
) -> TicketQuerySet:
    """Return what was resolved in ``[start, end)``, and other tickets by their keys."""
    resolved = Q(resolved_at__gte=start, resolved_at__lt=end)
    return Ticket.objects.filter(resolved | Q(pk__in=list(others))).order_by()


def worked_on(tickets: TicketQuerySet, people: Iterable[int]) -> set[Pair]:
    """Return who wrote on which ticket or was its assignee at any time. Three queries.

    An internal note is a message too: who has advised on a ticket judges their own
    advice.
    """
    named, about = list(people), {"ticket__in": tickets.values("pk")}
    found: set[Pair] = set(
        tickets.filter(assignee__in=named).values_list("pk", "assignee_id")
    )
    found |= set(
        Message.objects.filter(author__in=named, **about)
        .order_by()
        .values_list("ticket_id", "author_id")
        .distinct()
    )
    # The log names each new assignee by key; the first is an event of its own as well.
    found |= set(
        TicketEvent.objects.filter(
            kind=TicketEvent.Kind.ASSIGNEE, details__id__in=named, **about
        )
        .order_by()
        .values_list("ticket_id", "details__id")
    )
    return found


def judged(tickets: TicketQuerySet, people: Iterable[int]) -> set[Pair]:
    """Return who judges which ticket already, or is about to. Three queries.

    Their reviews of whatever kind and state: a ticket that was skipped has been read
    too. Calibrations they take part in, unless called off. Open items of any draw.
    """
    named, about = list(people), {"ticket__in": tickets.values("pk")}
    reviews = Review.objects.filter(reviewer__in=named, **about)
    rounds = CalibrationItem.objects.filter(
        session__participants__user__in=named, **about
    ).exclude(session__state=CalibrationSession.State.CANCELLED)
    waiting = SampleItem.objects.open().filter(reviewer__in=named, **about)
    return {
        *reviews.values_list("ticket_id", "reviewer_id"),
        *rounds.values_list("ticket_id", "session__participants__user_id"),
        *waiting.values_list("ticket_id", "reviewer_id"),
    }


def conflicts(tickets: TicketQuerySet, people: Iterable[int]) -> set[Pair]:
    """Return who must not be given which ticket. Six queries; none without people."""
    named = sorted(set(people))
    if not named:
        return set()
    return worked_on(tickets, named) | judged(tickets, named)
