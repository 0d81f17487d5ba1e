"""Picks the passage of a document that answers best, and marks what was searched for."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kb.core.search.documents import Document, Piece
from kb.core.search.text import (
    PLAIN_WORD,
    SAME_SCRIPT,
    Token,
    grams,
    is_unspaced,
    tokens_of,
)

PASSAGE_CHARACTERS = 240
_SENTENCE_END = re.compile(r"[.!?。！？]['\")\]]*\s+|[。！？]|\n+")
_LOOK_BACK = 160

# Word of the text → how much it tells about the search; 0 where it was not searched for.
# Every searched word of plain letters is in it from the start: others may be worked out.
Telling = Mapping[str, float]


class Match(NamedTuple):
    """A searched word in a text."""

    start: int
    end: int
    word: str
    mass: float


def matches_in(text: str, telling: Telling) -> list[Match]:
    """Find the searched words of a text, in order."""
    if text.isascii():
        told = telling.get
        return [
            Match(each.start(), each.end(), each[0], mass)
            for each in PLAIN_WORD.finditer(text.lower())
            if (mass := told(each[0], 0.0)) > 0
        ]
    found: list[Match] = []
    for token in tokens_of(text):
        if is_unspaced(token.text):
            found += _pieces_in(token, telling)
        elif (mass := telling[token.text]) > 0:
            found.append(Match(token.start, token.end, token.text, mass))
    return sorted(found)


def _pieces_in(run: Token, telling: Telling) -> Iterator[Match]:
    """Searched pieces of an unspaced run; of one that folding changed, the whole run.

    A piece cut out of a word takes the rest of it along, so that no mark ends within
    サインイン or 請求書: letters of the same script that stand together.
    """
    words = [each.span() for each in SAME_SCRIPT.finditer(run.text)]
    is_same_length = len(run.text) == run.end - run.start
    for at, piece in grams(run.text, short=True):
        mass = telling[piece]
        if mass > 0 and is_same_length:
            low, high = _whole(at, at + len(piece), words)
            yield Match(run.start + low, run.start + high, piece, mass)
        elif mass > 0:
            yield Match(run.start, run.end, piece, mass)


def _whole(low: int, high: int, words: list[tuple[int, int]]) -> tuple[int, int]:
    """Move both ends of a span out to those of the words they are in."""
    for start, end in words:
        if start < low < end:
            low = start
        if start < high < end:
            high = end
    return low, high


def pieces(text: str, matches: list[Match], start: int, end: int) -> tuple[Piece, ...]:
    """Cut ``text[start:end]`` at its matches; overlapping and touching ones are one."""
    found: list[Piece] = []
    at = start
    spans: list[list[int]] = []
    for match in matches:
        if match.start < start or match.end > end:
            continue
        if spans and match.start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], match.end)
        else:
            spans.append([match.start, match.end])
    for low, high in spans:
        if low > at:
            found.append(Piece(text[at:low], is_match=False))
        found.append(Piece(text[low:high], is_match=True))
        at = high
    if at < end:
        found.append(Piece(text[at:end], is_match=False))
    return tuple(found)


def marked(text: str, telling: Telling) -> tuple[Piece, ...]:
    """A whole text as pieces."""
    return pieces(text, matches_in(text, telling), 0, len(text))


def best_passage(document: Document, telling: Telling) -> tuple[str, tuple[Piece, ...]]:
    """Return the passage that has most of the searched words, and the heading above it.

    Parameters
    ----------
    document : Document
    telling : mapping of str to float

    Returns
    -------
    heading : str
        Empty above the first heading, or where places are unknown.
    passage : tuple of Piece
        About `PASSAGE_CHARACTERS` of the body, from the beginning of a sentence where one
        is near; the opening where no word is in the body. An ellipsis shows a cut.
    """
    body = document.body
    matches = matches_in(body, telling)
    place = _densest(matches)
    start = _sentence_start(body, place)
    end = _word_end(body, start)
    found = pieces(body, matches, start, end)
    before = (Piece("… ", is_match=False),) if _is_cut(body, start) else ()
    after = (Piece(" …", is_match=False),) if body[end:].strip() else ()
    return document.heading_at(place), before + found + after


def _densest(matches: list[Match]) -> int:
    """Where the window begins whose different words tell most; the first of equals."""
    best, best_mass, last = 0, 0.0, 0
    inside: dict[str, int] = {}
    mass = 0.0
    for first, match in enumerate(matches):
        while last < len(matches) and (
            matches[last].end <= match.start + PASSAGE_CHARACTERS
        ):
            word = matches[last].word
            mass += 0.0 if inside.get(word) else matches[last].mass
            inside[word] = inside.get(word, 0) + 1
            last += 1
        if mass > best_mass + 1e-6:
            best, best_mass = match.start, mass
        if last > first:
            inside[match.word] -= 1
            mass -= 0.0 if inside[match.word] else match.mass
        else:
            last = first + 1
    return best


def _sentence_start(body: str, place: int) -> int:
    back = max(0, place - _LOOK_BACK)
    ends = [back + each.end() for each in _SENTENCE_END.finditer(body[back:place])]
    if ends:
        return ends[-1]
    if back == 0:
        return len(body) - len(body.lstrip())
    space = body.rfind(" ", back, max(back, place - _LOOK_BACK // 4))
    return space + 1 if space >= 0 else place


def _word_end(body: str, start: int) -> int:
    end = start + PASSAGE_CHARACTERS
    if end >= len(body):
        return len(body.rstrip()) if body.strip() else len(body)
    space = body.rfind(" ", start + PASSAGE_CHARACTERS // 2, end)
    return space if space >= 0 else end


def _is_cut(body: str, start: int) -> bool:
    """Whether the passage begins in the middle of a sentence."""
    before = body[:start].rstrip(" ")
    return bool(before.strip()) and before[-1] not in ".!?。！？\n\"')]"
