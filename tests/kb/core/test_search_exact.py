"""A search that is a title or a keyword, word for word; and the reader's language."""

from kb.core.search import Document, Index

ARTICLES = (
    Document(
        1, "Archive a customer", body="Cancel a subscription of theirs first. " * 3
    ),
    Document(
        2, "Change your plan", keywords=("cancel subscription",), body="Open Billing."
    ),
    Document(3, "Change your password", keywords=("passwort",), body="Open Security."),
    Document(4, "Cannot sign in", body="After a password reset, change it again."),
    Document(5, "Passwort ändern", body="Öffnen Sie Sicherheit.", language="de"),
)


def test_a_keyword_comes_first_where_it_is_the_whole_search():
    hits = Index(ARTICLES).search("How do I cancel my subscriptions?").hits
    assert hits[0].key == 2
    assert hits[0].confidence >= 0.9


def test_a_title_in_other_words_around_it_is_sure():
    hits = Index(ARTICLES).search("how do i change my password", language="en").hits
    assert hits[0].key == 3
    assert hits[0].confidence >= 0.99


def test_a_title_the_reader_may_not_open_lends_nothing():
    result = Index(ARTICLES).search("change your password", allowed=[1, 4])
    alone = Index([ARTICLES[0], ARTICLES[3]]).search("change your password")
    assert result.keys == alone.keys == [4]
    assert result.hits[0].confidence == alone.hits[0].confidence


def test_the_article_in_the_readers_language_comes_first_and_is_good():
    for text in ("passwort", "Passwort ändern"):
        result = Index(ARTICLES).search(text, language="de")
        assert result.keys == [5, 3]
        assert result.is_good


def test_a_common_word_is_not_taken_for_a_misspelt_one():
    index = Index([Document(1, "Get the code", body="Only one phone, with a kontos.")])
    assert index.search("my phone is gone").corrected == ""
    assert index.search("phone geht").corrected == ""


def test_another_form_is_found_and_not_shown_as_a_mistake():
    index = Index([Document(1, "Kontos sperren", language="de")])
    result = index.search("Kont")
    assert result.corrected == ""
