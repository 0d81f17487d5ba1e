"""Reads of imports: what a run wrote, and what became of it since."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from tickets.imports.models import ImportedTicket, ImportRun
from tickets.models import Ticket, TicketEvent

# What the machine itself appends to an imported ticket; it contradicts no import.
OWN_KINDS = (TicketEvent.Kind.ESCALATION,)

SHOWN = 50


@dataclass(frozen=True)
class UndoPlan:
    """What undoing a run would delete, and what it would leave and why.

    ``rows`` are those of the file that the tickets were made from, ``events`` the
    entries of the event log that they became.
    """

    tickets: int
    rows: int
    events: int
    messages: int
    kept: int
    kept_tickets: list[Ticket] = field(default_factory=list)


def changed_here(known: Iterable[ImportedTicket]) -> set[int]:
    """Tickets whose log went on here, by more than the machine's own entries.

    Expects the tickets to be loaded (``select_related``).
    """
    later = {row.ticket_id: row for row in known if row.ticket.last_seq > row.last_seq}
    if not later:
        return set()
    events = TicketEvent.objects.filter(ticket_id__in=later).exclude(kind__in=OWN_KINDS)
    rows = events.filter(seq__gt=F("ticket__imported__last_seq"))
    return set(rows.values_list("ticket_id", flat=True))


def untouched_of(run: ImportRun) -> QuerySet[ImportedTicket]:
    """What the run created and nobody has touched: it can be deleted."""
    later = TicketEvent.objects.filter(
        ticket_id=OuterRef("ticket_id"), seq__gt=OuterRef("last_seq")
    ).exclude(kind__in=OWN_KINDS)
    return ImportedTicket.objects.filter(
        ~Exists(later),
        Q(updated_run__isnull=True) | Q(updated_run=run),
        run=run,
        ticket__merged_into__isnull=True,
        ticket__merged_tickets__isnull=True,
    )


def undo_plan(run: ImportRun) -> UndoPlan:
    """Count what undoing the run would do, without doing it."""
    deletable = untouched_of(run)
    inside = Ticket.objects.filter(imported__in=deletable)
    kept = Ticket.objects.filter(imported__run=run).exclude(imported__in=deletable)
    return UndoPlan(
        tickets=inside.count(),
        rows=deletable.aggregate(read=Sum("rows"))["read"] or 0,
        events=TicketEvent.objects.filter(ticket__in=inside).count(),
        messages=inside.filter(messages__isnull=False).values("messages").count(),
        kept=kept.count(),
        kept_tickets=list(kept.order_by("pk")[:SHOWN]),
    )
