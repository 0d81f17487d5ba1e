"""Clocks as the event log gives them now: computed for many tickets, written nowhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sla.core.alerts import Crossing, crossing, judgement
from sla.core.calendar import BusinessCalendar
from sla.core.clock import Calendars, ClockResult, ClockRules, Targets, measure
from sla.core.history import METRICS, Cycle, History, read_history
from sla.core.policy import PolicyDefinition, TicketFacts
from sla.core.policy_book import PolicyBook
from sla.core.timeline import KINDS, Timeline, TimelineRules, read_timeline
from sla.selectors.policies import versions_in_force
from tickets.models import Status, Ticket, TicketEvent
from workforce.people.models import User

LIST_SIZE = 900
"""Values of one IN list: SQLite's older builds stop at 999."""

_MEASURED: Targets = dict.fromkeys(METRICS)
_ALWAYS = BusinessCalendar.always_open("UTC")


class TicketRow(NamedTuple):
    """What a policy asks about a ticket, and what clocks write back to it."""

    ticket_id: int
    created_at: datetime
    next_due_at: datetime | None
    outcome: str
    facts: TicketFacts


@dataclass(frozen=True, slots=True)
class Terms:
    """What one policy version, or none, means for the clocks of one customer tier."""

    version_id: int | None
    targets: Targets
    calendar: Calendars
    rules: ClockRules
    reading: TimelineRules


class ComputedClock(NamedTuple):
    """One clock as computed, with what it was computed from."""

    cycle: Cycle
    result: ClockResult
    judged_at: int | None
    is_kept: bool | None


class ComputedTicket(NamedTuple):
    """All clocks of one ticket, in the order of metric and cycle."""

    ticket: TicketRow
    terms: Terms
    timeline: Timeline
    history: History | None
    clocks: list[ComputedClock]
    now: int

    def crossing(self, clock: ComputedClock, threshold: int) -> Crossing | None:
        """When a clock uses up ``threshold`` percent of its target."""
        assert self.history is not None  # noqa: S101 -- a clock comes from a history
        return crossing(
            clock.cycle,
            self.history,
            clock.result,
            self.terms.calendar,
            self.now,
            threshold,
        )


class Vocabulary:
    """What holds for every ticket of one run: policies, intake statuses, programs."""

    def __init__(self, book: PolicyBook) -> None:
        self.book = book
        self._intake = frozenset(
            Status.objects.filter(is_intake=True).values_list("code", flat=True)
        )
        self._automation = frozenset(
            User.objects.filter(is_automation=True).values_list("pk", flat=True)
        )
        self._terms: dict[tuple[int | None, str], Terms] = {}

    def terms_for(self, ticket: TicketRow) -> Terms:
        """The version in force when the ticket was created, chosen by its facts now."""
        entry = self.book.version_for(int(ticket.created_at.timestamp()), ticket.facts)
        key = (entry.version_id if entry else None, ticket.facts.tier)
        found = self._terms.get(key)
        if found is None:
            found = self._terms[key] = (
                self._promised(entry.version_id, entry.definition, ticket.facts.tier)
                if entry
                else self._measured()
            )
        return found

    def _promised(
        self, version_id: int, definition: PolicyDefinition, tier: str
    ) -> Terms:
        rules = definition.rules
        return Terms(
            version_id,
            definition.targets_for(tier),
            definition.clock_calendars,
            definition.clock_rules,
            TimelineRules(
                pause_on=rules.pause_on,
                pause_after_followups=rules.pause_after_followups,
                manual_pauses=rules.manual_pauses,
                intake=self._intake,
                automation=self._automation,
            ),
        )

    def _measured(self) -> Terms:
        """Without a policy every hour counts and nothing is due."""
        reading = TimelineRules(intake=self._intake, automation=self._automation)
        return Terms(None, _MEASURED, _ALWAYS, ClockRules(), reading)


def vocabulary() -> Vocabulary:
    """Read what holds for every ticket; once a run."""
    return Vocabulary(versions_in_force())


def compute_clocks(
    ticket_ids: Sequence[int], at: datetime, words: Vocabulary
) -> Iterator[ComputedTicket]:
    """Compute every clock of the tickets, in the order of their ids.

    At most ``LIST_SIZE`` tickets, read in three queries (four when policies ask for
    tags). The rows are those of this moment: who writes them back must hold the tickets'
    locks.
    """
    now = int(at.timestamp())
    events = _events_of(ticket_ids)
    for ticket in ticket_rows(ticket_ids, with_tags=words.book.needs_tags()):
        yield compute_ticket(ticket, events.get(ticket.ticket_id, []), now, words)


def compute_ticket(
    ticket: TicketRow, rows: list[tuple[Any, ...]], now: int, words: Vocabulary
) -> ComputedTicket:
    """Compute the clocks of one ticket from its event rows."""
    terms = words.terms_for(ticket)
    timeline = read_timeline(rows, outcome=ticket.outcome, rules=terms.reading)
    history = read_history(timeline.events, now, terms.rules)
    clocks = []
    if history is not None:
        targets, calendar = terms.targets, terms.calendar
        for metric in METRICS:
            for cycle in history.cycles[metric]:
                result = measure(cycle, history, targets, calendar, now)
                clocks.append(ComputedClock(cycle, result, *judgement(result)))
    return ComputedTicket(ticket, terms, timeline, history, clocks, now)


def ticket_rows(ticket_ids: Iterable[int], *, with_tags: bool) -> list[TicketRow]:
    """Read the tickets' facts, ordered by id."""
    ids = list(ticket_ids)
    tags = _tags_of(ids) if with_tags else {}
    found = (
        Ticket.objects.filter(pk__in=ids)
        .order_by("pk")
        .values_list(
            "pk",
            "created_at",
            "next_due_at",
            "outcome",
            "organisation__tier__code",
            "priority",
            "category__path",
            "channel__code",
            "organisation_id",
        )
    )
    none: frozenset[str] = frozenset()
    return [
        TicketRow(
            pk,
            created_at,
            next_due_at,
            outcome,
            TicketFacts(
                tier or "",
                priority,
                category or "",
                channel or "",
                organisation_id,
                tags.get(pk, none),
            ),
        )
        for (
            pk,
            created_at,
            next_due_at,
            outcome,
            tier,
            priority,
            category,
            channel,
            organisation_id,
        ) in found
    ]


def event_rows(ticket_id: int) -> list[tuple[Any, ...]]:
    """The rows of one ticket that clocks go by."""
    return _events_of([ticket_id]).get(ticket_id, [])


def _events_of(ticket_ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Rows per ticket as ``read_timeline`` takes them, in the order of ``seq``."""
    rows = (
        TicketEvent.objects.filter(ticket_id__in=ticket_ids, kind__in=sorted(KINDS))
        .order_by("ticket_id", "seq")
        .values_list(
            "ticket_id",
            "at",
            "kind",
            "from_value",
            "to_value",
            "state",
            "direction",
            "actor_id",
        )
    )
    return {
        ticket_id: [(int(row[1].timestamp()), *row[2:]) for row in group]
        for ticket_id, group in groupby(rows.iterator(2000), key=itemgetter(0))
    }


def _tags_of(ticket_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    rows = (
        Ticket.tags.through.objects.filter(ticket_id__in=ticket_ids)
        .order_by("ticket_id")
        .values_list("ticket_id", "tag__name")
    )
    return {
        ticket_id: frozenset(name for _, name in group)
        for ticket_id, group in groupby(rows, key=itemgetter(0))
    }
