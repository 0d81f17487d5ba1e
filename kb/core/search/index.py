"""Searches articles as people ask: whole sentences, wrong spelling, any language."""

from collections.abc import Collection as Group_
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kb.core.search import confidence as trust
from kb.core.search.collection import Collection, Order
from kb.core.search.confidence import Confidence
from kb.core.search.correcting import Corrector
from kb.core.search.documents import Document, Hit, Result, Synonym
from kb.core.search.embedding import Embed, unit_rows
from kb.core.search.evidence import evidence
from kb.core.search.exact import Names
from kb.core.search.languages import base_of, is_other_form
from kb.core.search.passages import best_passage, marked
from kb.core.search.query import Query, parse, with_words
from kb.core.search.ranking import best_first, fused
from kb.core.search.scoring import Group, Mask, Reader
from kb.core.search.synonyms import Thesaurus
from kb.core.search.text import is_unspaced, tokens_of

# What an article in another language than the reader's counts.
OTHER_LANGUAGE = 0.6
# An article whose title or keyword the search is, word for word, gets this many times the
# best score on top: it comes first, and leads as far as it takes to be sure of it.
NAMED = 9
# Share of a question that an article in another language has to have to be shown.
FOREIGN_SHARE = 0.1

Allowed = NDArray[np.bool_] | Group_[Hashable] | None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One search, ranked: places best first, and what each order says of all documents."""

    places: list[int]
    scores: NDArray[np.float64]
    signals: NDArray[np.float64]


class Index:
    """A search index over documents, held in memory; it never changes.

    Parameters
    ----------
    documents : iterable of Document
    synonyms : iterable of Synonym
    embed : callable, optional
        Texts in, one vector each out; see `embedding.wordllama_embed`. Without one, words
        alone decide.
    confidence : Confidence, optional
        As `fit_confidence` returned it; a default without.

    Raises
    ------
    ValueError
        If two documents have the same key.

    Notes
    -----
    Each field is scored by BM25, and these scores are joined with likeness of meaning (see
    `ranking.fused`). Equal scores keep the order of the documents given.

    Examples
    --------
    >>> index = Index([Document(1, "Reset your password", body="Choose Forgot password.")])
    >>> result = index.search("how do I resett my pasword?")
    >>> result.keys, result.corrected
    ([1], 'how do I reset my password?')
    """

    def __init__(
        self,
        documents: Iterable[Document],
        *,
        synonyms: Iterable[Synonym] = (),
        embed: Embed | None = None,
        confidence: Confidence | None = None,
    ) -> None:
        self._hold(Collection.of(documents, embed), Thesaurus(synonyms), confidence)

    def _hold(
        self,
        collection: Collection,
        thesaurus: Thesaurus,
        confidence: Confidence | None,
    ) -> None:
        self.collection = collection
        default = trust.BY_WORDS if collection.embed is None else trust.BY_MEANING
        self.confidence = confidence or default
        self._reader = Reader(collection, thesaurus)
        self._corrector = Corrector(self._reader)
        self._languages = collection.languages()
        self._names = Names(collection.documents, collection.lexicon)

    def updated(
        self,
        changed: Sequence[Document] = (),
        removed: Iterable[Hashable] = (),
        *,
        synonyms: Iterable[Synonym] | None = None,
        order: Order | None = None,
    ) -> "Index":
        """Return an index with documents added, replaced (by key) or removed.

        Parameters
        ----------
        changed : sequence of Document
            They come after the ones that stay, unless ``order`` says otherwise.
        removed : iterable of Hashable
            Keys; unknown ones do no harm.
        synonyms : iterable of Synonym, optional
            In place of those held; these stay without.
        order : callable, optional
            What all documents are put in order by. With one, equal scores come in the
            same order whatever was changed when.
        """
        index = object.__new__(type(self))
        held = self._reader.thesaurus
        thesaurus = held if synonyms is None else Thesaurus(synonyms)
        collection = self.collection.updated(changed, removed, order)
        index._hold(collection, thesaurus, self.confidence)
        return index

    def __len__(self) -> int:
        return len(self.collection)

    @property
    def nbytes(self) -> int:
        """Bytes of the tables (see `Collection.nbytes`)."""
        return self.collection.nbytes

    def mask(self, audiences: Group_[Hashable]) -> Mask:
        """Which documents have one of these audiences, for ``allowed``."""
        documents = self.collection.documents
        return np.array([each.audience in audiences for each in documents], dtype=bool)

    def search(
        self,
        text: str,
        *,
        allowed: Allowed = None,
        limit: int = 10,
        correct: bool = True,
        language: str | None = None,
        with_passages: bool = True,
    ) -> Result:
        """Find the articles that answer a question.

        Parameters
        ----------
        text : str
            As typed. Any word may match; words ``"in quotes"`` must stand so, ``-word`` is
            left out. The first 10,000 characters and 100 different words are read.
        allowed : ndarray of bool, or collection of keys, optional
            Documents the reader may open; all without. Nothing of the others shows, not
            in the ranking nor in a proposed spelling.
        limit : int
            Most hits, at least 1.
        correct : bool
            Whether to correct words that no article has, or only as a misspelt keyword.
        language : str, optional
            The reader's; articles in others come behind at an equal score.
        with_passages : bool
            Without, hits carry no highlights and come faster.

        Returns
        -------
        Result

        Raises
        ------
        ValueError
            If ``limit`` is below 1 or a mask has another length than the index.
        """
        if limit < 1:
            raise ValueError(f"a search returns at least one hit: {limit}")
        mask = self._mask_of(allowed)
        query = parse(text)
        required = self._required(query, mask)
        is_relaxed = required is None
        within = self._not_excluded(query, mask if required is None else required)
        kept = () if is_relaxed else query.phrases
        corrections = (
            self._corrector.of_question(query, mask, phrases=kept, language=language)
            if correct
            else {}
        )
        # "Konto" finds "Kontos", and is no mistake.
        told = {
            word: better
            for word, better in corrections.items()
            if not is_other_form(word, better)
        }
        searched = with_words(query.text, told) if told else query.text
        words = [
            part
            for word in query.words
            for part in corrections.get(word.text, word.text).split()
        ]
        groups = self._reader.groups(words)
        ranked = self._ranked(groups, words, searched, within, limit, language, mask)
        hits = self._hits(ranked, groups, with_passages=with_passages)
        return Result(
            hits=hits,
            original=text,
            searched=searched,
            corrections=tuple(told.items()),
            is_good=self._are_good(ranked, language),
            is_relaxed=is_relaxed,
        )

    def suggest(
        self, text: str, *, allowed: Allowed = None, limit: int = 6
    ) -> tuple[Hit, ...]:
        """Find articles while somebody types: the last word may be unfinished.

        Parameters
        ----------
        text : str
            Ends with a space where the last word is finished.
        allowed : ndarray of bool, or collection of keys, optional
        limit : int
            Most hits.

        Returns
        -------
        tuple of Hit

        Raises
        ------
        ValueError
            If ``limit`` is below 1 or a mask has another length than the index.
        """
        if limit < 1:
            raise ValueError(f"a search returns at least one hit: {limit}")
        mask = self._mask_of(allowed)
        words = [word.text for word in parse(text).words]
        last = words[-1] if words else ""
        if not last or is_unspaced(last) or not text[-1].isalnum():
            return self.search(text, allowed=mask, limit=limit).hits
        finished = [self._corrector.of_word(word, mask) for word in words[:-1]]
        completions = self._corrector.completions(last, mask)
        groups = self._reader.groups(finished) if finished else []
        groups = [*groups, Group((), tuple((each,) for each in completions))]
        ranked = self._ranked(groups, (), "", mask, limit, None, mask)
        return self._hits(ranked, groups, with_passages=True)

    def fit_confidence(self, questions: Sequence[tuple[str, Hashable]]) -> Confidence:
        """Fit the confidence to questions whose right article is known.

        Parameters
        ----------
        questions : sequence of (text, key)
            Questions of unknown keys are passed over.

        Returns
        -------
        Confidence
            For the ``confidence`` of an index over the same articles. Each question is
            asked twice: as it is, and weighing a quarter with its article taken away, so
            that the curve has seen questions nothing answers.
        """
        signals, is_right, importance = [], [], []
        for text, key in questions:
            place = self.collection.places.get(key)
            if place is None:
                continue
            everything = np.ones(len(self), dtype=bool)
            without = everything.copy()
            without[place] = False
            for mask, weight in ((everything, 1.0), (without, 0.25)):
                ranked = self._asked(text, mask)
                if ranked.places:
                    signals.append(ranked.signals[0])
                    is_right.append(ranked.places[0] == place)
                    importance.append(weight)
        default = trust.BY_WORDS if self.collection.embed is None else trust.BY_MEANING
        return trust.fitted(signals, is_right, importance, default)

    def _asked(self, text: str, mask: Mask) -> _Ranked:
        words = [self._corrector.of_word(word.text, mask) for word in parse(text).words]
        parts = [part for word in words for part in word.split()]
        groups, text = self._reader.groups(parts), " ".join(parts)
        return self._ranked(groups, parts, text, mask, 1, None, mask)

    def _count(self, mask: Mask | None) -> int:
        return len(self) if mask is None else int(mask.sum())

    def _mask_of(self, allowed: Allowed) -> Mask | None:
        if allowed is None:
            return None
        if isinstance(allowed, np.ndarray):
            if allowed.shape != (len(self),):
                raise ValueError(f"the mask has {allowed.shape}, the index {len(self)}")
            return allowed.astype(bool)
        mask = np.zeros(len(self), dtype=bool)
        places = self.collection.places
        mask[[places[key] for key in allowed if key in places]] = True
        return mask

    def _required(self, query: Query, mask: Mask | None) -> Mask | None:
        """Documents with every phrase; None where none has, so that words count alone."""
        within = np.ones(len(self), dtype=bool) if mask is None else mask.copy()
        for phrase in query.phrases:
            within &= self._reader.having(phrase)
        return within if within.any() or not query.phrases else None

    def _not_excluded(self, query: Query, mask: Mask | None) -> Mask:
        within = np.ones(len(self), dtype=bool) if mask is None else mask.copy()
        for text in query.excluded:
            within &= ~self._reader.having(text)
        return within

    def _ranked(
        self, groups: Sequence[Group], words: Sequence[str], text: str,
        mask: Mask | None, limit: int, language: str | None, readable: Mask | None,
    ) -> _Ranked:  # fmt: skip
        scores, covered = self._reader.scores(groups)
        named = self._names.places(words)
        if mask is not None:
            scores[~mask] = 0
        named = [place for place in named if scores[place] > 0]
        scores[named] += NAMED * scores.max(initial=0)
        likeness = self._likeness(text)
        total = scores if likeness is None else fused(scores, likeness, mask)
        if language is not None:
            own = self._languages == base_of(language)
            total = np.where(own, total, OTHER_LANGUAGE * total)
            # Few articles of a language make its words look common: the best one comes
            # first all the same if it has all that others have.
            best = int(np.where(own, total, 0).argmax()) if len(self) else 0
            is_behind = own.any() and own[best] and 0 < total[best] < total.max()
            if is_behind and covered[best] >= covered[total > 0].max():
                total[best] += total.max()
        places = [int(place) for place in best_first(total, limit)]
        signals = np.zeros((len(places), len(trust.SIGNALS)))
        rarity = self.collection.postings.rarity
        for rows, rivals in self._rivals(places, language):
            within = rivals if mask is None else rivals & mask
            readers = rivals if readable is None else rivals & readable
            signals[rows, : trust.FROM_SCORES] = trust.signals_of(
                [places[row] for row in rows], np.where(rivals, scores, 0), covered,
                likeness, within, n_readable=self._count(readers),
            )  # fmt: skip
            # Whatever is behind another is unlikely by that alone.
            first = rows[0]
            names = self._names.of[places[first]]
            in_names, as_named, shortness = evidence(groups, names, rarity)
            signals[rows[1:], 5] = 0
            signals[rows, 8] = shortness
            signals[first, 5] *= in_names
            signals[first, 6:8] = in_names, as_named
        return _Ranked(places, total[places].astype(float), signals)

    def _rivals(
        self, places: Sequence[int], language: str | None
    ) -> Iterator[tuple[list[int], Mask]]:
        """Rows of ``places`` and the documents they compete with.

        An article and its translation do not, where the reader's language is known.
        """
        codes = self._languages[list(places)].tolist() if places else []
        if language is None and codes:
            yield list(range(len(places))), np.ones(len(self), dtype=bool)
            return
        for code in dict.fromkeys(codes):
            rows = [at for at, each in enumerate(codes) if each == code]
            yield rows, self._languages == code

    def _likeness(self, text: str) -> NDArray[np.float32] | None:
        """Cosines of all documents with a text; None where meaning is not compared."""
        collection = self.collection
        vectors = collection.vectors
        if collection.embed is None or vectors is None:
            return None
        if not text.strip() or not len(self):
            return None
        unspaced = [token.text for token in tokens_of(text) if is_unspaced(token.text)]
        # The models are of spaced languages and would draw in what has nothing to do with it.
        if 2 * sum(map(len, unspaced)) > len(text):
            return None
        direction = unit_rows(collection.embed([text]))[0]
        likeness: NDArray[np.float32] = vectors @ direction
        return likeness

    def _are_good(self, ranked: _Ranked, language: str | None) -> bool:
        """Whether to show hits at all.

        An article in another language shares only what a synonym or a name says, so little
        is enough to be worth a look.
        """
        if self.confidence.are_good(ranked.signals):
            return True
        if language is None or not ranked.places:
            return False
        is_foreign = self._languages[ranked.places[0]] != base_of(language)
        return bool(is_foreign and ranked.signals[0, 0] >= FOREIGN_SHARE)

    def _hits(
        self, ranked: _Ranked, groups: Sequence[Group], *, with_passages: bool
    ) -> tuple[Hit, ...]:
        # No hit is surer than one before it.
        chances = np.minimum.accumulate(self.confidence.of(ranked.signals))
        telling = self._reader.telling(groups) if with_passages else None
        hits = []
        for at, place in enumerate(ranked.places):
            document = self.collection.documents[place]
            hit = Hit(
                document.key, at + 1, float(ranked.scores[at]), float(chances[at])
            )
            if telling is not None:
                tells = telling(document.language)
                heading, passage = best_passage(document, tells)
                title = marked(document.title, tells)
                hit = replace(hit, title=title, heading=heading, passage=passage)
            hits.append(hit)
        return tuple(hits)
