"""Passages of an article: what the assistant quotes, word for word, with its place."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.core.markdown import Section
from kb.core.search.languages import stem, stop_words
from kb.core.search.text import (
    grams,
    is_particle,
    is_unspaced,
    plain,
    without_accents,
    words_of,
)

LONGEST_PASSAGE = 600
"""Characters."""
_SATURATION = 1.2
_LENGTH_SHARE = 0.5
_HEADING_SHARE = 0.6
"""A word in the heading counts this much of one in the text."""
_TITLE_SHARE = 0.15
"""A word that the title has counts this much when a passage is looked for."""
DESCRIBING = frozenset(
    {
        "problem", "the problem", "symptom", "symptoms", "what you see", "what happens",
        "das problem", "symptome", "problème", "le problème", "symptômes", "problema",
        "síntomas", "問題", "症状",
    }
)  # fmt: skip
"""Headings of sections that describe a problem."""

_BLOCKS = re.compile(r"\n\n")
_ITEM = re.compile(r"^[ \t]*(?:\d{1,9}\.|-) ", re.MULTILINE)
_LINE_END = re.compile(r"\n")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_SPACE = re.compile(r"\s+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """A piece of one section. ``text`` is in the section's text as it stands."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Found:
    """A passage for a question: its score, and the share of the question it covers."""

    passage: Passage
    score: float
    coverage: float


def cut(sections: Sequence[Section], longest: int = LONGEST_PASSAGE) -> list[Passage]:
    """Cut the sections of an article into passages.

    No passage reaches over a heading. Paragraphs, lists, tables and code stay whole where
    they fit, and a line that ends in a colon stays with the list it announces. What is
    too long alone is cut between steps, then lines, then sentences, then words.

    Parameters
    ----------
    sections : sequence of Section
        As `kb.core.markdown.render` returns them.
    longest : int, default 600
        Characters of a passage, at least 1.

    Returns
    -------
    list of Passage
        In the order of the article. A section without text has none.

    Raises
    ------
    ValueError
        If ``longest`` is less than 1.
    """
    if longest < 1:
        raise ValueError(f"a passage has at least one character: {longest}")
    return [
        Passage(section.heading, section.anchor, section.plain[start:end])
        for section in sections
        for start, end in _spans(section.plain, longest)
    ]


def _spans(text: str, longest: int) -> Iterator[Span]:
    pieces = [
        piece
        for block in _units(text)
        for piece in _fit(text, block, longest, _BREAKS)
        if text[piece[0] : piece[1]].strip()
    ]
    yield from _packed(pieces, longest)


def _packed(pieces: Sequence[Span], longest: int) -> Iterator[Span]:
    """Put neighbours together while they fit."""
    current: Span | None = None
    for start, end in pieces:
        if current and end - current[0] <= longest:
            current = (current[0], end)
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def _units(text: str) -> Iterator[Span]:
    """Return blocks; one that ends in a colon belongs to the block after it."""
    opened: int | None = None
    for start, end in _parts(text, (0, len(text)), _BLOCKS):
        begin = start if opened is None else opened
        if text.endswith((":", "："), start, end):
            opened = begin
            continue
        opened = None
        yield begin, end
    if opened is not None:
        yield opened, len(text)


def _before_items(text: str, span: Span) -> Iterator[Span]:
    """Cut before each item of a list; the words before the first belong to it."""
    starts = [found.start() for found in _ITEM.finditer(text, *span)]
    edges = [span[0], *starts[1:], span[1]]
    for start, end in pairwise(edges):
        yield start, start + len(text[start:end].rstrip())


def _parts(text: str, span: Span, separator: re.Pattern[str]) -> Iterator[Span]:
    start = span[0]
    for found in separator.finditer(text, *span):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < span[1]:
        yield start, span[1]


def _letters(text: str, span: Span, longest: int) -> Iterator[Span]:
    for start in range(span[0], span[1], longest):
        yield start, min(start + longest, span[1])


_BREAKS = (None, _LINE_END, _SENTENCE_END, _SPACE)
"""Where a block that is too long is cut, the best places first; ``None``: at items."""


def _fit(
    text: str, span: Span, longest: int, breaks: Sequence[re.Pattern[str] | None]
) -> Iterator[Span]:
    if span[1] - span[0] <= longest:
        yield span
    elif not breaks:
        yield from _letters(text, span, longest)
    else:
        place, *finer = breaks
        parts = _parts(text, span, place) if place else _before_items(text, span)
        fitting = (
            piece for part in parts for piece in _fit(text, part, longest, finer)
        )
        yield from _packed(list(fitting), longest)


