"""BM25 by columns: for every term, which documents have it and what that is worth."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.core.search.documents import Document
from kb.core.search.languages import base_of
from kb.core.search.lexicon import Lexicon
from kb.core.search.text import words_of

FIELDS = ("title", "keywords", "headings", "body")
# What a field counts. Each is scored by itself, so a short field is strong already: these
# do what three to five times the words of a title do where all fields are one text.
WEIGHTS = (2.0, 2.0, 1.5, 1.0)
K1, B = 1.2, 0.75
# Rarity among fewer documents is reckoned as if among so many: in one document all words
# are in every document, yet they tell something.
FEWEST = 25
_ROWS_AT_ONCE = 200_000
_MOST_TIMES = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term stands in each field of each document.

    Attributes
    ----------
    offsets : ndarray, shape (documents + 1,)
        Where the rows of a document begin in ``keys`` and ``times``.
    keys : ndarray of uint32, shape (rows,)
        ``term * len(FIELDS) + field``, rising within a document.
    times : ndarray of uint16, shape (rows,)
    """

    offsets: NDArray[np.int64]
    keys: NDArray[np.uint32]
    times: NDArray[np.uint16]

    def rows(self, document: int) -> slice:
        return slice(self.offsets[document], self.offsets[document + 1])


def terms_in_order(text: str, language: str, lexicon: Lexicon) -> list[int]:
    """Terms of a text as they follow each other, new ones numbered."""
    surfaces = lexicon.of(language)
    return [term for word in words_of(text) for term in surfaces[word]]


