"""Words that mean the same, contractions, and words that are never corrected."""

import pytest

from kb.core.search import Document, Index, Synonym
from kb.core.search.classes import SMALL_CLASSES
from kb.core.search.everyday import EVERYDAY_WORDS

PAGES = (
    Document(1, "You were charged twice", body="Look for a second account."),
    Document(2, "Get paid sooner", body="Send it the same day."),
    Document(3, "Send your first invoice", body="The customer gets an email."),
)


@pytest.mark.parametrize(
    "text", ["i was billed 2x", "charged two times", "billed 2 times"]
)
def test_number_words_are_one(text):
    assert Index(PAGES).search(text).keys[0] == 1


def test_irregular_forms_are_one():
    assert Index(PAGES).search("when do i get the payment").keys == [2]


def test_contraction_tells_nothing():
    result = Index(PAGES).search("customer didnt get the invoice email")

    assert result.is_good
    assert result.keys[0] == 3
    assert result.corrections == ()


def test_synonym_is_no_rarer_than_the_word_it_stands_for():
    index = Index(
        [
            Document(1, "Send an invoice by email"),
            Document(2, "Questions about your bill"),
            *(Document(10 + at, f"Invoice {at}", body="invoice") for at in range(9)),
        ],
        synonyms=[Synonym("bill", ("invoice",))],
    )
    assert index.search("invoice email").keys[0] == 1


def test_classes_have_no_word_twice_in_one_language():
    for language in ("en", "de"):
        words = [
            word
            for each in SMALL_CLASSES
            if each.language == language and not each.is_one_way
            for word in (each.term, *each.same_as)
        ]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("my phone is gone", "one"),
        ("how to bake bread", "break"),
        ("geht nicht", "get"),
    ],
)
def test_everyday_word_is_not_corrected(text, there):
    index = Index([Document(1, f"{there} phone")])

    assert index.search(text).corrections == ()


@pytest.mark.parametrize("word", ["passwrd", "recieve", "teh", "invioce"])
def test_misspelling_is_no_everyday_word(word):
    assert word not in EVERYDAY_WORDS


def test_word_is_corrected_within_the_readers_language_only():
    index = Index(
        [
            Document(1, "Vector of rows", language="en"),
            Document(2, "Passwort ändern", language="de", body="Neues Passwort."),
        ]
    )
    assert index.search("Vektor", language="de").corrections == ()
    assert index.search("Paswort ändern", language="de").corrected == "passwort ändern"
    assert index.search("vectr", language="en").corrected == "vector"
    # Who asks in English at a German portal means an English word.
    assert index.search("vectr of rows", language="de").corrected == "vector of rows"


def test_other_form_of_a_word_is_no_correction():
    index = Index([Document(1, "Guthaben des Kontos", language="de")])

    result = index.search("Konto", language="de")

    assert (result.keys, result.corrections, result.searched) == ([1], (), "Konto")


def test_suggestion_finds_what_a_misspelt_word_means():
    index = Index(
        [
            Document(1, "Answers with status 429", body="A loop was forgotten."),
            Document(2, "Change your password", keywords=("forgot password",)),
        ]
    )
    assert index.suggest("forgott")[0].key == 2


BANK = Document(1, "Connect your bank account", body="Open Bank.")
PLAN = Document(2, "Change your plan", body="Choose Cancel subscription.")
SYNONYMS = (
    Synonym("銀行", ("bank",), language="ja"),
    Synonym("解約", ("cancel subscription",), language="ja"),
    Synonym("Abo kündigen", ("cancel subscription",), language="de"),
)


@pytest.mark.parametrize(
    ("text", "language", "key"),
    [
        ("銀行", "ja", 1),
        ("銀行口座を接続する方法", "ja", 1),
        ("解約したい", "ja", 2),
        ("Wie kann ich mein Abo kündigen?", "de", 2),
    ],
)
def test_synonym_crosses_languages(text, language, key):
    other = Document(3, "パスワード", language="ja", body="サインイン")
    index = Index([BANK, PLAN, other], synonyms=SYNONYMS)

    result = index.search(text, language=language)

    assert result.keys[0] == key
    assert result.is_good


def test_synonym_crosses_back():
    bank = Document(1, "銀行口座を接続する", language="ja")

    assert Index([bank], synonyms=SYNONYMS).search("bank", language="en").keys == [1]


def test_mark_takes_the_whole_word_along():
    index = Index([Document(1, "サインインできない請求書", language="ja")])

    title = index.search("インイン").hits[0].title

    assert [tuple(each) for each in title] == [
        ("サインイン", True),
        ("できない請求書", False),
    ]
