"""Documents with everything worked out that a search of them needs."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

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

# What documents are put in order by.
Order = Callable[[Document], Any]
Rows = tuple[NDArray[Any], NDArray[Any]]


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
        self,
        changed: Sequence[Document],
        removed: Iterable[Hashable],
        order: Order | None = None,
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
        order_of = range(len(documents)) if order is None else _sorted(documents, order)
        kept_rows = [self._rows(place) for place in kept]
        new_rows = [count_document(document, self.lexicon) for document in new.values()]
        rows = [*kept_rows, *new_rows]
        vectors = self._vectors_with(kept, tuple(new.values()))
        return self._of(
            tuple(documents[at] for at in order_of),
            self.lexicon,
            joined(rows[at] for at in order_of),
            None if vectors is None else vectors[list(order_of)],
            self.embed,
        )

    def _rows(self, place: int) -> Rows:
        rows = self.counts.rows(place)
        return self.counts.keys[rows], self.counts.times[rows]

    def _vectors_with(
        self, kept: list[int], new: tuple[Document, ...]
    ) -> NDArray[np.float32] | None:
        """Vectors of the documents that stay, and after them those of the new ones."""
        if self.embed is None or self.vectors is None:
            return None
        parts = [self.vectors[kept]] if kept else []
        if new:
            parts.append(_vectors(new, self.embed))
        return np.concatenate(parts) if parts else self.vectors[:0]

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


def _sorted(documents: Sequence[Document], order: Order) -> list[int]:
    return sorted(range(len(documents)), key=lambda at: order(documents[at]))


def _vectors(documents: Sequence[Document], embed: Embed) -> NDArray[np.float32]:
    return document_vectors([(each.title, each.body) for each in documents], embed)
