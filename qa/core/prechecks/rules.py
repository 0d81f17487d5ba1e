"""What plain rules can say about a conversation, with the passage they rest on.

Each rule answers "found", "not found" or "cannot tell", and why. They are written to be
right when they speak: another language, a missing message or a weak sign is "cannot
tell". A reviewer confirms or corrects each, so their agreement can be measured.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern

from qa.core.prechecks import words as lexicon

IN, OUT = "in", "out"
MIN_RECENT = 8
"""Tickets of a category that a usual handle time is taken from, at least."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message. ``by_agent``: written by the agent who is reviewed.

    ``direction`` is "in", "out" or "internal"; ``at`` in seconds.
    """

    id: int
    direction: str
    by_agent: bool
    text: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """What the ticket itself says.

    ``language`` is a code such as "de", or empty when it is not known. Times are in
    seconds; ``usual_seconds`` is the median of ``usual_n`` tickets of the category.
    """

    customer: str = ""
    subject: str = ""
    language: str = ""
    category: str = ""
    is_catch_all: bool = False
    handle_seconds: float | None = None
    usual_seconds: float | None = None
    usual_n: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``[start, end)`` of a message."""

    message: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says. ``found`` is None when it cannot tell.

    ``reason`` is a stable word that pages put into a sentence, with ``values`` in it.
    """

    check: str
    found: bool | None
    reason: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


def precheck(
    checks: Iterable[str], said: Sequence[Said], known: Known
) -> dict[str, Finding]:
    """Run the named rules.

    Parameters
    ----------
    checks : iterable of str
        Any of ``RULES``; another name is left out.
    said : sequence of Said
        In order of time.
    known : Known

    Returns
    -------
    dict of str to Finding
        One a rule.
    """
    return {name: RULES[name](said, known) for name in checks if name in RULES}


# The rules --------------------------------------------------------------------------------


def greeting(said: Sequence[Said], known: Known) -> Finding:
    """Whether the agent's first reply opens with the customer's name."""
    reply = next(_replies(said), None)
    if reply is None:
        return Finding("greeting", None, "no_reply")
    for start, end in list(_own_lines(reply.text))[:2]:
        line = reply.text[start:end]
        opening = lexicon.GREETING.match(line)
        if opening is None:
            continue
        return _named(reply, start, line, opening.end(), known)
    if _is_foreign([reply], known):
        return Finding("greeting", None, "other_language")
    return Finding("greeting", False, "no_greeting", spans=_first_line(reply))


def _named(reply: Said, start: int, line: str, after: int, known: Known) -> Finding:
    names = _name_parts(known.customer)
    following = lexicon.NAME_AFTER.match(line, after)
    name = following.group("name").rstrip(".-'’") if following else ""
    end = following.end("name") if following else after
    called = [word for word, _s, _e in lexicon.words(line[after:])][:4]
    if names & set(called):
        until = max(e for word, _s, e in lexicon.words(line[after:]) if word in names)
        span = (Span(reply.id, start, start + after + until),)
        return Finding("greeting", True, "by_name", {"name": known.customer}, span)
    span = (Span(reply.id, start, start + after),)
    if not name or name.lower() in lexicon.NOBODY or not name[0].isupper():
        reason, found = ("no_name", False) if names else ("name_unknown", None)
        return Finding("greeting", found, reason, spans=span)
    span = (Span(reply.id, start, start + end),)
    if not names:
        return Finding("greeting", True, "by_name", {"name": name}, span)
    # A nickname, a colleague who was copied in, or the wrong person: a reader must see.
    return Finding("greeting", None, "other_name", {"name": name}, span)


def restated(said: Sequence[Said], known: Known) -> Finding:
    """Whether the agent's first reply says in its own words what was asked.

    One sentence must share words with the opening: one word of it where the sentence
    turns to the customer's matter ("I understand that …"), three where it does not.
    """
    opening = next((each for each in said if each.direction == IN), None)
    reply = next(_replies(said), None)
    if opening is None or reply is None:
        return Finding("restated", None, "no_reply" if opening else "no_opening")
    if _is_foreign([opening, reply], known):
        return Finding("restated", None, "other_language")
    ignored = _name_parts(known.customer)
    asked = _content(known.subject, ignored) | _content(_own_text(opening), ignored)
    if len(asked) < 2:
        return Finding("restated", None, "opening_too_short")
    best: tuple[int, tuple[int, int] | None, set[str]] = (0, None, set())
    shared_at_all: set[str] = set()
    for start, end in _own_sentences(reply.text):
        sentence = reply.text[start:end]
        shared = _content(sentence, ignored) & asked
        shared_at_all |= shared
        needed = 1 if lexicon.RESTATING.search(sentence) else 3
        if len(shared) >= needed and len(shared) > best[0]:
            best = (len(shared), (start, end), shared)
    if best[1]:
        words = ", ".join(_as_written(reply.text[slice(*best[1])], best[2]))
        span = (Span(reply.id, *best[1]),)
        return Finding("restated", True, "shares_words", {"words": words}, span)
    if shared_at_all or len(asked) < 4:
        return Finding("restated", None, "weak_sign")
    return Finding("restated", False, "shares_none", spans=_first_line(reply))


def next_steps(said: Sequence[Said], known: Known) -> Finding:
    """Whether the agent's last reply promises, asks or explains what to do."""
    reply = next(_replies(reversed(said)), None)
    if reply is None:
        return Finding("next_steps", None, "no_reply")
    if _is_foreign([reply], known):
        return Finding("next_steps", None, "other_language")
    invited = None
    for start, end in _own_sentences(reply.text):
        sentence, span = reply.text[start:end], (Span(reply.id, start, end),)
        if lexicon.INVITATION.search(sentence):
            invited = invited or span
            continue
        for reason, pattern in _STEPS:
            if pattern.search(sentence):
                return Finding("next_steps", True, reason, spans=span)
        if sentence.endswith("?"):
            return Finding("next_steps", True, "question", spans=span)
    if invited:
        return Finding("next_steps", None, "only_invites", spans=invited)
    return Finding("next_steps", False, "no_step", spans=_last_line(reply))


