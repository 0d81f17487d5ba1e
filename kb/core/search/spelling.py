"""Corrects misspelt words of a search by the words of the articles."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.core.search.text import is_unspaced

# Letters from which one, and two, slips of the finger are looked past.
ONE_SLIP, TWO_SLIPS = 4, 6
LONGEST_WORD = 40
_SHORTEST_HALF = 3

# How many documents that the reader may open have a word; 0 hides it.
Popularity = Callable[[str], int]


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
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self.words:
            if ONE_SLIP - 1 <= len(word) <= LONGEST_WORD:
                self._by_length[len(word)].append(word)
                self._by_start[word[0], len(word)].append(word)

    def beginning_with(self, prefix: str) -> list[str]:
        """Words with that beginning, in order."""
        low = bisect_left(self.words, prefix)
        high = bisect_left(self.words, prefix + "\U0010ffff")
        return self.words[low:high]

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
            right. The more frequent one of equals, then the first by alphabet. Two words
            where a space is missing. ``word`` itself where nothing is near.
        """
        if not ONE_SLIP <= len(word) <= LONGEST_WORD or not word.isalpha():
            return word
        near = self._within(word, 1, popularity)
        if not near and len(word) >= TWO_SLIPS:
            near = self._within(word, 2, popularity)
        return near or self._halves(word, popularity) or word

    def _within(self, word: str, slips: int, popularity: Popularity) -> str:
        found = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            if slips == 1:
                choices = self._by_length.get(length, ())
            else:
                choices = self._by_start.get((word[0], length), ())
            found += process.extract(
                word, choices, scorer=OSA.distance, score_cutoff=slips,
                limit=None,
            )  # fmt: skip
        ranked = [
            (candidate[0] != word[0], -popularity(candidate), candidate)
            for candidate, _slips, _at in found
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
