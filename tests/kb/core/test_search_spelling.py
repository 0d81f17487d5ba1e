import pytest

from kb.core.search import Document, Index, Synonym
from kb.core.search.spelling import Spelling


def correct(word: str, words: dict[str, int]) -> str:
    return Spelling(words).correct(word, lambda each: words.get(each, 0))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pasword", "password"),
        ("passwrod", "password"),
        ("pessworf", "password"),
        ("apssword", "password"),
        ("assword", "password"),
        ("xessword", "xessword"),
        ("tema", "team"),
        ("taam", "team"),
        ("xyam", "xyam"),
        ("tea", "tea"),
    ],
)
def test_slips_are_looked_past(typed, meant):
    assert correct(typed, {"password": 3, "team": 2}) == meant


def test_frequent_word_wins_among_equals_then_the_alphabet():
    assert correct("carx", {"card": 1, "cart": 5}) == "cart"
    assert correct("carx", {"cart": 2, "card": 2}) == "card"


def test_one_slip_wins_over_two():
    assert correct("invoise", {"invoice": 1, "invokes": 90}) == "invoice"


def test_missing_space_is_put_in():
    assert correct("passwordreset", {"password": 3, "reset": 2}) == "password reset"


def test_numbers_and_endless_words_stay():
    assert correct("12345", {"12346": 4}) == "12345"
    assert correct("a" * 5_000, {"aaaa": 4}) == "a" * 5_000


def test_known_words_and_synonyms_are_never_corrected():
    index = Index(
        [Document(1, "Export a form"), Document(2, "Import from a file")],
        synonyms=[Synonym("expert", ("export",))],
    )
    assert index.search("from expert forms").corrections == ()


def test_correction_is_told():
    index = Index([Document(1, "Reset your password")])
    result = index.search("Resett PASWORD?")
    assert result.searched == "reset password?"
    assert result.corrected == "reset password?"
    assert result.corrections == (("resett", "reset"), ("pasword", "password"))
    assert index.search("password").corrected == ""


def test_correction_may_be_declined():
    index = Index([Document(1, "Reset your password")])
    assert index.search("pasword", correct=False).hits == ()


def test_words_in_quotes_are_corrected_only_where_nothing_has_them():
    index = Index([Document(1, "Reset your password")])
    result = index.search('"pasword"')
    assert result.is_relaxed
    assert result.keys == [1]


def test_correction_never_tells_what_the_reader_may_not_open():
    index = Index(
        [
            Document("public", "Reset your password"),
            Document("secret", "Project Bluebird"),
        ]
    )
    result = index.search("bluebrid", allowed={"public"})
    assert result.corrections == ()
    assert result.hits == ()
    assert index.search("bluebrid").corrected == "bluebird"


@pytest.mark.parametrize(
    ("typed", "there"),
    [("report", "repeat"), ("export", "expect"), ("invite", "invoice")],
)
def test_two_slips_of_a_short_word_need_more_than_being_near(typed, there):
    assert correct(typed, {there: 9}) == typed


@pytest.mark.parametrize("typed", ["paswrod", "pasward", "passwrdo"])
def test_two_slips_that_keep_the_letters_are_looked_past(typed):
    assert correct(typed, {"password": 1}) == "password"