_STEPS = (("promise", lexicon.PROMISE), ("instruction", lexicon.INSTRUCTION))


def categorised(_said: Sequence[Said], known: Known) -> Finding:
    """Whether the ticket is filed under something that says what it was about."""
    if not known.category:
        return Finding("categorised", False, "no_category")
    values = {"category": known.category}
    if known.is_catch_all:
        return Finding("categorised", False, "catch_all", values)
    return Finding("categorised", True, "filed", values)


def tone(said: Sequence[Said], known: Known) -> Finding:
    """Whether the agent's replies thank or feel with the customer, and never blame."""
    replies = list(_replies(said))
    if not replies:
        return Finding("tone", None, "no_reply")
    if _is_foreign(replies, known):
        return Finding("tone", None, "other_language")
    harsh = tuple(_matches(replies, lexicon.RUDE, lexicon.SHOUTING))
    if harsh:
        return Finding("tone", False, "harsh", {"n": len(harsh)}, harsh)
    kind = tuple(_matches(replies, lexicon.KIND))
    if kind:
        return Finding("tone", True, "kind", {"n": len(kind)}, kind)
    return Finding("tone", None, "neutral")


def handle_time(_said: Sequence[Said], known: Known) -> Finding:
    """Whether it took about as long as such tickets take: up to half as long again.

    From half again to twice the median is "cannot tell": the ticket may have been hard.
    """
    taken, usual = known.handle_seconds, known.usual_seconds
    if taken is None:
        return Finding("handle_time", None, "time_unknown")
    if not usual or known.usual_n < MIN_RECENT:
        return Finding("handle_time", None, "few_to_compare", {"n": known.usual_n})
    values = {"taken": taken, "usual": usual, "n": known.usual_n}
    if taken <= 1.5 * usual:
        return Finding("handle_time", True, "usual", values)
    if taken <= 2 * usual:
        return Finding("handle_time", None, "longer", values)
    return Finding("handle_time", False, "much_longer", values)


RULES: Mapping[str, Callable[[Sequence[Said], Known], Finding]] = {
    "greeting": greeting,
    "restated": restated,
    "next_steps": next_steps,
    "categorised": categorised,
    "tone": tone,
    "handle_time": handle_time,
}


# Reading ----------------------------------------------------------------------------------


def _replies(said: Iterable[Said]) -> Iterator[Said]:
    return (
        each
        for each in said
        if each.direction == OUT and each.by_agent and each.text.strip()
    )


def _is_foreign(said: Sequence[Said], known: Known) -> bool:
    """A ticket's own language decides; else each text must be English or very short."""
    if known.language:
        return not known.language.lower().startswith("en")
    return any(lexicon.is_english(_own_text(each)) is False for each in said)


def _own_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines that the author wrote: up to a quoted mail or a signature."""
    start = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if lexicon.QUOTE_STARTS.match(bare) and not (start == 0 and bare[:1] == ">"):
            return
        if bare and not bare.startswith(">"):
            left = start + len(line) - len(line.lstrip())
            yield left, left + len(bare)
        start += len(line)


def _own_sentences(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _own_lines(text):
        for first, last in lexicon.sentences(text[start:end]):
            yield start + first, start + last


def _own_text(each: Said) -> str:
    return "\n".join(each.text[start:end] for start, end in _own_lines(each.text))


def _content(text: str, ignored: set[str]) -> set[str]:
    return {
        lexicon.stem(word)
        for word, _start, _end in lexicon.words(text)
        if len(word) > 2 and word not in lexicon.EMPTY_WORDS and word not in ignored
    }


def _as_written(sentence: str, stems: set[str]) -> list[str]:
    found = [word for word, _s, _e in lexicon.words(sentence)]
    return list(dict.fromkeys(word for word in found if lexicon.stem(word) in stems))


def _name_parts(name: str) -> set[str]:
    """A name's words, without titles; an address or a number names nobody."""
    if "@" in name:
        return set()
    parts = {word for word, _s, _e in lexicon.words(name) if len(word) > 1}
    return {word for word in parts if word.isalpha()} - lexicon.TITLES


def _matches(replies: Iterable[Said], *patterns: Pattern[str]) -> Iterator[Span]:
    for reply in replies:
        for start, end in _own_lines(reply.text):
            for pattern in patterns:
                for found in pattern.finditer(reply.text, start, end):
                    yield Span(reply.id, found.start(), found.end())


def _first_line(reply: Said) -> tuple[Span, ...]:
    return tuple(Span(reply.id, *line) for line in list(_own_lines(reply.text))[:1])


def _last_line(reply: Said) -> tuple[Span, ...]:
    return tuple(Span(reply.id, *line) for line in list(_own_lines(reply.text))[-1:])
