"""Synonyms of a search: one word for another, or for several."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kb.core.search.classes import SMALL_CLASSES
from kb.core.search.documents import Synonym
from kb.core.search.lexicon import term_of
from kb.core.search.text import is_unspaced, without_accents, words_of


class Thesaurus:
    """Looks up what else the words of a search may be called.

    Parameters
    ----------
    synonyms : iterable of Synonym
        A two-way entry makes its term and all of ``same_as`` stand for each other. They
        come on top of `classes.SMALL_CLASSES`.

    Attributes
    ----------
    words : set of str
        Folded words of ``synonyms``: known, whether or not an article has them.
    """

    def __init__(self, synonyms: Iterable[Synonym] = ()) -> None:
        self.words: set[str] = set()
        self._words_of: dict[str, set[str]] = defaultdict(set)
        self._others: dict[str, dict[tuple[str, ...], list[tuple[str, ...]]]] = {}
        for synonym in SMALL_CLASSES:
            self._put(synonym)
        for synonym in synonyms:
            forms = self._put(synonym)
            self.words.update(*forms)
            self._words_of[synonym.language].update(*forms)
        keys = [key for others in self._others.values() for key in others]
        self._longest = max(map(len, keys))
        self._beginnings = {
            name: {self._beginning(word) for key in others for word in key}
            for name, others in self._others.items()
        }
        self._first = {
            name: {key[0] for key in others} for name, others in self._others.items()
        }
        # Within a run without spaces a word of a synonym is found wherever it stands.
        runs = {key[0] for key in keys if len(key) == 1 and is_unspaced(key[0])}
        found = "|".join(map(re.escape, sorted(runs, key=lambda run: (-len(run), run))))
        self._runs = re.compile(f"({found})") if found else None

    def _put(self, synonym: Synonym) -> list[tuple[str, ...]]:
        """Take an entry in and return its forms; none of one with a single form."""
        forms = [tuple(words_of(text)) for text in (synonym.term, *synonym.same_as)]
        forms = [form for form in forms if form]
        if len(forms) < 2:
            return []
        others = self._others.setdefault(synonym.language, defaultdict(list))
        for form in forms[:1] if synonym.is_one_way else forms:
            known = others[self._key(form, synonym.language)]
            known += [other for other in forms if other not in (form, *known)]
        return forms

    def has(self, word: str, languages: Iterable[str] | None) -> bool:
        """Whether the staff's list has a word in some languages, or in any."""
        if languages is None:
            return word in self.words
        return any(word in self._words_of.get(name, ()) for name in languages)

    def cut(self, words: Sequence[str]) -> list[str]:
        """Cut runs without spaces where a word of a synonym begins and ends."""
        if self._runs is None:
            return list(words)
        return [
            part
            for word in words
            for part in (self._runs.split(word) if is_unspaced(word) else (word,))
            if part
        ]

    @staticmethod
    def _key(words: Sequence[str], language: str) -> tuple[str, ...]:
        return tuple(
            word if is_unspaced(word) else term_of(word, language) for word in words
        )

    @staticmethod
    def _beginning(word: str) -> str:
        return without_accents(word[:2])

    def _key_of_likely(
        self, words: Sequence[str], likely: Sequence[bool], language: str
    ) -> tuple[str, ...]:
        return tuple(
            self._key((word,), language)[0] if is_likely else word
            for word, is_likely in zip(words, likely, strict=True)
        )

    def groups(
        self, words: Sequence[str]
    ) -> list[tuple[int, int, tuple[tuple[str, ...], ...]]]:
        """Find synonyms in the words of a search, the longest first from the left.

        Parameters
        ----------
        words : sequence of str
            Folded.

        Returns
        -------
        list of (start, stop, others)
            Every word belongs to exactly one group ``words[start:stop]``; ``others`` are
            the word lists that stand for it, none for most.
        """
        groups: list[tuple[int, int, tuple[tuple[str, ...], ...]]] = []
        keys = {}
        for name, beginnings in self._beginnings.items():
            # Stemming costs more than all the rest, and leaves a beginning as it is.
            likely = [self._beginning(word) in beginnings for word in words]
            if any(likely):
                keys[name] = self._key_of_likely(words, likely, name)
        starts = {
            at
            for name, key in keys.items()
            for at, word in enumerate(key)
            if word in self._first[name]
        }
        at = 0
        while at < len(words):
            stop, others = self._at(keys, at) if at in starts else (at + 1, ())
            groups.append((at, stop, others))
            at = stop
        return groups

    def _at(
        self, keys: dict[str, tuple[str, ...]], at: int
    ) -> tuple[int, tuple[tuple[str, ...], ...]]:
        for length in range(self._longest, 0, -1):
            found: list[tuple[str, ...]] = []
            for name, key in keys.items():
                if len(key) >= at + length:
                    found += self._others[name].get(key[at : at + length], ())
            if found:
                return at + length, tuple(dict.fromkeys(found))
        return at + 1, ()
