"""Search over the published articles, as one audience sees them.

>>> from kb import search
>>> search.search("how do i change my email", audience="public")  # doctest: +SKIP
[Hit(article_id=7, title='Change your e-mail address', ...)]

Nothing of an article that the audience may not read shows: not in the ranking, not in a
corrected spelling, not in a completion, not in a score.
"""

from dataclasses import dataclass, replace
from time import perf_counter

from kb.core.search import Document, Piece
from kb.core.search import Hit as Found
from kb.core.search.languages import base_of
from kb.selectors.readers import ANYBODY, STAFF, Audience
from kb.selectors.searching import Held, current, forget

__all__ = [
    "NAMED",
    "Highlights",
    "Hit",
    "Results",
    "answer",
    "compares_meaning",
    "forget",
    "ready",
    "search",
    "suggest",
]

NAMED = {"public": ANYBODY, "internal": STAFF}


@dataclass(frozen=True, slots=True)
class Highlights:
    """Title and best passage cut into pieces, not escaped: ``(text, is_match)``."""

    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that answers.

    Attributes
    ----------
    rank : int
        From 1.
    score : float
        Orders the hits of one search and means nothing else.
    confidence : float
        How likely this is the article that was looked for, 0–1.
    heading, passage : str
        The best passage as text, and the heading it stands under (empty: the opening).
    """

    article_id: int
    title: str
    slug: str
    language: str
    rank: int
    score: float
    confidence: float
    highlights: Highlights
    heading: str
    passage: str


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found.

    Attributes
    ----------
    hits : tuple of Hit
        Best first.
    original : str
        As typed.
    searched : str
        What was searched for, spelling corrected.
    corrected : str
        The same where it is not what was typed ("showing results for …"), else empty.
    is_good : bool
        Whether the first hit is good enough to be shown as an answer.
    is_relaxed : bool
        Nothing had the words in quotes in that order, so they were searched one by one.
    took_ms : float
    """

    hits: tuple[Hit, ...]
    original: str
    searched: str
    corrected: str
    is_good: bool
    is_relaxed: bool
    took_ms: float


def search(
    text: str,
    *,
    audience: Audience | str,
    limit: int = 10,
    language: str | None = None,
) -> list[Hit]:
    """Return the articles that answer a question, best first; see `answer`."""
    return list(answer(text, audience=audience, limit=limit, language=language).hits)


def answer(
    text: str,
    *,
    audience: Audience | str,
    limit: int = 10,
    language: str | None = None,
    correct: bool = True,
    with_passages: bool = True,
) -> Results:
    """Search, and say how good the result is and what spelling was corrected.

    Parameters
    ----------
    text : str
        As typed. Any word may match; words ``"in quotes"`` must stand so, ``-word`` is
        left out.
    audience : Audience or str
        Whose eyes it is for: ``public``, ``internal``, or an audience with tiers.
    limit : int
        Most hits, at least 1.
    language : str, optional
        The reader's; articles in others come behind at an equal score, and of an article
        and its translations only one is returned, the one in this language where it is
        among what was found.
    correct : bool
        False for "search instead for …": words are taken as they were typed.
    with_passages : bool
        False where nobody reads them: most of a search's time goes into them.

    Raises
    ------
    ValueError
        If ``limit`` is below 1 or ``audience`` is a word that is none.
    """
    start = perf_counter()
    held = current()
    index = held.view(_audience(audience))
    result = index.search(
        text,
        limit=limit if language is None else limit + held.twins,
        language=language,
        correct=correct,
        with_passages=with_passages,
    )
    documents = index.collection.documents
    hits = tuple(
        _hit(hit, documents[index.collection.places[hit.key]], held)
        for hit in result.hits
    )
    if language is not None:
        hits = _one_of_each(hits, language, held)[:limit]
    return Results(
        hits=hits,
        original=text,
        searched=result.searched,
        corrected=result.corrected,
        is_good=result.is_good,
        is_relaxed=result.is_relaxed,
        took_ms=(perf_counter() - start) * 1000,
    )


def _one_of_each(hits: tuple[Hit, ...], language: str, held: Held) -> tuple[Hit, ...]:
    """Keep one hit of an article and its translations, in the place of the best one."""
    kept: dict[int, Hit] = {}
    for hit in hits:
        family = held.entries[hit.article_id].family
        known = kept.setdefault(family, hit)
        if base_of(hit.language) == base_of(language) != base_of(known.language):
            kept[family] = hit
    return tuple(
        hit if hit.rank == rank else replace(hit, rank=rank)
        for rank, hit in enumerate(kept.values(), 1)
    )


def suggest(prefix: str, *, audience: Audience | str, limit: int = 6) -> list[Hit]:
    """Return articles while somebody types: the last word may be unfinished."""
    held = current()
    index = held.view(_audience(audience))
    documents = index.collection.documents
    return [
        _hit(hit, documents[index.collection.places[hit.key]], held)
        for hit in index.suggest(prefix, limit=limit)
    ]


def ready() -> int:
    """Build the index now if needed, and what the public sees of it; count its articles."""
    held = current()
    held.view(ANYBODY)
    return len(held.index)


def compares_meaning() -> bool:
    """Whether likeness of meaning takes part, beside words."""
    return current().index.collection.embed is not None


def _audience(audience: Audience | str) -> Audience:
    if isinstance(audience, Audience):
        return audience
    if audience not in NAMED:
        raise ValueError(f"an audience is one of {sorted(NAMED)}: {audience!r}")
    return NAMED[audience]


def _hit(found: Found, document: Document, held: Held) -> Hit:
    article_id = int(str(found.key))
    entry = held.entries[article_id]
    return Hit(
        article_id=article_id,
        title=document.title,
        slug=entry.slug,
        language=entry.language,
        rank=found.rank,
        score=found.score,
        confidence=found.confidence,
        highlights=Highlights(found.title, found.passage),
        heading=found.heading,
        passage=found.text,
    )
