"""Keywords that are misspellings, and keywords that are other words for an article."""

import pytest

from kb.core.search import Document, Index, Synonym
from kb.core.search.misspellings import is_slip_of

PASSWORD = Document(
    "password",
    "Change your password",
    keywords=("chnage pasword", "login", "logon", "SSO", "sign on", "mail", "seperate"),
    body="Open Settings. Your email, your custom login and each device are separate.",
)


def corrected(
    text: str, *others: Document, synonyms: list[Synonym] | None = None
) -> str:
    return Index([PASSWORD, *others], synonyms=synonyms or []).search(text).corrected


def test_misspelt_keywords_are_corrected_and_highlighted():
    result = Index([PASSWORD]).search("how do i chnage my pasword")

    assert result.corrected == "how do i change my password"
    assert result.keys == ["password"]
    assert [piece.text for piece in result.hits[0].title if piece.is_match] == [
        "Change", "password",
    ]  # fmt: skip


def test_misspelling_next_to_a_misspelt_keyword_is_corrected_to_the_word():
    assert corrected("paswrd") == "password"
    assert corrected("seperate") == "separate"


@pytest.mark.parametrize("text", ["login", "logon", "SSO", "sign on", "mail", "custom"])
def test_other_words_for_an_article_stay(text):
    result = Index([PASSWORD]).search(text)

    assert result.corrections == ()
    assert result.keys == ["password"]


def test_keyword_that_stands_in_any_text_is_a_word():
    other = Document("other", "Notes", body="The pasword of old systems.")

    assert corrected("pasword", other) == ""


def test_words_of_another_language_do_not_correct_a_keyword():
    german = Document("de", "Kennwort", keywords=("Passwort",), language="de")
    english = Document("en", "Your password", body="Set it.")
    index = Index([german, english])

    assert index.search("passwort").corrections == ()
    assert index.search("passwort").keys == ["de"]


def test_each_article_with_the_keyword_must_have_the_word():
    other = Document("other", "Team drive", keywords=("pasword",))

    assert corrected("pasword", other) == ""


def test_keyword_is_corrected_to_a_keyword_that_is_a_word_elsewhere():
    sharing = Document("sharing", "Share", keywords=("permision", "permission"))
    roles = Document("roles", "Roles", body="A role has a permission.")

    assert Index([sharing, roles]).search("permision").corrected == "permission"
    assert Index([sharing]).search("permision").corrected == ""


def test_synonyms_are_no_misspellings():
    same = [Synonym("pasword", ("password",))]

    assert corrected("pasword", synonyms=same) == ""


def test_hidden_article_neither_makes_nor_hides_a_misspelling():
    hidden = Document("hidden", "Pasword and paswort", keywords=("loginn",))
    index = Index([PASSWORD, hidden])

    assert index.search("pasword").corrected == ""
    assert index.search("pasword", allowed={"password"}).corrected == "password"


def test_correction_may_be_declined():
    result = Index([PASSWORD]).search("pasword", correct=False)

    assert (result.corrected, result.keys) == ("", ["password"])


@pytest.mark.parametrize(
    ("word", "other", "is_slip"),
    [
        ("chnage", "change", True),
        ("adress", "address", True),
        ("calender", "calendar", True),
        ("authentification", "authentication", True),
        ("logon", "login", False),
        ("mail", "email", False),
        ("custom", "customer", False),
        ("signon", "signin", False),
        ("invite", "invoice", False),
    ],
)
def test_slip_and_word_of_its_own(word, other, is_slip):
    assert is_slip_of(word, other) is is_slip
