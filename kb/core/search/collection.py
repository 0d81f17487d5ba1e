"""Documents with everything worked out that a search of them needs."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kb.core.search.documents import Document
from kb.core.search.embedding import Embed, document_vectors
from kb.core.search.languages import base_of
from kb.core.search.lexicon import Lexicon
from kb.core.search.postings import (
    Counts,
    Postings,
    build_postings,
    count_document,
    joined,
)


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents in order of their place, and the tables over them.

    It never changes; `updated` makes a new one that shares what stays.
    """

    documents: tuple[Document, ...]
    places: dict[Hashable, int]
    lexicon: Lexicon
    counts: Counts
    postings: Postings
    vectors: NDArray[np.float32] | None
    embed: Embed | None

    @classmethod
    def of(cls, documents: Iterable[Document], embed: Embed | None) -> Self:
        """Index documents from scratch.

        Raises
        ------
        ValueError
            If two documents have the same key.
        """
        documents = tuple(documents)
        lexicon = Lexicon()
        counts = joined(count_document(document, lexicon) for document in documents)
        vectors = _vectors(documents, embed) if embed else None
        return cls._of(documents, lexicon, counts, vectors, embed)

    @classmethod
    def _of(
        cls, documents: tuple[Document, ...], lexicon: Lexicon, counts: Counts,
        vectors: NDArray[np.float32] | None, embed: Embed | None,
    ) -> Self:  # fmt: skip
        places = {document.key: place for place, document in enumerate(documents)}
        if len(places) < len(documents):
            raise ValueError("two documents have the same key")
        languages = [document.language for document in documents]
        postings = build_postings(counts, languages, lexicon)
        return cls(documents, places, lexicon, counts, postings, vectors, embed)

    def updated(
        self, changed: Sequence[Document], removed: Iterable[Hashable]
    ) -> "Collection":
        """Return the collection with some documents put in place of others, or added.

        Only the changed ones are read; the worth of words is worked out again for all, so
        the result equals one made from scratch of the same documents in the same order.
        """
        new = {document.key: document for document in changed}
        gone = set(removed) | set(new)
        kept = [
            place
            for place, document in enumerate(self.documents)
            if document.key not in gone
        ]
        documents = (*(self.documents[place] for place in kept), *new.values())
        old_rows = (self.counts.rows(place) for place in kept)
        counts = joined(
            chain(
                (
                    (self.counts.keys[rows], self.counts.times[rows])
                    for rows in old_rows
                ),
                (count_document(document, self.lexicon) for document in new.values()),
            )
        )
        vectors = self.vectors
        if self.embed is not None and vectors is not None:
            parts = [vectors[kept]] if kept else []
            if new:
                parts.append(_vectors(tuple(new.values()), self.embed))
            vectors = np.concatenate(parts) if parts else vectors[:0]
        return self._of(documents, self.lexicon, counts, vectors, self.embed)

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def nbytes(self) -> int:
        """Bytes of the tables; texts and the dictionary of words come on top."""
        counts = self.counts
        total = counts.offsets.nbytes + counts.keys.nbytes + counts.times.nbytes
        vectors = 0 if self.vectors is None else self.vectors.nbytes
        return self.postings.nbytes + total + vectors

    def languages(self) -> NDArray[np.str_]:
        return np.array([base_of(document.language) for document in self.documents])


def _vectors(documents: Sequence[Document], embed: Embed) -> NDArray[np.float32]:
    return document_vectors([(each.title, each.body) for each in documents], embed)
