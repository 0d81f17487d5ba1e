"""Corrects misspelt words of a search by the words of the articles."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.core.search.text import is_unspaced, without_accents

# Letters from which one, and two, slips of the finger are looked past.
ONE_SLIP, TWO_SLIPS = 4, 6
# Below this many letters words two slips apart are often two words ("report", "repeat"):
# these need the same consonants ("paswerd") or all letters but one ("passwrid") as well.
SURE_OF_TWO = 8
LONGEST_WORD = 40
_SHORTEST_HALF = 3

_VOWELS = frozenset("aeiouyαειηουωаеиоуыэюяіїє")

# How many documents that the reader may open have a word; 0 hides it.
Popularity = Callable[[str], int]


class _Shelf:
    """Words of one length, with the letters of each as bits to rule most out at once."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.letters = np.array([_letters(word) for word in words], dtype=np.uint64)
        self.first = np.array([ord(word[0]) for word in words], dtype=np.uint32)

    def within(self, word: str, slips: int) -> list[str]:
        """Words at most ``slips`` away; of two slips only with the same first letter."""
        # A slip changes at most two letters of the set: one goes, one comes.
        differ = np.bitwise_count(self.letters ^ np.uint64(_letters(word)))
        likely = differ <= 2 * slips
        if slips > 1:
            likely &= self.first == ord(word[0])
        choices = [self.words[at] for at in np.flatnonzero(likely)]
        found = process.extract(
            word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        return [candidate for candidate, _distance, _at in found]


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits


def _is_alike(word: str, other: str) -> bool:
    """Whether two words have the same consonants, or the same letters but one."""
    letters, others = Counter(word), Counter(other)
    differ = (letters - others).total() + (others - letters).total()
    return differ <= 2 or _consonants(word) == _consonants(other)


def _consonants(word: str) -> list[str]:
    """Consonants in order, doubled ones once."""
    kept = [each for each in without_accents(word) if each not in _VOWELS]
    return [each for at, each in enumerate(kept) if not at or each != kept[at - 1]]


class Spelling:
    """The words of the articles, by length and by beginning.

    Parameters
    ----------
    words : iterable of str
        Folded words of the documents and of the synonyms.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(
            {word for word in words if word.isalpha() and not is_unspaced(word)}
        )
        by_length: dict[int, list[str]] = defaultdict(list)
        for word in self.words:
            if ONE_SLIP - 1 <= len(word) <= LONGEST_WORD:
                by_length[len(word)].append(word)
        self._by_length = {length: _Shelf(some) for length, some in by_length.items()}

    def beginning_with(self, prefix: str) -> list[str]:
        """Words with that beginning, in order."""
        low = bisect_left(self.words, prefix)
        high = bisect_left(self.words, prefix + "\U0010ffff")
        return self.words[low:high]

    def beginning_like(self, prefix: str) -> list[str]:
        """Words that begin with that, but for one slip after the first letter."""
        if len(prefix) < ONE_SLIP or not prefix.isalpha():
            return []
        starts = {
            word[: len(prefix) + more]
            for word in self.beginning_with(prefix[0])
            for more in (-1, 0, 1)
        }
        near = process.extract(
            prefix, starts, scorer=OSA.distance, score_cutoff=1, limit=None
        )
        found = (
            word for start, _slips, _at in near for word in self.beginning_with(start)
        )
        return sorted(set(found))

    def correct(self, word: str, popularity: Popularity) -> str:
        """Return what was most likely meant by an unknown word.

        Parameters
        ----------
        word : str
            Folded, and in no document that the reader may open.
        popularity : callable
            Documents open to the reader that have a word. A word that has none is never
            proposed: a correction must not tell what is in articles kept from the reader.

        Returns
        -------
        str
            The nearest word by optimal string alignment (a swap of neighbours is one
            slip): one slip from 4 letters, two from 6, two only with the first letter
            right and below `SURE_OF_TWO` letters with nearly the same letters. The more frequent one of equals, then the first by alphabet. Two words
            where a space is missing. ``word`` itself where nothing is near.
        """
        if not ONE_SLIP <= len(word) <= LONGEST_WORD or not word.isalpha():
            return word
        near = self._within(word, 1, popularity)
        if not near and len(word) >= TWO_SLIPS:
            near = self._within(word, 2, popularity)
        return near or self._halves(word, popularity) or word

    def _within(self, word: str, slips: int, popularity: Popularity) -> str:
        found = [
            candidate
            for length in range(len(word) - slips, len(word) + slips + 1)
            if length in self._by_length
            for candidate in self._by_length[length].within(word, slips)
        ]
        if slips > 1 and len(word) < SURE_OF_TWO:
            found = [each for each in found if _is_alike(each, word)]
        ranked = [
            (candidate[0] != word[0], -popularity(candidate), candidate)
            for candidate in found
        ]
        return min((row for row in ranked if row[1]), default=("", 0, ""))[2]

    def _halves(self, word: str, popularity: Popularity) -> str:
        if len(word) < 2 * _SHORTEST_HALF:
            return ""
        cuts = (
            (word[:at], word[at:])
            for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
        )
        known = [
            (min(popularity(left), popularity(right)), left, right)
            for left, right in cuts
        ]
        best = max(known, default=(0, "", ""))
        return f"{best[1]} {best[2]}" if best[0] else ""
