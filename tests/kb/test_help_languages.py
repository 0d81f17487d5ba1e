"""In which language a page is: its address first, then the browser, and what is missing."""

import re

import pytest
from django.test import Client

from kb.models import Article, ArticleLink, AssistantRules
from kb.selectors.help.centre import forget_centre
from supportops.common import roles
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

GERMAN = "/help/de/change-your-password/"
NOT_YET = "Dieser Artikel ist noch nicht übersetzt."
SITE = "http://localhost:8000"


@pytest.fixture
def article() -> Article:
    """An English article of a help centre that has German and Japanese ones too."""
    published_article("Rechnung ansehen", slug="see-invoice", language="de")
    published_article("請求書を見る", slug="see-invoice", language="ja")
    return published_article()


def read(path: str, **headers: str) -> str:
    return Client().get(path, headers=headers).content.decode()


# What is missing in a language ------------------------------------------------------------


def test_article_that_is_not_translated_is_shown_in_the_house_s_language(article):
    page = read(GERMAN)

    assert '<html lang="de">' in page
    assert NOT_YET in page
    assert '<article class="so-article" lang="en"' in page
    assert "How to change your password." in page
    assert (
        f'rel="canonical" href="{SITE}/help/en/change-your-password/"' in page
    )  # the real one
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="alternate" hreflang' not in page
    assert 'action="/help/de/change-your-password/vote/"' in page


def test_words_in_the_text_are_in_the_language_of_the_text(article):
    published_article("Sign in", body="> [!NOTE]\n> Once a day.")

    page = read("/help/de/sign-in/")

    assert "<strong>Note:</strong> Once a day." in page
    assert "Hinweis" not in page


def test_article_without_one_in_the_house_s_language_is_shown_in_another(article):
    published_article("パスワード", slug="password-ja", language="ja")

    page = read("/help/de/password-ja/")

    assert '<article class="so-article" lang="ja"' in page
    assert f'href="{SITE}/help/ja/password-ja/"' in page


def test_address_of_another_language_leads_to_the_translation(client, article):
    published_article(
        "Passwort ändern", slug="passwort", language="de", translation_of=article
    )

    answer = client.get(GERMAN)

    assert (answer.status_code, answer["Location"]) == (301, "/help/de/passwort/")


def test_languages_to_choose_from_never_vanish(client, article):
    english = client.get("/help/en/change-your-password/")
    german = client.get(GERMAN)

    for answer, own in ((english, "en"), (german, "de")):
        assert [each["code"] for each in answer.context["languages"]] == [
            "de",
            "en",
            "ja",
        ]
        assert [e["code"] for e in answer.context["languages"] if e["is_this"]] == [own]
        for each in answer.context["languages"]:
            assert client.get(each["url"]).status_code == 200
    # Programs are told of no page that is not there.
    assert 'rel="alternate" hreflang' not in english.content.decode()


def test_vote_on_a_text_in_another_language_comes_back_to_the_page(client, article):
    answer = client.post(f"{GERMAN}vote/", {"helpful": "no"})
    page = client.get(GERMAN).content.decode()

    assert answer["Location"] == f"{GERMAN}#vote"
    assert "Schade, dass das nicht geholfen hat." in page
    assert article.votes.get().is_helpful is False


def test_steps_after_a_text_in_another_language_stay_in_the_reader_s(client, article):
    target = published_article("Sign in")
    ArticleLink.objects.create(article=article, target=target, kind="NEXT")

    [step] = client.get(GERMAN).context["companions"]["next"]

    assert step["url"] == "/help/de/sign-in/"
    assert client.get(step["url"]).status_code == 200


@pytest.mark.parametrize("kind", ["INTERNAL", "PLAN", "DRAFT", "REVIEW", "ARCHIVED"])
def test_no_missing_translation_shows_what_a_reader_may_not_read(article, kind):
    """Neither the text of another language nor that somebody has begun to translate."""
    hidden = "Zebrafish ledger"
    if kind in {"INTERNAL", "PLAN"}:
        published_article(hidden, audience=kind)
        published_article(
            "Passwort intern", slug=article.slug, language="de", audience=kind,
            translation_of=article,
        )  # fmt: skip
    else:
        make_article(hidden, state=kind)
        make_article(
            "Passwort intern", slug=article.slug, language="de", state=kind,
            translation_of=article,
        )  # fmt: skip

    for language in ("de", "ja"):
        answer = Client().get(f"/help/{language}/zebrafish-ledger/")
        assert answer.status_code == 404
        assert hidden not in answer.content.decode()
        page = read(f"/help/{language}/change-your-password/")
        assert "How to change your password." in page
        assert "Passwort intern" not in page


def test_staff_are_shown_an_internal_article_in_another_language(client, article):
    published_article("Zebrafish ledger", audience="INTERNAL")
    client.force_login(UserFactory(role=roles.AGENT))

    answer = client.get("/help/de/zebrafish-ledger/")

    assert answer.status_code == 200
    assert "Nur für Mitarbeitende" in answer.content.decode()