def score(
    passages: Sequence[Passage],
    weights: Mapping[str, float],
    tokens: Callable[[str], Sequence[str]],
) -> list[Found]:
    """Score passages for a question, in the order given.

    Each word of the question adds its weight, times a factor that grows with how often
    the passage has it and levels off (BM25); long passages need it more often. The sum
    is multiplied by the share of the question's weight that passage and heading cover,
    so that one rare word alone does not win over the whole question.

    Parameters
    ----------
    passages : sequence of Passage
        Of one article, or of several.
    weights : mapping of str to float
        Of each token of the question, above 0: how telling the token is.
    tokens : callable
        Turns text into tokens the way the question was.

    Returns
    -------
    list of Found
        ``coverage`` is a share, 0 to 1; the score is 0 where no word is found.

    Raises
    ------
    ValueError
        For a weight that is not above 0.

    References
    ----------
    .. [1] S. Robertson, H. Zaragoza, "The probabilistic relevance framework: BM25 and
       beyond", Foundations and Trends in Information Retrieval 3 (2009), 333-389.
    """
    if any(not weight > 0 or math.isinf(weight) for weight in weights.values()):
        raise ValueError("weights are above 0")
    words = [tokens(passage.text) for passage in passages]
    lengths = [len(each) for each in words]
    usual = sum(lengths) / len(lengths) if any(lengths) else 1.0
    headings = {
        passage.heading: frozenset(tokens(passage.heading)) for passage in passages
    }
    total = sum(weights.values())
    return [
        _found(
            passage, each, headings[passage.heading], weights, total, len(each) / usual
        )
        for passage, each in zip(passages, words, strict=True)
    ]


def _found(
    passage: Passage,
    words: Sequence[str],
    heading: frozenset[str],
    weights: Mapping[str, float],
    total: float,
    length: float,
) -> Found:
    level = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
    counts: dict[str, float] = {}
    for word in words:
        if word in weights:
            counts[word] = counts.get(word, 0.0) + 1.0
    for word in heading & weights.keys():
        counts[word] = counts.get(word, 0.0) + _HEADING_SHARE
    if not counts:
        return Found(passage, 0.0, 0.0)
    gained = sum(
        weights[word] * count * (_SATURATION + 1) / (count + level)
        for word, count in counts.items()
    )
    coverage = min(sum(weights[word] for word in counts) / total, 1.0)
    return Found(passage, gained * coverage, coverage)


def best(
    passages: Sequence[Passage],
    weights: Mapping[str, float],
    tokens: Callable[[str], Sequence[str]],
) -> Found | None:
    """Return the passage with the highest score, the earlier one of equals.

    ``None`` when no passage and no heading has a word of the question.
    """
    found = max(score(passages, weights, tokens), key=_score_of, default=None)
    return found if found and found.score > 0 else None


def _score_of(found: Found) -> float:
    return found.score


def terms(text: str, language: str) -> list[str]:
    """Return the stems of a text's words, without those that say nothing of a topic.

    Runs of a script without spaces are cut into overlapping pieces.
    """
    found: list[str] = []
    for word in words_of(text):
        if is_unspaced(word):
            pieces = (piece for _at, piece in grams(word, short=False))
            found += [piece for piece in pieces if not is_particle(piece)]
        elif plain(word, language) not in stop_words(language):
            found.append(without_accents(stem(plain(word, language), language)))
    return found


def describes(heading: str) -> bool:
    """Whether a section says what is wrong, which whoever asks knows, not what to do."""
    return plain(heading.casefold().strip(" :：")) in DESCRIBING


def find(
    question: str, passages: Sequence[Passage], *, title: str, language: str
) -> Passage | None:
    """Return the passage of one article that a question is answered with.

    Words that the title has say which article, hardly which part of it: what else was
    asked decides. Where nothing else was asked, it is the beginning, which is where an
    article answers in short. A word that few passages have tells more than one that all
    have.

    Parameters
    ----------
    question : str
        In plain words, spelling corrected.
    passages : sequence of Passage
        Of one article, see `cut`.
    title : str
        Of the article.
    language : str
        Of the article, such as ``de``.

    Returns
    -------
    Passage or None
        None where neither the title nor a passage has a word of the question.
    """
    asked, named = set(terms(question, language)), set(terms(title, language))
    held = [
        set(terms(f"{passage.heading}\n{passage.text}", language))
        for passage in passages
    ]
    if not passages or not asked & named.union(*held):
        return None
    answering = [each for each in passages if not describes(each.heading)]
    if not (asked - named) & set().union(*held):
        return (answering or passages)[0]
    weights = {
        word: math.log(
            1 + (len(held) + 0.5) / (sum(word in each for each in held) + 0.5)
        )
        * (_TITLE_SHARE if word in named else 1.0)
        for word in asked
    }
    found = best(answering or passages, weights, lambda text: terms(text, language))
    return found.passage if found else (answering or passages)[0]
