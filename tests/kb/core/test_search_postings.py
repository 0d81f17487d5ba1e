"""The table of worths against BM25 written out in plain Python."""

import math
import random
from collections import Counter

import numpy as np
import pytest

from kb.core.search import Document, Index, Synonym
from kb.core.search.collection import Collection
from kb.core.search.index import NAMED
from kb.core.search.postings import FIELDS, WEIGHTS, terms_in_order

WORDS = (
    "reset", "password", "invoice", "card", "login", "export", "team", "billing", "seat",
    "plan", "the", "how",
)  # fmt: skip


def made_up(count: int, seed: int) -> list[Document]:
    rng = random.Random(seed)

    def some(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, most)))

    return [
        Document(
            number,
            some(4),
            headings=tuple(some(3) for _ in range(rng.randint(0, 3))),
            keywords=tuple(some(2) for _ in range(rng.randint(0, 2))),
            body=some(40),
            language=rng.choice(["en", "en", "de"]),
        )
        for number in range(count)
    ]


def plain_worths(collection: Collection) -> dict[tuple[int, int], float]:
    """``{(term, document): worth}`` by the formula, one cell after the other."""
    documents, lexicon = collection.documents, collection.lexicon
    total: dict[tuple[int, int], float] = Counter()
    for language in {each.language for each in documents}:
        here = [
            place for place, each in enumerate(documents) if each.language == language
        ]
        for number, weight in zip(range(len(FIELDS)), WEIGHTS, strict=True):
            counts = {
                place: Counter(
                    terms_in_order(documents[place].fields()[number], language, lexicon)
                )
                for place in here
            }
            lengths = {
                place: sum(n for term, n in found.items() if not lexicon.is_stop[term])
                for place, found in counts.items()
            }
            filled = [length for length in lengths.values() if length]
            mean = sum(filled) / len(filled) if filled else 1.0
            for place in here:
                for term, times in counts[place].items():
                    having = sum(term in found for found in counts.values())
                    rarity = math.log(1 + (len(here) - having + 0.5) / (having + 0.5))
                    norm = 1.2 * (0.25 + 0.75 * lengths[place] / mean)
                    total[term, place] += weight * rarity * times / (times + norm)
    return total


def worths(collection: Collection) -> dict[tuple[int, int], float]:
    return {
        (term, int(place)): float(worth)
        for term in range(len(collection.lexicon))
        for place, worth in zip(*collection.postings.of(term), strict=True)
    }


@pytest.mark.parametrize("seed", range(5))
def test_worths_equal_plain_bm25(seed):
    collection = Collection.of(made_up(30, seed), None)
    expected = plain_worths(collection)
    found = worths(collection)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_search_orders_as_plain_bm25_does(seed):
    index = Index(made_up(30, seed))
    expected = plain_worths(index.collection)
    asked = ["reset", "password", "card"]
    sums = {
        place: sum(
            expected.get((term, place), 0.0)
            for word in asked
            for language in ("en", "de")
            for term in index.collection.lexicon.terms(word, language)
        )
        for place in range(30)
    }
    hits = index.search(" ".join(asked), limit=30).hits
    assert {hit.key: hit.score for hit in hits} == pytest.approx(
        {place: worth for place, worth in sums.items() if worth > 0}, rel=1e-5
    )
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_one_word_has_the_worth_worked_out_by_hand():
    index = Index([Document(1, "Invoice"), Document(2, "Refund")])
    (hit,) = index.search("invoice").hits
    # Two documents, one has it: ln(1 + 1.5 / 1.5); length is the mean: 1 / (1 + 1.2).
    worth = 2.0 * math.log(2) / 2.2
    # The word is the whole title, which comes on top.
    assert hit.score == pytest.approx((1 + NAMED) * worth, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_update_equals_building_again(seed):
    old, new = made_up(20, seed), made_up(8, seed + 50)
    index = Index(old, synonyms=[Synonym("seat", ("licence",))])
    index = index.updated(new[4:], removed=[0, 1, 99])
    again = Index(
        [each for each in old if each.key > 7 or each.key in (2, 3)] + new[4:]
    )
    for text in ("reset password", "team billing plan", "card", "licence"):
        ours = index.search(text, limit=30)
        theirs = again.search(text if text != "licence" else "seat", limit=30)
        assert ours.keys == theirs.keys
        scale = 0.9 if text == "licence" else 1.0
        # "seat" itself is a whole title or keyword, "licence" is not.
        first = 1 if text == "licence" else 0
        assert [hit.score for hit in ours.hits[first:]] == pytest.approx(
            [scale * hit.score for hit in theirs.hits[first:]], rel=1e-5
        )


def test_update_leaves_the_old_index_as_it_was():
    index = Index([Document(1, "Invoice")])
    newer = index.updated([Document(2, "Refund an order")])
    assert index.search("refund").keys == []
    assert newer.search("refund").keys == [2]
    assert len(index) == 1


def test_same_key_twice_is_refused():
    with pytest.raises(ValueError, match="same key"):
        Index([Document(1, "Invoice"), Document(1, "Refund")])


def test_table_is_compact():
    collection = Collection.of(made_up(50, 1), None)
    assert collection.postings.documents.dtype == np.uint16
    assert collection.postings.impacts.dtype == np.float32