@pytest.mark.parametrize("language", ["fr", "xx", "topics-"])
def test_language_that_nobody_writes_in_is_not_there(article, language):
    assert (
        Client().get(f"/help/{language}/change-your-password/").status_code == 404
    )  # a search


def test_topic_without_articles_in_a_language_shows_those_of_another(client, article):
    published_article("Log in", topic=make_topic("Sign in"))

    answer = client.get("/help/de/topics/sign-in/")
    page = answer.content.decode()

    assert "Dieses Thema hat noch keinen Artikel in Ihrer Sprache." in page
    assert '<ul class="help-list" lang="en">' in page
    assert f'rel="canonical" href="{SITE}/help/en/topics/sign-in/"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert client.get("/help/de/topics/nothing/").status_code == 404


def test_home_names_the_language_that_has_more_to_read(client, article):
    published_article("Sign in")

    german, english = (client.get(f"/help/{code}/") for code in ("de", "en"))

    assert german.context["elsewhere"] == {
        "code": "en", "name": "English", "url": "/help/en/", "articles": 2,
    }  # fmt: skip
    assert "Weitere Artikel, noch nicht übersetzt:" in german.content.decode()
    assert english.context["elsewhere"] is None


def test_page_that_shows_another_language_asks_the_database_no_more_often(
    article, django_assert_num_queries
):
    read(GERMAN)
    for count in (1, 3):
        for number in range(count):
            published_article(f"Other {count} {number}")
        read(GERMAN)  # what pages share is kept
        with django_assert_num_queries(14):
            read(GERMAN)


# Which language ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/help/", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("/help/", "fr,ja;q=0.8,en;q=0.5", "ja"),
        ("/help/", "de;q=0,en", "en"),
        ("/help/", "fr", "en"),
        ("/help/", "", "en"),
        ("/help/", "*", "en"),
        ("/help/en/", "de", "en"),
        ("/help/?language=ja", "de", "ja"),
        ("/help/search/?q=x&language=ja", "de", "ja"),
        ("/help/contact/?language=de", "ja", "de"),
        ("/help/contact/", "ja", "ja"),
        ("/help/assistant/?language=de", "ja", "de"),
        ("/help/de/nothing-here/", "ja", "de"),
    ],
)
def test_address_wins_over_the_browser(client, article, path, accepts, language):
    answer = client.get(path, headers={"accept-language": accepts})

    assert f'<html lang="{language}">' in answer.content.decode()
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_browser_s_language_without_published_articles_is_not_chosen():
    published_article()
    make_article("Entwurf", language="de")
    published_article("Intern", language="ja", audience="INTERNAL")

    for language in ("de", "ja"):
        assert '<html lang="en">' in read("/help/", **{"accept-language": language})


def test_staff_pages_stay_in_their_language(article):
    client = Client(headers={"accept-language": "de"})
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))

    page = client.get("/kb/articles/").content.decode()

    assert '<html lang="en"' in page
    assert "Suchen" not in page


@pytest.mark.parametrize(
    "path",
    ["/help/de/", "/help/de/topics/invoices/", "/help/de/see-invoice/", GERMAN,
     "/help/search/?q=password&language=de", "/help/contact/?language=de",
     "/help/assistant/?language=de", "/help/de/nothing/"],
)  # fmt: skip
def test_links_and_the_choice_of_language_are_on_every_page(article, path):
    AssistantRules.objects.create(is_on=True)
    forget_centre()
    client = Client()

    page = client.get(path).content.decode()

    assert '<nav class="help-languages" aria-label="Sprache">' in page
    assert re.search(r'href="/help/contact/\?[^"]*language=de"', page)
    if '<section class="help-still">' in page:
        assert re.search(r'href="/help/assistant/\?[^"]*language=de"', page)
    [japanese] = re.findall(r'<a href="([^"]*)" lang="ja" hreflang="ja"', page)
    found = client.get(path.partition("?")[0] + japanese.replace("&amp;", "&")
                       if japanese.startswith("?") else japanese)  # fmt: skip
    assert '<html lang="ja">' in found.content.decode()


def test_sent_form_is_thanked_for_in_its_language(client, article):
    sent = {
        "subject": "Hilfe", "body": "Es geht nicht.", "name": "Ada",
        "email": "ada@example.com",
    }  # fmt: skip

    page = client.post("/help/contact/?language=de", sent, follow=True)

    assert "Ihre Anfrage ist bei uns" in page.content.decode()
    assert page.redirect_chain[0][0].endswith("/?language=de")


def test_wrong_form_says_so_in_its_language(client, article):
    page = client.post("/help/contact/?language=ja", {"subject": "x"})

    assert "お名前をお書きください。" in page.content.decode()


def test_refusal_of_too_many_calls_is_in_the_reader_s_language(client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "1/hour"}
    settings.RATE_LIMIT_VISITORS_PER_ADDRESS = 1
    published_article()
    client.get("/help/search/?q=a")

    refused = client.get("/help/search/?q=b&language=de")

    assert refused.status_code == 429
    assert "Das war zu viel auf einmal." in refused.content.decode()
