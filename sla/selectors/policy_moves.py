"""What a publication would move: which tickets change policy, which open promises change."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from sla.core.history import METRICS
from sla.core.policy import NamedCalendar, PolicyDefinition, TicketFacts
from sla.core.policy_book import BookEntry, PolicyBook, epoch
from sla.models import PolicyVersion, SlaClock
from sla.selectors.policies import (
    affected_tickets,
    facts_of_tickets,
    versions_in_force,
)
from tickets.models import Ticket

FACT_COLUMNS: Mapping[str, str] = {
    "tier": "organisation__tier__code",
    "priority": "priority",
    "category": "category__path",
    "channel": "channel__code",
    "organisation": "organisation_id",
}
"""Facts that group in SQL; tags do not."""

Shifts = Counter[tuple[int | None, int | None]]
"""Policy before and after (None: no promise) to the number of tickets."""


@dataclass(frozen=True)
class Moves:
    """What a publication would do.

    Attributes
    ----------
    open_promises, open_tickets : int
        Unfinished clocks whose target, hours or rules change, and their tickets.
    shifts : Counter
        Tickets that get another policy or another version, finished ones included, by
        the policy before and after. A ticket that keeps its version is not in it.
    """

    open_promises: int
    open_tickets: int
    shifts: Shifts

    @property
    def tickets(self) -> int:
        """All tickets that are judged by something else than before."""
        return self.shifts.total()

    @property
    def switched(self) -> int:
        """Tickets that get another policy, or one or none for the first time."""
        return sum(n for (old, new), n in self.shifts.items() if old != new)

    def gained_by(self, policy_id: int) -> int:
        return sum(
            n
            for (old, new), n in self.shifts.items()
            if new == policy_id and old != policy_id
        )

    def lost_by(self, policy_id: int) -> int:
        return sum(
            n
            for (old, new), n in self.shifts.items()
            if old == policy_id and new != policy_id
        )

    def renewed_in(self, policy_id: int) -> int:
        """Tickets that stay with the policy and get another version of it."""
        return self.shifts[policy_id, policy_id]


def count_open_promises_that_move(
    *, before: PolicyBook, after: PolicyBook, tickets: QuerySet[Ticket]
) -> Moves:
    """Compare what two books promise to ``tickets``.

    Three queries at most, five with tags. A ticket whose priority changed during its
    life is compared by the hours of its present priority.
    """
    open_tickets = tickets.filter(is_open=True)
    changed: dict[int, frozenset[str]] = {}
    metrics_that_move = _comparison(before, after)
    with_tags = before.needs_tags() or after.needs_tags()
    for pk, created_at, facts in facts_of_tickets(open_tickets, with_tags=with_tags):
        metrics = metrics_that_move(created_at, facts)
        if metrics:
            changed[pk] = metrics
    clocks = (
        SlaClock.objects.unfinished()
        .filter(ticket__in=open_tickets.values("pk"))
        .values_list("ticket_id", "metric")
    )
    nothing: frozenset[str] = frozenset()
    moved = Counter(
        ticket_id
        for ticket_id, metric in clocks.iterator(chunk_size=5000)
        if metric in changed.get(ticket_id, nothing)
    )
    return Moves(moved.total(), len(moved), _shifts(before, after, tickets))


def _comparison(
    before: PolicyBook, after: PolicyBook
) -> Callable[[datetime, TicketFacts], frozenset[str]]:
    """Say which metrics of a ticket are promised otherwise by another book.

    Comparing two calendars reads all of their holidays, and few combinations of policy
    and facts exist: each is compared once.
    """
    known: dict[tuple[int, int, TicketFacts], frozenset[str]] = {}

    def compare(created_at: datetime, facts: TicketFacts) -> frozenset[str]:
        old = before.version_for(created_at, facts)
        new = after.version_for(created_at, facts)
        key = (id(old), id(new), facts)
        if key not in known:
            known[key] = frozenset(
                metric
                for metric in METRICS
                if _promise(old, facts, metric) != _promise(new, facts, metric)
            )
        return known[key]

    return compare


def _promise(
    entry: BookEntry | None, facts: TicketFacts, metric: str
) -> tuple[object, ...]:
    if entry is None:
        return ()
    if entry.definition.target(facts.tier, facts.priority, metric) is None:
        return ()
    return entry.definition.promise_to(facts, metric)


# Which tickets change policy --------------------------------------------------------------


def _shifts(before: PolicyBook, after: PolicyBook, tickets: QuerySet[Ticket]) -> Shifts:
    """Count the tickets by the policy before and after: one query, two with tags."""
    found: Shifts = Counter()
    for moment, facts, number in _groups(before, after, tickets):
        old, new = before.version_for(moment, facts), after.version_for(moment, facts)
        if not _is_same_version(old, new):
            found[_policy_of(old), _policy_of(new)] += number
    return found


def _policy_of(entry: BookEntry | None) -> int | None:
    return None if entry is None else entry.policy_id


def _is_same_version(old: BookEntry | None, new: BookEntry | None) -> bool:
    """A version that only gets another place or end promises what it did."""
    if old is None or new is None:
        return old is new
    return old.policy_id == new.policy_id and old.definition is new.definition


def _groups(
    before: PolicyBook, after: PolicyBook, tickets: QuerySet[Ticket]
) -> Iterable[tuple[int, TicketFacts, int]]:
    """A moment, the facts and how many tickets share them as far as policies can tell."""
    if before.needs_tags() or after.needs_tags():
        for _pk, created_at, facts in facts_of_tickets(tickets, with_tags=True):
            yield epoch(created_at), facts, 1
        return
    named = _facts_asked_for(before, after)
    starts = _turns(before, after)
    rows = (
        tickets.order_by()
        .annotate(turn=_turn(starts))
        .values_list("turn", *(FACT_COLUMNS[name] for name in named))
        .annotate(number=Count("pk"))
    )
    for turn, *values, number in rows:
        pairs = zip(named, values, strict=True)
        facts = TicketFacts(
            **{name: value for name, value in pairs if value is not None}
        )
        yield starts[turn], facts, number


def _facts_asked_for(*books: PolicyBook) -> list[str]:
    asked = {name for b in books for e in b.entries for name in e.definition.conditions}
    return [name for name in FACT_COLUMNS if name in asked]


def _turns(*books: PolicyBook) -> list[int]:
    """The seconds at which a version starts or ends, behind one that precedes them all."""
    entries = [entry for book in books for entry in book.entries]
    starts = {entry.effective_from for entry in entries}
    ends = {entry.effective_to for entry in entries if entry.effective_to is not None}
    turns = sorted(starts | ends)
    return [turns[0] - 1 if turns else 0, *turns]


def _turn(starts: Sequence[int]) -> Case:
    """The index of the last turn that is not after the creation of a ticket."""
    whens = [
        When(created_at__lt=datetime.fromtimestamp(later, UTC), then=Value(index))
        for index, later in enumerate(starts[1:])
    ]
    return Case(*whens, default=Value(len(starts) - 1), output_field=IntegerField())


# Publications -----------------------------------------------------------------------------


def moves_of_publication(
    version: PolicyVersion,
    definition: PolicyDefinition,
    *,
    effective_from: datetime,
    position: int,
) -> Moves:
    """What publishing ``definition`` from ``effective_from`` on would move."""
    before = versions_in_force()
    entry = BookEntry(
        version_id=version.pk,
        policy_id=version.policy_id,
        position=position,
        effective_from=epoch(effective_from),
        effective_to=None,
        definition=definition,
    )
    replaced = replaced_entries(before, version.policy_id, effective_from)
    return count_open_promises_that_move(
        before=before,
        after=before.published(entry),
        tickets=affected_tickets(
            definitions=[definition, *(other.definition for other in replaced)],
            effective_from=effective_from,
        ),
    )


def moves_of_order(policy_ids: Sequence[int], *, effective_from: datetime) -> Moves:
    """What trying the policies in another order from ``effective_from`` on would move."""
    book = versions_in_force()
    moved: list[BookEntry] = []
    for place, policy_id in enumerate(policy_ids, start=1):
        entries = replaced_entries(book, policy_id, effective_from)
        if any(entry.position != place * 10 for entry in entries):
            moved += [replace(entry, position=place * 10) for entry in entries]
    return _moves_of_successors(moved, effective_from=effective_from)


def moves_of_new_hours(
    policy_id: int,
    frozen: Mapping[str, NamedCalendar],
    *,
    effective_from: datetime,
) -> Moves:
    """What publishing a policy's versions with other hours from then on would move."""
    entries = replaced_entries(versions_in_force(), policy_id, effective_from)
    renewed = [
        replace(entry, definition=entry.definition.with_calendars(frozen))
        for entry in entries
    ]
    return _moves_of_successors(renewed, effective_from=effective_from)


def _moves_of_successors(
    successors: Sequence[BookEntry], *, effective_from: datetime
) -> Moves:
    """What publishing versions anew, each for the rest of its own span, would move."""
    before = after = versions_in_force()
    start = epoch(effective_from)
    for entry in successors:
        later = max(entry.effective_from, start)
        after = after.published(replace(entry, effective_from=later))
    return count_open_promises_that_move(
        before=before,
        after=after,
        tickets=affected_tickets(
            definitions=[entry.definition for entry in successors],
            effective_from=effective_from,
        ),
    )


def replaced_entries(
    book: PolicyBook, policy_id: int, effective_from: datetime
) -> list[BookEntry]:
    """Versions of the policy in force from then on or later, first to last.

    A publication from then on shortens or ends them.
    """
    start = epoch(effective_from)
    found = [
        entry
        for entry in book.entries
        if entry.policy_id == policy_id
        and (
            entry.effective_to is None
            or entry.effective_to > max(start, entry.effective_from)
        )
    ]
    return sorted(found, key=lambda entry: entry.effective_from)
