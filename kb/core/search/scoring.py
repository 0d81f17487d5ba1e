"""Scores every document for the words of a search."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kb.core.search.collection import Collection
from kb.core.search.documents import Document
from kb.core.search.languages import WEAK_WORDS, stop_words
from kb.core.search.lexicon import Lexicon
from kb.core.search.passages import Telling
from kb.core.search.postings import FIELDS, terms_in_order
from kb.core.search.synonyms import Thesaurus
from kb.core.search.text import (
    fold,
    grams,
    is_joint,
    is_unspaced,
    words_of,
)

# A synonym counts a little less than the word itself.
SYNONYM = 0.9
# So much of its rarity a word like "still" tells, or a piece of a word and of grammar.
SMALL = 0.25
# Pieces overlap: a word has about twice as many.
PIECE = 0.5
# Words whose terms are kept; to look them up again costs little.
MOST_REMEMBERED = 20_000
_KEYWORDS = FIELDS.index("keywords")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of a search, or a piece of an unspaced run: its term in each language.

    ``mass`` is how much it tells: its rarity, in nats; of a word that nobody wrote, most.
    ``words`` is how many words it is: less than one of a piece of an unspaced run.
    """

    terms: tuple[int, ...]
    mass: float
    words: float = 1.0


_UNKNOWN = Wanted((), 0.0)


@dataclass(frozen=True, slots=True)
class Group:
    """Words that stand together, and the lists of words that may stand for them."""

    own: tuple[Wanted, ...]
    others: tuple[tuple[Wanted, ...], ...] = ()

    @property
    def mass(self) -> float:
        return sum(word.mass for word in self.own)

    def share_of(self, other: Sequence[Wanted]) -> float:
        """What a synonym counts: it is no rarer than the word it stands for.

        Where few articles say "bill" and all say "invoice", who asks for the latter does
        not want the few. How rare an expression is, its words do not say.
        """
        is_written = len(self.own) == 1 and bool(self.own[0].terms)
        told = sum(word.mass for word in other)
        if not is_written or told <= 0:
            return SYNONYM
        return SYNONYM * min(1.0, self.mass / told)


def pieces_of(words: Iterable[str]) -> list[str]:
    """Cut unspaced runs among the words of a search into the pieces to look for."""
    found: list[str] = []
    for word in words:
        if is_unspaced(word):
            found += [piece for _at, piece in grams(word, short=False)]
        else:
            found.append(word)
    return list(dict.fromkeys(found))


