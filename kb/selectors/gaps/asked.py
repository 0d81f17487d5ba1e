"""Searches that failed, by what was searched for."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from kb.core.search.languages import base_of
from kb.models import Place, Search

ZERO = Q(results=0)
UNOPENED = Q(
    results__gt=0, clicked__isnull=True, refined_by__isnull=True, ticket__isnull=True
)
REFINED = Q(refined_by__isnull=False)
TICKET = Q(ticket__isnull=False)
FAILED = ZERO | UNOPENED | REFINED | TICKET
WAYS = ("zero", "unopened", "refined", "with_ticket")
"""How a search may fail, as ``Asked`` counts it."""

ANSWERED = Q(clicked__isnull=False)


@dataclass(slots=True)
class Asked:
    """One text that people searched for in vain, with how it failed.

    ``zero``, ``refined`` and ``with_ticket`` may overlap; ``failed`` counts each once.
    """

    text: str
    language: str
    failed: int
    zero: int
    unopened: int
    refined: int
    with_ticket: int
    tickets: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All searches of a window: what tickets followed where one found, and where not."""

    answered: int
    answered_tickets: int
    failed: int
    failed_tickets: int


def asked_in_vain(since: datetime, until: datetime) -> list[Asked]:
    """Return each text that failed at least once, in two queries.

    Agents' own searches on ticket pages are left out. What the search corrected counts
    as what it was understood as where it found something; where it did not, the
    correction was a guess, and what was typed counts.
    """
    rows = (
        _searches(since, until)
        .filter(FAILED)
        .order_by()
        .values_list("language", "folded", "corrected")
        .annotate(
            failed=Count("pk"),
            zero=Count("pk", filter=ZERO),
            unopened=Count("pk", filter=UNOPENED),
            refined=Count("pk", filter=REFINED),
            with_ticket=Count("pk", filter=TICKET),
        )
    )
    tickets = _tickets(since, until)
    return [
        Asked(
            text=folded if zero else corrected or folded,
            language=base_of(language),
            failed=failed,
            zero=zero,
            unopened=unopened,
            refined=refined,
            with_ticket=with_ticket,
            tickets=tickets.get((language, folded, corrected), []),
        )
        for language, folded, corrected, failed, zero, unopened, refined, with_ticket in rows
        if folded
    ]


def outcomes(since: datetime, until: datetime) -> Outcomes:
    """Return how often a ticket followed a search that found something, and one that did not."""
    found = _searches(since, until).aggregate(
        answered=Count("pk", filter=ANSWERED & ~REFINED),
        answered_tickets=Count("pk", filter=ANSWERED & ~REFINED & TICKET),
        failed=Count("pk", filter=~ANSWERED | REFINED),
        failed_tickets=Count("pk", filter=(~ANSWERED | REFINED) & TICKET),
    )
    return Outcomes(**found)


def _searches(since: datetime, until: datetime):  # type: ignore[no-untyped-def]
    window = Search.objects.filter(at__gte=since, at__lt=until)
    return window.exclude(place=Place.AGENT)


def _tickets(since: datetime, until: datetime) -> dict[tuple[str, str, str], list[int]]:
    rows = (
        _searches(since, until)
        .filter(TICKET)
        .order_by("ticket_id")
        .values_list("language", "folded", "corrected", "ticket_id")
    )
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for language, folded, corrected, ticket in rows:
        found[language, folded, corrected].append(ticket)
    return found
