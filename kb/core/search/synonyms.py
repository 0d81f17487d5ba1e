"""Synonyms of a search: one word for another, or for several."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kb.core.search.documents import Synonym
from kb.core.search.lexicon import term_of
from kb.core.search.text import is_unspaced, words_of


class Thesaurus:
    """Looks up what else the words of a search may be called.

    Parameters
    ----------
    synonyms : iterable of Synonym
        A two-way entry makes its term and all of ``same_as`` stand for each other.
    """

    def __init__(self, synonyms: Iterable[Synonym] = ()) -> None:
        self.words: set[str] = set()
        self._others: dict[str, dict[tuple[str, ...], list[tuple[str, ...]]]] = {}
        for synonym in synonyms:
            self._put(synonym)
        self._longest = max(
            (len(key) for others in self._others.values() for key in others), default=0
        )

    def _put(self, synonym: Synonym) -> None:
        forms = [tuple(words_of(text)) for text in (synonym.term, *synonym.same_as)]
        forms = [form for form in forms if form]
        if len(forms) < 2:
            return
        for form in forms:
            self.words.update(form)
        others = self._others.setdefault(synonym.language, defaultdict(list))
        for form in forms[:1] if synonym.is_one_way else forms:
            known = others[self._key(form, synonym.language)]
            known += [other for other in forms if other not in (form, *known)]

    @staticmethod
    def _key(words: Sequence[str], language: str) -> tuple[str, ...]:
        return tuple(
            word if is_unspaced(word) else term_of(word, language) for word in words
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
        groups = []
        keys = {name: self._key(words, name) for name in self._others}
        at = 0
        while at < len(words):
            stop, others = self._at(keys, at)
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
