"""The search index of this process: built when first asked for, kept up with the content.

Every search reads one number from the database (see `kb.services.indexing`). Where it
moved on, the first request to see so brings the index up to date: it reads the articles
that changed and no others (a change among 10,000 articles takes about a second, all of
them anew some ten). One thread does that at a time; the others wait `LONGEST_WAIT_S` at
most and then answer from the index there was.

Each audience has an index of its own, over what it may read and nothing else. Rarity of
words, spelling, completions and confidence therefore say nothing of other articles, and
there is no filter that could be forgotten after ranking.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from django.conf import settings

from kb.core.search import Document, Embed, Index, Synonym, wordllama_embed
from kb.selectors.readers import ANYBODY, STAFF, Audience
from kb.selectors.searching.contents import (
    Entry,
    active_synonyms,
    content_number,
    documents_of,
    published_entries,
)

LONGEST_WAIT_S = 2.0
# Audiences whose index is kept: the public, the staff and some sets of customer tiers.
MOST_VIEWS = 12
# Places more that are looked at where an article and its translations share one.
MOST_TWINS = 4

logger = logging.getLogger(__name__)
# Guards what is held and the numbers of words, which all indexes here share.
_lock = threading.RLock()


@dataclass(frozen=True)
class Held:
    """The index at one state of the content.

    Attributes
    ----------
    number : int or None
        Of the content, as `content_number` had it before anything was read.
    entries : dict of int to Entry
        The published articles by number.
    index : Index
        Over all of them, as the staff searches.
    synonyms : tuple of Synonym
    views : dict of Audience to Index
        Made when first asked for.
    ranks : dict
        Places of articles in searches made so far, for the known questions.
    """

    number: int | None
    entries: dict[int, Entry]
    index: Index
    synonyms: tuple[Synonym, ...]
    views: dict[Audience, Index] = field(default_factory=dict)
    ranks: dict[tuple[str, str, int], int | None] = field(default_factory=dict)

    def view(self, audience: Audience) -> Index:
        """Return the index over what an audience may read."""
        audience = self.known(audience)
        found = self.views.get(audience)
        if found is not None:
            return found
        with _lock:
            if audience not in self.views:
                if len(self.views) >= MOST_VIEWS:
                    self.views.pop(next(iter(self.views)))
                self.views[audience] = self._without_hidden(audience)
            return self.views[audience]

    def known(self, audience: Audience) -> Audience:
        """Return an audience that reads the same, with only the tiers articles name."""
        if audience.is_staff:
            return STAFF
        if not audience.tier_ids:
            return ANYBODY
        return Audience(tier_ids=audience.tier_ids & self._tiers)

    @cached_property
    def _tiers(self) -> frozenset[int]:
        groups = (entry.readers for entry in self.entries.values())
        named = (group for group in groups if isinstance(group, frozenset))
        return frozenset().union(*named)

    @cached_property
    def twins(self) -> int:
        """How many more hits to ask for where translations may fall together."""
        families = {entry.family for entry in self.entries.values()}
        return MOST_TWINS if len(families) < len(self.entries) else 0

    def _without_hidden(self, audience: Audience) -> Index:
        hidden = [
            pk
            for pk, entry in self.entries.items()
            if not entry.is_readable_by(audience)
        ]
        return self.index.updated(removed=hidden) if hidden else self.index

    def with_changes(
        self,
        entries: dict[int, Entry],
        changed: Sequence[Document] = (),
        removed: Iterable[int] = (),
        synonyms: tuple[Synonym, ...] | None = None,
        *,
        number: int | None = None,
    ) -> "Held":
        """Return the index as it would be with another content; this one stays as it is.

        Parameters
        ----------
        entries : dict of int to Entry
            All that is published then.
        changed : sequence of Document
            What is new or has another text, audience or address.
        removed : iterable of int
            Articles that are no longer published.
        synonyms : tuple of Synonym, optional
            All of them; those held stay without.
        """
        synonyms = self.synonyms if synonyms is None else synonyms
        with _lock:
            index = self.index.updated(
                changed, removed, synonyms=synonyms, order=_order(entries)
            )
        return Held(number, entries, index, synonyms)


_held: Held | None = None


def current() -> Held:
    """Return the index at the state the database is in, building it where needed."""
    global _held
    held = _held
    if held is not None and _is_current(held):
        return held
    # Without an index there is nothing to answer from, so the first one is waited for.
    has_lock = _lock.acquire(timeout=-1 if held is None else LONGEST_WAIT_S)
    if not has_lock and held is not None:
        return held
    try:
        number = content_number()
        if _held is None or number is None or _held.number != number:
            _held = _built(number, _held)
        return _held
    finally:
        _lock.release()


def _is_current(held: Held) -> bool:
    return held.number is not None and held.number == content_number()


def guard() -> AbstractContextManager[bool]:
    """Keep every other thread from changing what is held, as an update does."""
    return _lock


def forget() -> None:
    """Drop the index; the next search builds it from scratch."""
    global _held
    with _lock:
        _held = None


def _built(number: int | None, before: Held | None) -> Held:
    entries, synonyms = published_entries(), active_synonyms()
    if before is None:
        documents = sorted(documents_of(entries, entries), key=_order(entries))
        index = Index(documents, synonyms=synonyms, embed=embedding())
        return Held(number, entries, index, synonyms)
    changed = [pk for pk in entries if entries[pk] != before.entries.get(pk)]
    removed = [pk for pk in before.entries if pk not in entries]
    if not changed and not removed and synonyms == before.synonyms:
        return replace(before, number=number)
    documents = documents_of(changed, entries)
    return before.with_changes(entries, documents, removed, synonyms, number=number)


def _order(entries: dict[int, Entry]) -> Callable[[Document], tuple[str, str]]:
    """Equal scores go by address, which no database and no history of edits changes."""

    def address(document: Document) -> tuple[str, str]:
        entry = entries[int(str(document.key))]
        return entry.slug, entry.language

    return address


@cache
def embedding() -> Embed | None:
    """Return the model that compares meaning, where it is installed and not turned off."""
    if settings.SEARCH_EMBEDDINGS == "off":
        return None
    try:
        return wordllama_embed()
    except Exception:
        # A package of somebody else's: search by words is what remains.
        logger.exception("the embedding could not be loaded; words alone decide")
        return None