class Reader:
    """Looks words up in a collection."""

    def __init__(self, collection: Collection, thesaurus: Thesaurus) -> None:
        self.collection, self.thesaurus = collection, thesaurus
        self.postings, self.lexicon = collection.postings, collection.lexicon
        self._wanted: dict[tuple[str, bool], Wanted | None] = {}
        keys = collection.counts.keys
        # Terms that stand in a title, a heading or a text, not as keywords alone.
        self._is_in_text = np.zeros(len(self.postings.rarity), dtype=bool)
        self._is_in_text[keys[keys % len(FIELDS) != _KEYWORDS] // len(FIELDS)] = True

    def document(self, place: int) -> Document:
        return self.collection.documents[place]

    def terms(self, word: str, languages: Iterable[str] | None = None) -> list[int]:
        """Terms of a word or piece that some document has, in some languages or in any."""
        found = [
            term
            for language in (self.lexicon.languages if languages is None else languages)
            for term in self.lexicon.terms(word, language)
        ]
        return [term for term in found if len(self.postings.of(term)[0])]

    def popularity(
        self,
        word: str,
        allowed: Mask | None,
        languages: Iterable[str] | None = None,
    ) -> int:
        """How many allowed documents have a word as one of some languages, or of any."""
        total = 0
        for term in self.terms(word, languages):
            documents = self.postings.of(term)[0]
            total += (
                len(documents) if allowed is None else int(allowed[documents].sum())
            )
        return total

    def places(self, word: str, allowed: Mask | None) -> list[int]:
        """Which allowed documents have a word, in order."""
        found = {
            int(place)
            for term in self.terms(word)
            for place in self.postings.of(term)[0]
        }
        return sorted(at for at in found if allowed is None or allowed[at])

    def is_keyword_only(self, word: str, allowed: Mask | None) -> bool:
        """Whether allowed documents have a word among their keywords and nowhere else."""
        if word in self.thesaurus.words or self.wanted(word) is None:
            return False
        if not self.popularity(word, allowed):
            return False
        in_text = [term for term in self.terms(word) if self._is_in_text[term]]
        if allowed is None:
            return not in_text
        return not any(self._has_in_text(term, allowed) for term in in_text)

    def _has_in_text(self, term: int, allowed: Mask) -> bool:
        counts, places = self.collection.counts, self.postings.of(term)[0]
        wanted = [
            term * len(FIELDS) + field
            for field in range(len(FIELDS))
            if field != _KEYWORDS
        ]
        return any(
            bool(np.isin(wanted, counts.keys[counts.rows(int(place))]).any())
            for place in places[allowed[places]]
        )

    def is_known(self, word: str, allowed: Mask | None) -> bool:
        """Whether a word needs no correction: written somewhere, or a word like "the"."""
        return (
            word in self.thesaurus.words
            or any(word in stop_words(name) for name in self.lexicon.languages)
            or self.popularity(word, allowed) > 0
        )

    def wanted(self, word: str, *, stops: bool = False) -> Wanted | None:
        """Look a word up; None for a stop word, unless these are looked for too."""
        key = word, stops
        found = self._wanted.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            if len(self._wanted) >= MOST_REMEMBERED:
                self._wanted.clear()
            found = self._looked_up(word, stops=stops)
            self._wanted[key] = found
        return found

    def _looked_up(self, word: str, *, stops: bool) -> Wanted | None:
        found = self.terms(word)
        real = [term for term in found if stops or not self.lexicon.is_stop[term]]
        share = SMALL if word in WEAK_WORDS or is_joint(word) else 1.0
        words = share * (PIECE if is_unspaced(word) else 1.0)
        if real:
            mass = float(min(self.postings.rarity[term] for term in real))
            return Wanted(tuple(real), share * mass, words)
        is_stop = found or any(
            word in stop_words(name) for name in self.lexicon.languages
        )
        return None if is_stop else Wanted((), share * self.postings.rarest, words)

    def groups(self, words: Sequence[str]) -> list[Group]:
        """Turn the words of a search into groups to score.

        Words such as "how" or "the" are left out unless there are no others.
        """
        return self._groups(words, stops=False) or self._groups(words, stops=True)

    def _groups(self, words: Sequence[str], *, stops: bool) -> list[Group]:
        groups, seen = [], set()
        words = self.thesaurus.cut(words)
        for start, stop, others in self.thesaurus.groups(words):
            if not others and not is_unspaced(words[start]):
                # Most words: no synonym, nothing to cut.
                word = self.wanted(words[start], stops=stops)
                if word is not None and words[start] not in seen:
                    groups.append(Group((word,)))
                seen.add(words[start])
                continue
            pieces = [
                piece for piece in pieces_of(words[start:stop]) if piece not in seen
            ]
            seen.update(pieces)
            own = self._all(pieces, stops=stops)
            alternatives = [
                self._all(pieces_of(other), stops=stops) for other in others
            ]
            found = tuple(
                each
                for each in alternatives
                if each and all(word.terms for word in each)
            )
            if own or found:
                groups.append(Group(own, found))
        return groups

    def _all(self, pieces: Iterable[str], *, stops: bool) -> tuple[Wanted, ...]:
        found = (self.wanted(piece, stops=stops) for piece in pieces)
        return tuple(word for word in found if word is not None)

    def scores(
        self, groups: Sequence[Group]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Score every document.

        Parameters
        ----------
        groups : sequence of Group

        Returns
        -------
        scores : ndarray of float32, shape (documents,)
            Sum of the worths of the words a document has; of a group with synonyms the
            best of its forms, where all words of a synonym must be there.
        covered : ndarray of float32, shape (documents,)
            Share 0–1 of what the search tells (by rarity of its words) that is there.
        """
        scores = np.zeros(len(self.collection), np.float32)
        covered = np.zeros_like(scores)
        for group in groups:
            if not group.others:
                self._add(group.own, scores, covered)
                continue
            own, mass = np.zeros_like(scores), np.zeros_like(scores)
            self._add(group.own, own, mass)
            for other in group.others:
                worth, is_there = self._together(other)
                np.maximum(own, np.float32(group.share_of(other)) * worth, out=own)
                mass[is_there] = group.mass
            scores += own
            covered += mass
        total = sum(group.mass for group in groups)
        return scores, covered / total if total > 0 else covered

    def _add(
        self, words: Iterable[Wanted], scores: NDArray[np.float32],
        covered: NDArray[np.float32],
    ) -> None:  # fmt: skip
        for word in words:
            for term in word.terms:
                documents, impacts = self.postings.of(term)
                scores[documents] += impacts
                covered[documents] += word.mass

    def _together(self, words: Sequence[Wanted]) -> tuple[NDArray[np.float32], Mask]:
        worth = np.zeros(len(self.collection), np.float32)
        times = np.zeros(len(self.collection), np.int32)
        for word in words:
            for term in word.terms:
                documents, impacts = self.postings.of(term)
                worth[documents] += impacts
                times[documents] += 1
        is_there = times >= len(words)
        return np.where(is_there, worth, np.float32(0)), is_there

    def telling(self, groups: Sequence[Group]) -> Callable[[str], Telling]:
        """Return what the words of a text in some language tell about a search."""
        masses = {
            term: word.mass
            for group in groups
            for words in (group.own, *group.others)
            for word in words
            for term in word.terms
        }

        @cache
        def of_language(language: str) -> Telling:
            return _Telling(self.lexicon, language, masses)

        return of_language

    def having(self, text: str) -> Mask:
        """Documents that have a text: its words one after the other in one field."""
        mask = np.zeros(len(self.collection), dtype=bool)
        words = words_of(text)
        pieces = pieces_of(words)
        if not pieces:
            return mask
        mask[:] = True
        for piece in pieces:
            has = np.zeros_like(mask)
            for term in self.terms(piece):
                has[self.postings.of(term)[0]] = True
            mask &= has
        if len(pieces) > 1:
            for place in np.flatnonzero(mask):
                mask[place] = self._stands_in(text, words, int(place))
        return mask

    def _stands_in(self, text: str, words: Sequence[str], place: int) -> bool:
        document = self.collection.documents[place]
        if any(is_unspaced(word) for word in words):
            wanted = "".join(fold(text).split())
            return any(
                wanted in "".join(fold(field).split()) for field in document.fields()
            )
        language = document.language
        wanted = _line(
            term for word in words for term in self.lexicon.terms(word, language)
        )
        return any(
            wanted in _line(terms_in_order(field, language, self.lexicon))
            for field in document.fields()
        )


class _Telling(dict[str, float]):
    """Word → what it tells: the written forms that were searched for, and no others."""

    def __init__(
        self, lexicon: Lexicon, language: str, masses: dict[int, float]
    ) -> None:
        super().__init__()
        self._lexicon, self._language, self._masses = lexicon, language, masses
        for term, mass in masses.items():
            for word in lexicon.written.get(term, ()):
                if lexicon.terms(word, language) == (term,):
                    self[word] = mass

    def __missing__(self, word: str) -> float:
        # Every form that an article writes in plain letters was there from the start.
        if word.isascii():
            return 0.0
        terms = self._lexicon.terms(word, self._language)
        mass = max((self._masses.get(term, 0.0) for term in terms), default=0.0)
        self[word] = mass
        return mass


def _line(terms: Iterable[int]) -> str:
    return f" {' '.join(map(str, terms))} "
