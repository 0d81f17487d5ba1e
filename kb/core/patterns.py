"""Five patterns in tickets that ask for content: as data, and what finds them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

MANY, MANY_DAYS = 10, 7
ESCALATIONS = 3
LONG_REPLIES = 3
LONG_REPLY = 900
AFTER_RELEASE, AFTER_DAYS, TIMES_BEFORE = 5, 14, 2
WORKAROUNDS = 2

HIGH, MEDIUM = "HIGH", "MEDIUM"


@dataclass(frozen=True, slots=True)
class TicketFact:
    """What the rules need of one ticket of a topic.

    Parameters
    ----------
    ticket : int
    day : date
        On which it was created, in UTC.
    escalations : int
        How often it was given to a higher level.
    longest_reply : int
        Characters of the longest public reply that a person wrote.
    is_workaround : bool
        It ended with a workaround, or an agent flagged one.
    terms : frozenset of str
        Stems of its subject.
    """

    ticket: int
    day: date
    escalations: int = 0
    longest_reply: int = 0
    is_workaround: bool = False
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Release:
    """Release notes: when they came out, and the stems they are written with."""

    name: str
    day: date
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule fired: on these tickets, in these days."""

    code: str
    count: int
    tickets: tuple[int, ...]
    first: date
    last: date
    before: int = 0
    release: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern: how urgent it is, and what finds it in the tickets of a topic."""

    code: str
    priority: str
    find: Callable[[Sequence[TicketFact], Sequence[Release]], Finding | None]


def _finding(
    code: str, facts: Sequence[TicketFact], count: int, **rest: object
) -> Finding:
    days = [fact.day for fact in facts]
    numbers = tuple(sorted({fact.ticket for fact in facts}))
    return Finding(code, count, numbers, min(days), max(days), **rest)  # type: ignore[arg-type]


def many_a_week(
    facts: Sequence[TicketFact], _releases: Sequence[Release] = ()
) -> Finding | None:
    """Return the fullest seven days in a row of a topic, if ten tickets or more came.

    The latest of equals: that is where to look first.
    """
    ordered = sorted(facts, key=lambda fact: (fact.day, fact.ticket))
    best: Sequence[TicketFact] = ()
    start = 0
    for end, fact in enumerate(ordered):
        while (fact.day - ordered[start].day).days >= MANY_DAYS:
            start += 1
        if end + 1 - start >= max(MANY, len(best)):
            best = ordered[start : end + 1]
    return _finding("many", best, len(best)) if best else None


def repeated_escalations(
    facts: Sequence[TicketFact], _releases: Sequence[Release] = ()
) -> Finding | None:
    """Return the tickets of a topic that were given to a higher level, three times in all."""
    raised = [fact for fact in facts if fact.escalations]
    count = sum(fact.escalations for fact in raised)
    return _finding("escalations", raised, count) if count >= ESCALATIONS else None


def long_explanations(
    facts: Sequence[TicketFact], _releases: Sequence[Release] = ()
) -> Finding | None:
    """Return the tickets of a topic that took a long reply, if three did."""
    long = [fact for fact in facts if fact.longest_reply >= LONG_REPLY]
    return (
        _finding("explanations", long, len(long)) if len(long) >= LONG_REPLIES else None
    )


def asked_after_release(
    facts: Sequence[TicketFact], releases: Sequence[Release] = ()
) -> Finding | None:
    """Return tickets that came after a release that speaks of their topic.

    Of tickets whose subjects share half of their stems with the release notes: five in
    the 14 days from the release, and at least twice as many as in the 14 before.
    """
    found = [_after(facts, release) for release in releases]
    fired = [finding for finding in found if finding is not None]
    return max(fired, key=lambda one: (one.count, one.first, one.release), default=None)


def _after(facts: Sequence[TicketFact], release: Release) -> Finding | None:
    span = timedelta(days=AFTER_DAYS)
    about = [fact for fact in facts if _speaks_of(release, fact)]
    after = [f for f in about if release.day <= f.day < release.day + span]
    before = sum(release.day - span <= f.day < release.day for f in about)
    if len(after) < max(AFTER_RELEASE, TIMES_BEFORE * before):
        return None
    return _finding("release", after, len(after), before=before, release=release.name)


def _speaks_of(release: Release, fact: TicketFact) -> bool:
    return bool(fact.terms) and 2 * len(fact.terms & release.terms) >= len(fact.terms)


def workarounds(
    facts: Sequence[TicketFact], _releases: Sequence[Release] = ()
) -> Finding | None:
    """Return the tickets of a topic that ended with a workaround, if two did."""
    done = [fact for fact in facts if fact.is_workaround]
    return _finding("workaround", done, len(done)) if len(done) >= WORKAROUNDS else None


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            Rule("many", HIGH, many_a_week),
            Rule("escalations", HIGH, repeated_escalations),
            Rule("release", HIGH, asked_after_release),
            Rule("explanations", MEDIUM, long_explanations),
            Rule("workaround", MEDIUM, workarounds),
        )
    }
)
"""By code, the most urgent first."""


def find_patterns(
    facts: Sequence[TicketFact], releases: Sequence[Release] = ()
) -> list[Finding]:
    """Return what each rule finds in the tickets of one topic, the most urgent first."""
    found = (rule.find(facts, releases) for rule in RULES.values())
    return [finding for finding in found if finding is not None]
