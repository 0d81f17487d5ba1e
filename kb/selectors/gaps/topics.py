"""Gaps by topic: failed searches, tickets and flags that are about the same."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from itertools import count

from kb.core.gaps import (
    Cluster,
    OneForm,
    Term,
    Text,
    cluster,
    count_range,
    estimate,
    key_of,
    sentence_case,
    shrunk_share,
    terms_of,
    written_forms,
)
from kb.core.patterns import Release, TicketFact, find_patterns
from kb.core.search.lexicon import term_of
from kb.models import Article, Flag, Kind
from kb.selectors.gaps.asked import WAYS, Asked, asked_in_vain
from kb.selectors.gaps.drafts import MOST_LISTED, SOURCES, Draft
from kb.selectors.gaps.measured import PRIOR_SEARCHES, Measured
from kb.selectors.searching import active_synonyms, current

SEARCHES_LEAST = 3
TICKETS_LEAST = 5
"""Fewer than these, and no flag: chance, not a gap."""


@dataclass(slots=True)
class Part:
    """All that was written with the same words: searches, tickets, flags."""

    text: str
    language: str
    terms: frozenset[str]
    asked: list[Asked] = field(default_factory=list)
    tickets: list[int] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return (
            sum(one.failed for one in self.asked) + len(self.tickets) + len(self.flags)
        )


@dataclass(frozen=True, slots=True)
class Keys:
    """Names given before: of gaps that somebody decided about, and of the last rows."""

    decided: Collection[str]
    stored: Collection[str]


def topic_gaps(
    measured: Measured, uncovered: Collection[int], keys: Keys
) -> list[Draft]:
    """Return the gaps by topic.

    Parameters
    ----------
    measured : Measured
        The window and the shared terms.
    uncovered : collection of int
        Tickets that no published article is for: what themes are made of.
    keys : Keys
        So that a gap keeps its name when its most frequent wording changes.
    """
    parts = _parts(measured, uncovered)
    texts = [Text(part.terms, part.language, part.weight) for part in parts]
    releases = _releases(measured)
    forms = _forms(measured)
    taken: set[str] = set()
    drafts = []
    for found in cluster(texts, known=_known_stems()):
        members = [parts[at] for at in found.members]
        if _is_worth(members):
            key = _key(found, members, keys, taken)
            taken.add(key)
            drafts.append(_draft(key, members, measured, releases, forms))
    return drafts


def _parts(measured: Measured, uncovered: Collection[int]) -> list[Part]:
    parts: dict[tuple[str, frozenset[str]], Part] = {}
    known: dict[tuple[str, str], frozenset[str]] = {}
    forms = OneForm(active_synonyms())

    def part(text: str, language: str) -> Part:
        # Most subjects come again and again; stemming is what takes the time.
        if (language, text) not in known:
            known[language, text] = terms_of(forms.of(text, language), language)
        terms = known[language, text]
        return parts.setdefault((language, terms), Part(text, language, terms))

    for asked in asked_in_vain(measured.since, measured.until):
        part(asked.text, asked.language).asked.append(asked)
    for pk in uncovered:
        ticket = measured.tickets[pk]
        part(ticket.subject, ticket.language).tickets.append(pk)
    for flag in _open_flags():
        language = flag.ticket.language if flag.ticket else ""
        part(flag.text, language or "en").flags.append(flag)
    return list(parts.values())


def _known_stems() -> dict[str, frozenset[str]]:
    """By language, what published articles are written with."""
    surfaces = current().index.collection.lexicon.surfaces
    return {
        language: frozenset(term_of(word, language) for word in words)
        for language, words in surfaces.items()
    }


def _open_flags() -> list[Flag]:
    kinds = (Flag.Kind.MISSING, Flag.Kind.WORKAROUND)
    flags = Flag.objects.filter(state=Flag.State.OPEN, kind__in=kinds)
    return list(flags.select_related("ticket").order_by("pk"))


def _releases(measured: Measured) -> list[Release]:
    notes = Article.objects.filter(
        kind=Kind.RELEASE_NOTES,
        state=Article.State.PUBLISHED,
        first_published_at__gte=measured.since,
        first_published_at__lt=measured.until,
    ).select_related("published")
    found = []
    for note in notes.order_by("pk"):
        version = note.published
        if version is None or note.first_published_at is None:
            continue
        words = f"{version.title} {version.summary} {version.body}"
        day = note.first_published_at.astimezone(UTC).date()
        found.append(Release(version.title, day, terms_of(words, note.language)))
    return found


def _forms(measured: Measured) -> dict[str, str]:
    """Return how agents, customers and authors write acronyms."""
    texts = [row.subject for row in measured.tickets.values()]
    published = Article.objects.filter(state=Article.State.PUBLISHED)
    for title, keywords in published.values_list("title", "keywords"):
        texts += [title, *keywords]
    return written_forms(texts)


def _is_worth(members: Sequence[Part]) -> bool:
    return (
        any(part.flags for part in members)
        or sum(one.failed for part in members for one in part.asked) >= SEARCHES_LEAST
        or sum(len(part.tickets) for part in members) >= TICKETS_LEAST
    )


def _key(
    found: Cluster, members: Sequence[Part], keys: Keys, taken: Collection[str]
) -> str:
    own = [key_of(part.language, part.terms) for part in members]
    leader = key_of(found.language, found.terms)
    wanted = [key for key in own if key in keys.decided]
    wanted += [key for key in own if key in keys.stored]
    for key in (*wanted, leader, *own):
        if key not in taken:
            return key
    # Every wording of it names a heavier gap already: only mended spellings come here.
    numbered = (f"{leader[:150]}~{number}" for number in count(2))
    return next(key for key in numbered if key not in taken)


def _draft(
    key: str,
    members: Sequence[Part],
    measured: Measured,
    releases: Sequence[Release],
    forms: Mapping[str, str],
) -> Draft:
    asked = [one for part in members for one in part.asked]
    after = {pk for one in asked for pk in one.tickets}
    themes = {pk for part in members for pk in part.tickets}
    flags = [flag for part in members for flag in part.flags]
    tickets = sorted(after | themes | {f.ticket_id for f in flags if f.ticket_id})
    failed = sum(one.failed for one in asked)
    draft = Draft(
        key=key,
        title=sentence_case(_title(members), forms),
        language=members[0].language,
        sources=_sources(failed, themes, flags),
        estimate=estimate(
            after_searches=_after_searches(asked, failed, measured),
            other_tickets=_other(set(tickets) - after, measured),
            avoided=measured.avoided,
            minutes=measured.minutes_of(tickets),
        ),
        searches=failed,
        tickets=len(tickets),
        category=_category(tickets, measured),
        all_tickets=tuple(tickets),
    )
    draft.findings = find_patterns(_facts(tickets, flags, measured), releases)
    draft.evidence = {
        "queries": _queries(asked),
        "queries_all": len({_wording(one) for one in asked}),
        "unanswered": {name: sum(getattr(one, name) for one in asked) for name in WAYS},
        "subjects": _subjects(themes, measured),
        "tickets": tickets[-MOST_LISTED:],
        "flags": [flag.pk for flag in flags],
    }
    return draft


def _title(members: Sequence[Part]) -> str:
    """What was asked most: rather what customers typed than a subject of equal weight."""
    counted: Counter[str] = Counter()
    for part in members:
        for asked in part.asked:
            counted[asked.text] += 2 * asked.failed
        counted[part.text] += len(part.tickets) + len(part.flags)
    return min(counted, key=lambda one: (-counted[one], one))


def _sources(failed: int, themes: Collection[int], flags: Sequence[Flag]) -> list[str]:
    given = (
        (SOURCES.SEARCHES, failed),
        (SOURCES.TICKETS, themes),
        (SOURCES.FLAGS, flags),
    )
    return [str(source) for source, found in given if found]


def _after_searches(
    asked: Sequence[Asked], failed: int, measured: Measured
) -> tuple[Term, Term] | None:
    if not failed:
        return None
    tickets = sum(one.with_ticket for one in asked)
    rate = shrunk_share(
        tickets, failed, prior=measured.ticket_rate, weight=PRIOR_SEARCHES
    )
    return (
        Term("searches", count_range(failed, measured.days), failed),
        Term("tickets_per_search", rate, failed),
    )


def _other(tickets: Collection[int], measured: Measured) -> tuple[Term, Term] | None:
    if not tickets:
        return None
    monthly = count_range(len(tickets), measured.days)
    return Term("tickets", monthly, len(tickets)), measured.reached


def _category(tickets: Sequence[int], measured: Measured) -> int | None:
    rows = (measured.tickets.get(pk) for pk in tickets)
    counted = Counter(row.category for row in rows if row and row.category)
    most = min(counted, key=lambda one: (-counted[one], one), default=None)
    # Tickets of all kinds may follow a search; then the gap is in no category.
    return most if most is not None and 2 * counted[most] >= len(tickets) else None


def _facts(
    tickets: Sequence[int], flags: Sequence[Flag], measured: Measured
) -> list[TicketFact]:
    flagged = {f.ticket_id for f in flags if f.kind == Flag.Kind.WORKAROUND}
    rows = (measured.tickets[pk] for pk in tickets if pk in measured.tickets)
    return [
        TicketFact(
            ticket=row.pk,
            day=row.day,
            escalations=row.escalations,
            longest_reply=row.longest_reply,
            is_workaround=row.is_workaround or row.pk in flagged,
            terms=terms_of(row.subject, row.language),
        )
        for row in rows
    ]


def _queries(asked: Sequence[Asked]) -> list[list[str | int]]:
    """Return each wording once, whatever language or capitals it was typed in."""
    names: dict[str, str] = {}
    counted: dict[str, list[int]] = {}
    for one in sorted(asked, key=lambda one: (-one.failed, one.text)):
        key = _wording(one)
        names.setdefault(key, one.text)
        more = (one.failed, one.zero, one.unopened, one.refined, one.with_ticket)
        so_far = counted.get(key, [0] * len(more))
        counted[key] = [old + new for old, new in zip(so_far, more, strict=True)]
    ranked = sorted(counted.items(), key=lambda one: (-one[1][0], names[one[0]]))
    return [[names[key], *counts] for key, counts in ranked[:MOST_LISTED]]


def _wording(one: Asked) -> str:
    return " ".join(one.text.casefold().split())


def _subjects(tickets: Collection[int], measured: Measured) -> list[list[str | int]]:
    counted = Counter(measured.tickets[pk].subject for pk in tickets)
    ranked = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [[subject, count] for subject, count in ranked[:MOST_LISTED]]
