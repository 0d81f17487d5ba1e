"""Search over the published articles: what it finds, and when it finds what is new."""

import pytest
from django.db import transaction

from kb import search
from kb.models import Article, Synonym
from kb.services.indexing import touch_index
from tests.factories.kb import AT, make_article, published_article

pytestmark = pytest.mark.django_db


def found(text: str, **options) -> list[str]:
    audience = options.pop("audience", "public")
    return [hit.title for hit in search.search(text, audience=audience, **options)]


def test_search_returns_the_article_with_its_passage() -> None:
    article = published_article(
        "Change your password",
        body="Intro.\n\n## Forgot it\n\nChoose **Forgot password** on the sign-in page.",
    )
    published_article("Download an invoice")

    [hit, *_] = search.search("i forgot my password", audience="public")

    assert (hit.article_id, hit.title, hit.slug, hit.language, hit.rank) == (
        article.pk, "Change your password", "change-your-password", "en", 1,
    )  # fmt: skip
    assert hit.heading == "Forgot it"
    assert "Choose Forgot password on the sign-in page." in hit.passage
    assert 0 <= hit.confidence <= 1


def test_highlights_are_pieces_that_are_not_escaped() -> None:
    published_article("Fix <b> & password", body="Type `<script>` password & go.")

    [hit] = search.search("password", audience="public")

    assert hit.highlights.title == (("Fix <b> & ", False), ("password", True))
    assert ("password", True) in hit.highlights.passage
    assert "".join(text for text, _ in hit.highlights.passage) == hit.passage
    assert "<script>" in hit.passage


def test_answer_corrects_spelling_and_takes_words_as_typed_when_told() -> None:
    published_article("Change your password")

    corrected = search.answer("pasword", audience="public")
    as_typed = search.answer("pasword", audience="public", correct=False)

    assert (corrected.corrected, corrected.searched) == ("password", "password")
    assert [hit.title for hit in corrected.hits] == ["Change your password"]
    assert (as_typed.corrected, as_typed.searched) == ("", "pasword")
    assert as_typed.hits == ()


def test_nothing_that_fits_is_no_good_match() -> None:
    published_article("Change your password")

    results = search.answer("kubernetes ingress", audience="public")

    assert results.hits == ()
    assert not results.is_good


@pytest.mark.parametrize("text", ["", "   ", "?!", '""', "-", "\0", "x" * 20_000])
def test_search_stands_anything_typed(text: str) -> None:
    published_article("Change your password")

    assert search.answer(text, audience="public").hits == ()
    assert search.suggest(text, audience="public") == []


def test_search_without_articles_finds_nothing() -> None:
    assert search.search("password", audience="public") == []
    assert search.ready() == 0


def test_drafts_and_archived_articles_are_not_found() -> None:
    make_article("Change your password")
    gone = published_article("Reset a password")
    assert found("password") == ["Reset a password"]

    gone.state = Article.State.ARCHIVED
    gone.save()
    touch_index(at=AT)

    assert found("password", audience="internal") == []


def test_what_readers_see_is_searched_not_the_working_copy() -> None:
    article = published_article("Change your password")
    article.title = "Renew your passphrase"
    article.save()
    touch_index(at=AT)

    assert found("passphrase") == []
    assert found("password") == ["Change your password"]


def test_a_change_shows_with_the_next_search() -> None:
    published_article("Change your password")
    assert found("invoice") == []

    published_article("Download an invoice")

    assert found("invoice") == ["Download an invoice"]


def test_an_index_of_an_undone_transaction_is_not_kept() -> None:
    undone = transaction.savepoint()
    published_article("Change your password", body="First text.")
    assert found("first")
    transaction.savepoint_rollback(undone)

    published_article("Change your password", body="Other text.")

    assert found("first") == []
    assert found("other") == ["Change your password"]


def test_summary_and_keywords_are_searched() -> None:
    published_article(
        "Change your password", summary="For locked accounts.", keywords=["passcode"]
    )

    assert found("passcode") == ["Change your password"]
    assert found("locked") == ["Change your password"]


def test_synonyms_in_use_find_the_other_word() -> None:
    published_article("Set up single sign-on")
    published_article("Download an invoice")
    entry = Synonym.objects.create(term="SSO", same_as=["single sign-on"])
    touch_index(at=AT)
    assert found("sso") == ["Set up single sign-on"]

    entry.is_active = False
    entry.save()
    touch_index(at=AT)

    assert found("sso") == []


def test_japanese_questions_find_japanese_articles() -> None:
    published_article(
        "パスワードを変更する", slug="password-ja", language="ja",
        body="設定画面でパスワードを変更できます。",
    )  # fmt: skip
    published_article("請求書をダウンロードする", slug="invoice-ja", language="ja")
    published_article("Change your password")

    assert found("パスワードを忘れました", language="ja")[0] == "パスワードを変更する"
    assert found("請求書", language="ja") == ["請求書をダウンロードする"]


def test_articles_in_the_readers_language_come_first() -> None:
    published_article("Export", slug="export-en", language="en", body="Export.")
    published_article("Export", slug="export-de", language="de", body="Export.")

    german = search.search("export", audience="public", language="de")
    english = search.search("export", audience="public", language="en")

    assert [hit.language for hit in german] == ["de", "en"]
    assert [hit.language for hit in english] == ["en", "de"]


def test_suggest_takes_the_last_word_as_unfinished() -> None:
    published_article("Change your password")
    published_article("Download an invoice")

    assert [hit.title for hit in search.suggest("chan", audience="public")] == [
        "Change your password"
    ]
    assert [hit.title for hit in search.suggest("download inv", audience="public")] == [
        "Download an invoice"
    ]


def test_phrases_and_exclusions() -> None:
    published_article("Change your plan", body="Pick a yearly plan.")
    published_article("Cancel your plan", body="Plan your end.")

    assert found('"yearly plan"') == ["Change your plan"]
    assert found("plan -cancel") == ["Change your plan"]


def test_a_search_with_a_warm_index_reads_one_number(
    django_assert_num_queries,
) -> None:
    for name in ("Change your password", "Reset a password", "Password rules"):
        published_article(name)
    search.ready()
    search.search("password", audience="public")

    with django_assert_num_queries(1):
        search.search("password", audience="public")
    with django_assert_num_queries(1):
        search.suggest("passw", audience="internal")


def test_an_update_reads_the_changed_article_only(django_assert_num_queries) -> None:
    for name in ("Change your password", "Reset a password", "Password rules"):
        published_article(name)
    search.ready()
    published_article("Password managers")

    # The number twice, tiers, articles, synonyms and one text.
    with django_assert_num_queries(6):
        assert "Password managers" in found("password managers")


def test_an_unknown_word_for_an_audience_is_refused() -> None:
    with pytest.raises(ValueError, match="audience"):
        search.search("password", audience="everybody")
