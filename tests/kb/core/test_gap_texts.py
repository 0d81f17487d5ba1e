"""What a search is about, its name, and misspellings of frequent words."""

import pytest

from kb.core.gaps import key_of, meanings, terms_of


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("How do I change my password?", "en", {"chang", "password"}),
        ("INVOICES", "en", {"invoic"}),
        ("how do i", "en", {"how", "do", "i"}),
        ("", "en", set()),
        ("Passwörter", "de-AT", {"passwort"}),
        ("請求書", "ja", {"請求", "求書"}),
    ],
)
def test_terms_of_keeps_what_says_something(text, language, terms):
    assert terms_of(text, language) == terms


def test_key_of_does_not_depend_on_order_and_fits_its_column():
    assert key_of("en-GB", ["b", "a"]) == key_of("en", ["a", "b"]) == "ask:en:a b"
    long = [f"word{number}" for number in range(60)]
    key = key_of("en", long)
    assert len(key) == 160
    assert key != key_of("en", [*long, "more"])


def test_meanings_mends_one_slip_towards_a_word_ten_times_as_frequent():
    weights = {"invoic": 40, "invoci": 4, "invoix": 5, "nvoic": 1, "invit": 1}
    assert meanings(weights) == {"invoci": "invoic"}


def test_meanings_follows_a_chain_to_its_end():
    assert meanings({"exports": 1000, "exporta": 100, "exportb": 10}) == {
        "exporta": "exports",
        "exportb": "exports",
    }
    assert meanings({"abcdef": 1000, "abcdex": 100, "abcdyx": 10})["abcdyx"] == "abcdef"


def test_meanings_leaves_short_words_and_equals_alone():
    assert meanings({"card": 100, "care": 1}) == {}
    assert meanings({"export": 9, "expert": 8}) == {}
    assert meanings({}) == {}
