"""Finds the articles whose title or keyword a search is, word for word."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kb.core.search.documents import Document
from kb.core.search.languages import base_of, stop_words
from kb.core.search.lexicon import Lexicon
from kb.core.search.scoring import pieces_of
from kb.core.search.text import is_particle, plain, words_of

Terms = frozenset[int]


class Names:
    """Titles and keywords of documents, as sets of terms without stop words.

    Parameters
    ----------
    documents : sequence of Document
    lexicon : Lexicon
        It has all words of the documents.
    """

    def __init__(self, documents: Sequence[Document], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._places: dict[str, dict[Terms, list[int]]] = defaultdict(dict)
        # Names of each document.
        self.of: list[tuple[Terms, ...]] = []
        for place, document in enumerate(documents):
            held = self._places[base_of(document.language)]
            names = {
                self._terms(words_of(name), document.language)
                for name in (document.title, *document.keywords)
            }
            self.of.append(tuple(name for name in names if name))
            for name in self.of[-1]:
                held.setdefault(name, []).append(place)

    def places(self, words: Iterable[str]) -> list[int]:
        """Return where a search is a title or a keyword: the same stems, none more.

        Parameters
        ----------
        words : iterable of str
            Folded, as `text.words_of` returns them.

        Returns
        -------
        list of int
            Places in ``documents``, in order.
        """
        words = list(words)
        found: set[int] = set()
        for language, held in self._places.items():
            wanted = self._terms(words, language)
            found.update(held.get(wanted, ()) if wanted else ())
        return sorted(found)

    def _terms(self, words: Iterable[str], language: str) -> Terms | None:
        """Terms that are no stop words; None where a word is in no document."""
        found: set[int] = set()
        for piece in pieces_of(words):
            terms = self._terms_of(piece, language)
            if terms is None:
                return None
            found.update(terms)
        return frozenset(found) or None

    def _terms_of(self, piece: str, language: str) -> tuple[int, ...] | None:
        """Terms of a piece, none of a stop word; None where no document has it."""
        if is_particle(piece) or plain(piece, language) in stop_words(language):
            return ()
        return self._lexicon.terms(piece, language) or None