def count_document(
    document: Document, lexicon: Lexicon
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Return ``keys`` and ``times`` of one document (see `Counts`)."""
    keys: list[int] = []
    for number, text in enumerate(document.fields()):
        found = terms_in_order(text, document.language, lexicon)
        keys += [term * len(FIELDS) + number for term in found]
    unique, times = np.unique(np.array(keys, dtype=np.uint32), return_counts=True)
    return unique, np.minimum(times, _MOST_TIMES).astype(np.uint16)


def joined(parts: Iterable[tuple[NDArray[np.uint32], NDArray[np.uint16]]]) -> Counts:
    """Put the rows of documents one after the other."""
    keys, times = [np.empty(0, np.uint32)], [np.empty(0, np.uint16)]
    for some_keys, some_times in parts:
        keys.append(some_keys)
        times.append(some_times)
    sizes = [len(some) for some in keys]
    return Counts(np.cumsum(sizes), np.concatenate(keys), np.concatenate(times))


@dataclass(frozen=True, slots=True)
class Postings:
    """A sparse table of terms × documents, term by term.

    Attributes
    ----------
    n_documents : int
    starts : ndarray, shape (terms + 1,)
        Where a term's rows begin in ``documents`` and ``impacts``.
    documents : ndarray, shape (rows,)
        Rising within a term; 16 bits up to 65,535 documents.
    impacts : ndarray of float32, shape (rows,)
        What the term adds to the document's score.
    rarity : ndarray of float32, shape (terms,)
        Inverse document frequency over all fields, in nats.
    rarest : float
        The same of a word that no document has.
    """

    n_documents: int
    starts: NDArray[np.int64]
    documents: NDArray[np.uint16] | NDArray[np.int32]
    impacts: NDArray[np.float32]
    rarity: NDArray[np.float32]
    rarest: float

    def of(self, term: int) -> tuple[NDArray[np.integer], NDArray[np.float32]]:
        """Documents that have a term and its worth there; empty for an unknown term."""
        if term >= len(self.rarity):
            return self.documents[:0], self.impacts[:0]
        rows = slice(self.starts[term], self.starts[term + 1])
        return self.documents[rows], self.impacts[rows]

    @property
    def nbytes(self) -> int:
        arrays = (self.starts, self.documents, self.impacts, self.rarity)
        return sum(array.nbytes for array in arrays)


def idf(
    documents: NDArray[np.float64], having: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Inverse document frequency as Lucene has it: never negative."""
    rarity: NDArray[np.float64] = np.log1p((documents - having + 0.5) / (having + 0.5))
    return rarity


def _slices(rows: int) -> Iterator[slice]:
    """Some rows at a time: what is worked out on the way would outweigh the table."""
    return (slice(at, at + _ROWS_AT_ONCE) for at in range(0, rows, _ROWS_AT_ONCE))


def _lengths(
    counts: Counts, owners: NDArray[np.int32], is_stop: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Words of each document and field that are not stop words: (documents, fields)."""
    n, width = len(counts.offsets) - 1, len(FIELDS)
    cells = np.zeros(n * width)
    for rows in _slices(len(owners)):
        keys = counts.keys[rows]
        np.add.at(
            cells,
            owners[rows].astype(np.int64) * width + keys % width,
            counts.times[rows] * ~is_stop[keys // width],
        )
    return cells.reshape(n, width)


def _relative(
    lengths: NDArray[np.float64], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Lengths over the mean of the filled ones of the same language and field."""
    totals = np.zeros((groups.max(initial=0) + 1, len(FIELDS)))
    filled = np.zeros_like(totals)
    np.add.at(totals, groups, lengths)
    np.add.at(filled, groups, lengths > 0)
    means = np.divide(totals, filled, out=np.ones_like(totals), where=filled > 0)
    relative: NDArray[np.float64] = lengths / means[groups]
    return relative


def build_postings(
    counts: Counts, languages: Sequence[str], lexicon: Lexicon
) -> Postings:
    """Return the table of BM25 worths.

    Parameters
    ----------
    counts : Counts
    languages : sequence of str
        One a document. Frequencies and lengths are those among documents of the same
        language, so that few articles of one language do not make its words look rare.
    lexicon : Lexicon

    Notes
    -----
    For each field, ``weight * idf * tf / (tf + K1 * (1 - B + B * length / mean))`` with
    ``idf = ln(1 + (N - n + 0.5) / (n + 0.5))`` [1]_, summed over the fields. Lengths leave
    stop words out.

    References
    ----------
    .. [1] S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and
       Beyond", Foundations and Trends in Information Retrieval 3 (2009), 333-389; the idf
       is Lucene's, as C. Kamphuis et al., "Which BM25 Do You Mean?", ECIR 2020, names it.
    """
    n, width = len(languages), len(FIELDS)
    n_terms = len(lexicon)
    names = {name: at for at, name in enumerate(dict.fromkeys(map(base_of, languages)))}
    groups = np.array([names[base_of(name)] for name in languages], dtype=np.int64)
    sizes = np.bincount(groups, minlength=1).astype(float)
    owners = np.repeat(np.arange(n, dtype=np.int32), np.diff(counts.offsets))
    is_stop = np.array(lexicon.is_stop, dtype=bool)
    relative = _relative(_lengths(counts, owners, is_stop), groups)
    having = np.zeros(n_terms * width, dtype=np.int32)
    for rows in _slices(len(owners)):
        having += np.bincount(counts.keys[rows], minlength=len(having)).astype(np.int32)

    worth = np.empty(len(owners), dtype=np.float32)
    for rows in _slices(len(owners)):
        keys, own = counts.keys[rows], owners[rows]
        fields, times = keys % width, counts.times[rows]
        norm = K1 * (1 - B + B * relative[own, fields])
        rarity = idf(sizes[groups[own]], having[keys])
        worth[rows] = np.array(WEIGHTS)[fields] * rarity * times / (times + norm)
    return _by_term(counts.keys // width, owners, worth, groups, sizes, n_terms)


def _by_term(
    terms: NDArray[np.uint32],
    owners: NDArray[np.int32],
    worth: NDArray[np.float32],
    groups: NDArray[np.int64],
    sizes: NDArray[np.float64],
    n_terms: int,
) -> Postings:
    """Add up the fields of a term in a document, then order by term."""
    n = len(groups)
    is_new = np.ones(len(terms), dtype=bool)
    is_new[1:] = (terms[1:] != terms[:-1]) | (owners[1:] != owners[:-1])
    first = np.flatnonzero(is_new)
    impacts = np.add.reduceat(worth, first) if len(first) else worth
    terms, owners = terms[first], owners[first]
    order = np.argsort(terms, kind="stable")
    having = np.bincount(terms, minlength=n_terms)
    starts = np.concatenate(([0], np.cumsum(having)))
    of_language = np.full(n_terms, n, dtype=float)
    for rows in _slices(len(terms)):
        of_language[terms[rows]] = sizes[groups[owners[rows]]]
    return Postings(
        n_documents=n,
        starts=starts,
        documents=_narrow(owners[order]),
        impacts=impacts[order],
        rarity=idf(np.maximum(of_language, FEWEST), having).astype(np.float32),
        rarest=float(np.log1p((max(n, FEWEST) + 0.5) / 0.5)),
    )


def _narrow(places: NDArray[np.int32]) -> NDArray[np.uint16] | NDArray[np.int32]:
    """Half the bytes where all places fit."""
    if places.max(initial=0) <= np.iinfo(np.uint16).max:
        return places.astype(np.uint16)
    return places
