"""Reads of policies: the book in force, whom a publication touches, the lint."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from sla.core.policy import (
    PATH_SEPARATOR,
    NamedCalendar,
    PolicyDefinition,
    TicketFacts,
)
from sla.core.policy_book import BookEntry, PolicyBook, epoch
from sla.core.policy_lint import Finding, Surroundings, lint_policy
from sla.models import Policy, PolicyVersion
from sla.selectors import calendars
from tickets.models import CustomerTier, Ticket

_FACT_COLUMNS = (
    "organisation__tier__code",
    "priority",
    "category__path",
    "channel__code",
    "organisation_id",
)

# Published definitions never change, so a parsed one is good for ever under its checksum.
_parsed: dict[tuple[int, str], PolicyDefinition] = {}
_last_book: tuple[tuple[object, ...], PolicyBook] = ((), PolicyBook([]))
_lock = threading.Lock()


def versions_in_force() -> PolicyBook:
    """All published versions with their spans: one query while nothing was published.

    The book is cached a process under the identity, span and checksum of every row, so
    another process's publication is seen by the next call.
    """
    global _last_book
    rows = tuple(
        PolicyVersion.objects.filter(state=PolicyVersion.State.PUBLISHED)
        .order_by("pk")
        .values_list(
            "pk",
            "checksum",
            "policy_id",
            "position",
            "effective_from",
            "effective_to",
            "policy__name",
            "number",
        )
    )
    with _lock:
        known, book = _last_book
    if rows == known:
        return book
    definitions = _definitions([(row[0], row[1]) for row in rows])
    book = PolicyBook(
        BookEntry(
            version_id=pk,
            policy_id=policy_id,
            position=position,
            effective_from=epoch(starts),  # type: ignore[arg-type]  # a constraint sets it
            effective_to=None if ends is None else epoch(ends),
            definition=definitions[pk],
            policy_name=name,
            number=number,
        )
        for pk, _checksum, policy_id, position, starts, ends, name, number in rows
    )
    if all(row[1] for row in rows):
        with _lock:
            _last_book = (rows, book)
    return book


def _definitions(keys: Sequence[tuple[int, str]]) -> dict[int, PolicyDefinition]:
    missing = [pk for pk, checksum in keys if (pk, checksum) not in _parsed]
    fresh = {
        pk: PolicyDefinition.from_dict(content)
        for pk, content in PolicyVersion.objects.filter(pk__in=missing).values_list(
            "pk", "definition"
        )
    }
    found = {}
    for pk, checksum in keys:
        known = _parsed.get((pk, checksum))
        found[pk] = fresh[pk] if known is None else known
        if checksum:
            _parsed[pk, checksum] = found[pk]
    return found


def definition_of(
    version: PolicyVersion, frozen: dict[str, NamedCalendar] | None = None
) -> PolicyDefinition:
    """The definition of a version; a draft gets the hours in ``frozen``."""
    definition = PolicyDefinition.from_dict(version.definition)
    if version.is_draft and frozen is not None:
        return definition.with_calendars(frozen)
    return definition


# Facts of tickets -------------------------------------------------------------------------


def facts_of_tickets(
    tickets: QuerySet[Ticket], *, with_tags: bool
) -> Iterator[tuple[int, datetime, TicketFacts]]:
    """Number, creation and facts of each ticket: one query, two when tags are asked for."""
    tags = _tags_of(tickets) if with_tags else {}
    rows = tickets.values_list("pk", "created_at", *_FACT_COLUMNS)
    for (
        pk,
        created_at,
        tier,
        priority,
        category,
        channel,
        organisation,
    ) in rows.iterator(chunk_size=2000):
        yield (
            pk,
            created_at,
            TicketFacts(
                tier or "",
                priority,
                category or "",
                channel or "",
                organisation,
                tags.get(pk, frozenset()),
            ),
        )


def _tags_of(tickets: QuerySet[Ticket]) -> dict[int, frozenset[str]]:
    named: dict[int, set[str]] = {}
    rows = Ticket.tags.through.objects.filter(ticket__in=tickets.values("pk"))
    for ticket_id, name in rows.values_list("ticket_id", "tag__name"):
        named.setdefault(ticket_id, set()).add(name)
    return {pk: frozenset(names) for pk, names in named.items()}


# What a publication touches ---------------------------------------------------------------


def affected_tickets(
    *,
    definitions: Iterable[PolicyDefinition],
    effective_from: datetime,
    effective_to: datetime | None = None,
) -> QuerySet[Ticket]:
    """Tickets created in the span that any of the definitions is meant for.

    Give the new definition and those it replaces: a ticket that none of them is meant
    for keeps its promise.
    """
    meant = Q(pk__in=[])
    for definition in definitions:
        meant |= tickets_condition(definition)
    found = Ticket.objects.filter(meant, created_at__gte=effective_from)
    if effective_to is not None:
        found = found.filter(created_at__lt=effective_to)
    return found


def tickets_to_judge_again(
    *, version_ids: Sequence[int], created_from: datetime
) -> QuerySet[Ticket]:
    """Tickets that a publication or retirement concerns, by the versions it touched."""
    versions = PolicyVersion.objects.filter(pk__in=version_ids)
    return affected_tickets(
        definitions=[definition_of(version) for version in versions],
        effective_from=created_from,
    )


def tickets_condition(definition: PolicyDefinition) -> Q:
    """``PolicyDefinition.matches`` as SQL."""
    meant = Q()
    for name, accepted in definition.conditions.items():
        if name == "category":
            subtree = Q()
            for path in accepted:
                subtree |= Q(category__path=path)
                subtree |= Q(category__path__startswith=path + PATH_SEPARATOR)
            meant &= subtree
        elif name == "tag":
            tagged = Ticket.tags.through.objects.filter(
                ticket_id=OuterRef("pk"), tag__name__in=accepted
            )
            meant &= Q(Exists(tagged))
        else:
            meant &= Q(**{f"{_CONDITION_COLUMNS[name]}__in": accepted})
    return meant or Q(pk__isnull=False)


_CONDITION_COLUMNS = {
    "tier": "organisation__tier__code",
    "priority": "priority",
    "channel": "channel__code",
    "organisation": "organisation_id",
}


# Pages ------------------------------------------------------------------------------------


def policies_with_versions() -> QuerySet[Policy]:
    """Policies in order, their versions newest first under ``ordered_versions``."""
    versions = PolicyVersion.objects.select_related(
        "published_by", "created_by", "based_on"
    ).order_by("-number")
    return Policy.objects.order_by("position", "pk").prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="ordered_versions")
    )


def lint_of(
    policy: Policy,
    definition: PolicyDefinition,
    *,
    at: datetime,
    effective_from: datetime | None = None,
) -> list[Finding]:
    """Lint a definition that holds its calendars against the policies before it.

    Only a policy that is in force all the time from ``effective_from`` (else ``at``) on
    can make this one unreachable.
    """
    starts = epoch(effective_from or at)
    earlier = [
        (entry.policy_name, entry.definition)
        for entry in versions_in_force().in_force_at(starts)
        if (entry.position, entry.policy_id) < (policy.position, policy.pk)
        and entry.policy_id != policy.pk
        and entry.effective_to is None
    ]
    rows = calendars.calendars_with_parts()
    surroundings = Surroundings(
        earlier=earlier,
        tiers=list(CustomerTier.objects.values_list("code", flat=True)),
        holiday_years=calendars.loaded_holidays(rows, at=at),
    )
    return lint_policy(definition, surroundings, today=at.date())
