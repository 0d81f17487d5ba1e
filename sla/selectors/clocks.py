"""Clocks as pages read them: a ticket's promises with their ledgers, what is due next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from sla.core.clock import calendar_for
from sla.core.ledger import Ledger, explain
from sla.core.policy_book import PolicyBook
from sla.models import SlaClock
from sla.selectors.computed import ComputedTicket, compute_clocks, vocabulary
from sla.selectors.policies import versions_in_force
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class TicketClock:
    """A stored clock, why it is due then, and the share of its target used up."""

    clock: SlaClock
    ledger: Ledger | None
    share: float | None


def clocks_of_ticket(*, ticket: Ticket, at: datetime) -> list[TicketClock]:
    """Every clock of a ticket with its ledger, open ones by what is due first.

    Counted, paused and late time are brought up to ``at``; nothing is written. A clock
    whose cycle the event log does not give (a recomputation is under way) has no
    ledger.
    """
    stored = SlaClock.objects.filter(ticket=ticket).order_by("pk")
    computed = next(compute_clocks([ticket.pk], at, vocabulary()), None)
    found = [_with_ledger(clock, computed) for clock in stored]
    return sorted(found, key=_open_first)


def _with_ledger(clock: SlaClock, computed: ComputedTicket | None) -> TicketClock:
    known = computed and any(
        (c.result.metric, c.result.cycle) == (clock.metric, clock.cycle)
        for c in computed.clocks
    )
    if computed is None or not known:
        return TicketClock(clock, None, None)
    terms = computed.terms
    ledger = explain(
        computed.timeline.events,
        terms.targets,
        terms.calendar,
        computed.now,
        metric=clock.metric,
        cycle=clock.cycle,
        rules=terms.rules,
    )
    result = ledger.result
    clock.elapsed_seconds = result.elapsed_seconds
    clock.paused_seconds = result.paused_seconds
    clock.breach_seconds = result.breach_seconds
    return TicketClock(clock, ledger, _share(clock, result.elapsed_seconds))


def _open_first(entry: TicketClock) -> tuple[bool, bool, float, int]:
    clock = entry.clock
    due = clock.due_at.timestamp() if clock.due_at else 0.0
    return not clock.is_open, clock.due_at is None, due, clock.pk


def next_promises(ticket_ids: Iterable[int]) -> dict[int, SlaClock]:
    """The promise of each ticket that is due first, in one query.

    A running clock comes before a paused one. Tickets that owe nothing are absent.
    """
    clocks = (
        SlaClock.objects.unfinished()
        .promised()
        .filter(ticket_id__in=list(ticket_ids), is_excluded=False)
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )
    found: dict[int, SlaClock] = {}
    for clock in clocks:
        found.setdefault(clock.ticket_id, clock)
    return found


def promises_due(*, tickets: QuerySet[Ticket], until: datetime) -> QuerySet[SlaClock]:
    """Running promises on these tickets that are due before ``until``, soonest first.

    Missed ones that nobody has answered come first: they were due longest ago.
    """
    return (
        SlaClock.objects.filter(
            state=SlaClock.State.RUNNING, due_at__lt=until, is_excluded=False
        )
        .filter(ticket__in=tickets)
        .select_related("ticket__organisation__tier", "ticket__assignee")
        .order_by("due_at", "pk")
    )


def used_shares(clocks: Sequence[SlaClock], at: datetime) -> dict[int, float]:
    """The share of its target that each clock has used up by ``at``, by clock id.

    Counts on the clock's own business hours: over a closed night nothing is used. Two
    queries for any number of clocks; those without a target are absent.
    """
    book = versions_in_force()
    priorities = dict(
        Ticket.objects.filter(pk__in={clock.ticket_id for clock in clocks}).values_list(
            "pk", "priority"
        )
    )
    shares = {}
    for clock in clocks:
        elapsed = clock.elapsed_seconds + _since_computed(
            clock, priorities.get(clock.ticket_id, ""), at, book
        )
        share = _share(clock, elapsed)
        if share is not None:
            shares[clock.pk] = share
    return shares


def _since_computed(
    clock: SlaClock, priority: str, at: datetime, book: PolicyBook
) -> int:
    if clock.state != SlaClock.State.RUNNING:
        return 0
    entry = next(
        (e for e in book.entries if e.version_id == clock.policy_version_id), None
    )
    if entry is None:
        return 0
    hours = calendar_for(entry.definition.clock_calendars, priority)
    return hours.between_seconds(
        int(clock.computed_at.timestamp()), int(at.timestamp())
    )


def _share(clock: SlaClock, elapsed: int) -> float | None:
    return elapsed / clock.target_seconds if clock.target_seconds else None


def ids_of_tickets() -> list[int]:
    """Every ticket, oldest number first."""
    return list(Ticket.objects.order_by("pk").values_list("pk", flat=True).iterator())
