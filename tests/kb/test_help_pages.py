"""Home, topics and articles as readers see them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.models import Article, ArticleLink, AssistantRules, Place, Reading, Vote
from kb.selectors.help.centre import forget_centre
from supportops.common import roles
from tests.factories.kb import make_topic, published_article
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

STATIC = Path(__file__).resolve().parents[2] / "static"
ARTICLE = "/help/en/change-your-password/"
BODY = """Intro.

## First

1. Open **Settings**.
2. Save.

> **Warning:** You are signed out.

## Second

### Deep

Text.
"""


def page_of(client, path: str = ARTICLE, **headers) -> str:
    return client.get(path, headers=headers).content.decode()


def test_home_without_articles_leads_to_the_form(client):
    page = page_of(client, "/help/")

    assert "There are no articles yet." in page
    assert 'href="/help/contact/?language=en"' in page


def test_home_shows_topics_with_counts_of_all_below(client):
    top = make_topic("Account")
    published_article("One", topic=top)
    published_article("Two", topic=make_topic("Passwords", parent=top))
    make_topic("Empty")

    page = page_of(client, "/help/")

    assert re.search(r"Account</strong>\s*<span>2 articles", page)
    assert "Empty" not in page


def test_home_shows_what_most_visitors_opened_lately(client):
    often, seldom, long_ago = (published_article(t) for t in ("Often", "Seldom", "Ago"))
    now = timezone.now()
    for article, visitors, at in (
        (often, "abc", now),
        (seldom, "a", now),
        (long_ago, "abcd", now - timedelta(days=29)),
    ):
        for visitor in visitors:
            Reading.objects.create(
                visitor=visitor, article=article, version=article.published,
                place=Place.HELP, at=at,
            )  # fmt: skip

    page = client.get("/help/")

    assert [each["title"] for each in page.context["popular"]] == ["Often", "Seldom"]


def test_topic_has_its_trail_and_pages(client):
    top = make_topic("Account")
    inner = make_topic("Passwords", parent=top)
    for number in range(26):
        published_article(f"Article {number:02}", topic=inner)

    first = page_of(client, "/help/en/topics/passwords/")
    second = page_of(client, "/help/en/topics/passwords/?page=2")

    assert '<a href="/help/en/topics/account/">Account</a>' in first
    assert ("Article 24" in first, "Article 25" in first) == (True, False)
    assert "Article 25" in second
    assert "http://localhost:8000/help/en/topics/passwords/?page=2" in second


def test_article_has_contents_callouts_and_its_own_address(client):
    published_article(body=BODY, summary="In a minute.")

    page = page_of(client)

    assert '<a href="#s-first">First</a>' in page
    assert '<li class="help-level-3"><a href="#s-deep">Deep</a></li>' in page
    assert '<aside class="so-callout so-callout--warning" role="note">' in page
    assert f'rel="canonical" href="http://localhost:8000{ARTICLE}"' in page
    assert '<meta name="description" content="In a minute.">' in page
    assert "noindex" not in page


def test_address_in_the_head_is_not_the_one_that_the_request_named(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    published_article()

    assert "evil.example" not in page_of(client, host="evil.example")


def test_translations_name_each_other(client):
    origin = published_article()
    published_article(
        "Passwort ändern", slug="passwort-aendern", language="de", translation_of=origin
    )

    for path in (ARTICLE, "/help/de/passwort-aendern/"):
        page = page_of(client, path)
        for code, address in (("en", ARTICLE), ("de", "/help/de/passwort-aendern/")):
            assert f'hreflang="{code}" href="http://localhost:8000{address}"' in page, (
                path
            )
        assert 'lang="de" hreflang="de"' in page


def test_home_is_in_the_language_of_the_browser_where_there_are_articles(client):
    published_article("Change your password")
    published_article("パスワードを変更する", slug="password", language="ja")

    japanese = client.get("/help/", headers={"accept-language": "ja"})
    french = client.get("/help/", headers={"accept-language": "fr"})

    assert "パスワードを変更する" in japanese.content.decode()
    assert japanese["Content-Language"] == "ja"
    assert "Change your password" in french.content.decode()
    assert client.get("/help/fr/").status_code == 404


def test_archived_address_leads_on_through_several(client):
    last = published_article("Sign in")
    middle = published_article("Second", redirects_to=last)
    first = published_article("First", redirects_to=middle)
    for gone in (first, middle):
        Article.objects.filter(pk=gone.pk).update(state="ARCHIVED")

    answer = client.get("/help/en/first/")

    assert (answer.status_code, answer["Location"]) == (301, "/help/en/sign-in/")


def test_archived_addresses_in_a_circle_are_not_found(client):
    first, second = published_article("First"), published_article("Second")
    Article.objects.filter(pk=first.pk).update(state="ARCHIVED", redirects_to=second)
    Article.objects.filter(pk=second.pk).update(state="ARCHIVED", redirects_to=first)

    assert client.get("/help/en/first/").status_code == 404


def test_wrong_address_searches_for_its_words(client):
    published_article()

    answer = client.get("/help/en/password-changing/")

    assert answer.status_code == 404
    assert ARTICLE in answer.content.decode()
    assert "There is no such article" in answer.content.decode()


def test_companions_are_shown_and_others_of_the_topic_stand_in_for_related(client):
    article, before, after = (
        published_article(t) for t in ("Change your password", "Sign in", "Sign out")
    )
    published_article("Neighbour")
    for kind, target in (("BEFORE", before), ("NEXT", after)):
        ArticleLink.objects.create(article=article, target=target, kind=kind)

    companions = client.get(ARTICLE).context["companions"]

    assert [each["title"] for each in companions["before"]] == ["Sign in"]
    assert [each["title"] for each in companions["next"]] == ["Sign out"]
    assert [each["title"] for each in companions["related"]] == ["Neighbour"]


def test_link_to_an_article_that_is_gone_becomes_its_words(client):
    target = published_article("Sign in")
    published_article(body="See [here](article:sign-in).")
    assert '<a href="/help/en/sign-in/">here</a>' in page_of(client)

    Article.objects.filter(pk=target.pk).update(state="ARCHIVED")
    published_article("Anything")  # moves the number of the content on

    assert '<a href="/help/en/sign-in/">here</a>' not in page_of(client)


def test_only_writers_get_the_link_to_edit(client):
    article = published_article()
    edit = f"/kb/articles/{article.pk}/edit/"
    assert edit not in page_of(client)

    for role, may_edit in ((roles.AGENT, True), (roles.EXECUTIVE, False)):
        client.force_login(UserFactory(role=role))
        assert (edit in page_of(client)) is may_edit


@pytest.mark.parametrize(
    "path",
    ["/help/", "/help/en/topics/invoices/", ARTICLE, "/help/search/?q=giraffe",
     "/help/en/nothing/", "/help/contact/"],
)  # fmt: skip
def test_contact_and_search_are_on_every_page(client, path):
    published_article()

    page = page_of(client, path)

    assert page.count('href="/help/contact/') >= 2
    assert page.count('role="search"') == 1
    assert '<a class="help-skip" href="#content">' in page


def test_pages_lead_to_the_assistant_only_while_it_is_on(client):
    AssistantRules.objects.update_or_create(defaults={"is_on": True})
    published_article()
    assert "/help/assistant/" in page_of(client, "/help/")

    cache.clear()
    AssistantRules.objects.update(is_on=False)
    assert "/help/assistant/" not in page_of(client, "/help/")


# Votes ------------------------------------------------------------------------------------


def test_vote_is_kept_and_can_be_changed_without_a_script(client):
    published_article()
    assert "Was this helpful?" in page_of(client)

    answer = client.post(ARTICLE + "vote/", {"helpful": "no"})
    assert (answer.status_code, answer["Location"]) == (302, ARTICLE + "#vote")
    assert "What was wrong?" in page_of(client)
    client.post(
        ARTICLE + "vote/",
        {"helpful": "no", "reason": "UNCLEAR", "comment": "Which button?"},
    )
    assert "Which button?" in page_of(client)
    vote = Vote.objects.get()
    assert (vote.is_helpful, vote.reason) == (False, "UNCLEAR")

    client.post(ARTICLE + "vote/", {"helpful": "yes"})
    vote.refresh_from_db()
    assert (vote.is_helpful, vote.reason) == (True, "")
    assert "Thank you. Good that it helped." in page_of(client)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"helpful": "perhaps"},
        {"helpful": "no", "reason": "<script>"},
        {"helpful": "no", "comment": "x" * 1001},
    ],
)
def test_vote_that_says_nothing_known_is_refused_and_writes_nothing(client, sent):
    published_article()

    answer = client.post(ARTICLE + "vote/", sent)

    assert answer.status_code == 400
    assert not Vote.objects.exists()
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_refused_vote_keeps_its_comment(client):
    published_article()

    sent = {"helpful": "no", "reason": "ODD", "comment": "I typed this."}
    answer = client.post(ARTICLE + "vote/", sent)

    assert "I typed this." in answer.content.decode()
    assert "Choose one of the list." in answer.content.decode()


def test_vote_needs_the_form_of_the_page():
    published_article()
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(ARTICLE + "vote/", {"helpful": "yes"})

    assert answer.status_code == 403
    assert not Vote.objects.exists()


# Visitors ---------------------------------------------------------------------------------


def test_cookie_is_set_only_where_something_is_kept(client):
    published_article()
    for path in ("/help/", "/help/en/topics/invoices/", "/help/suggest/?q=pass"):
        assert "help_visitor" not in client.get(path).cookies, path

    cookie = client.get(ARTICLE).cookies["help_visitor"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True, "Lax", "/help/", "",
    )  # fmt: skip
    assert re.fullmatch("[0-9a-f]{32}", cookie.value)
    assert Reading.objects.get().visitor == cookie.value


def test_cookie_is_secure_where_the_request_is(client):
    published_article()

    assert client.get(ARTICLE, secure=True).cookies["help_visitor"]["secure"] is True


@pytest.mark.parametrize("value", ["", "x" * 32, "' OR 1=1 --", "0" * 33])
def test_cookie_of_another_form_is_replaced(client, value):
    published_article()
    client.cookies["help_visitor"] = value

    assert re.fullmatch(
        "[0-9a-f]{32}", client.get(ARTICLE).cookies["help_visitor"].value
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"sec-purpose": "prefetch"},
    ],
)
def test_programs_and_pages_fetched_ahead_are_not_counted(client, headers):
    published_article()

    answer = client.get(ARTICLE, headers=headers)

    assert answer.status_code == 200
    assert "help_visitor" not in answer.cookies
    assert not Reading.objects.exists()


def test_reading_by_staff_is_none_of_a_customer(client):
    published_article()
    client.force_login(UserFactory(role=roles.AGENT))
    client.get(ARTICLE)

    assert Reading.objects.get().place == Place.AGENT


# Size, caching, safety --------------------------------------------------------------------


def weight(page: str) -> int:
    """Return the bytes of a page with the sheet and the scripts it names."""
    named = re.findall(r'(?:<script src|stylesheet" href)="/static/([^"]+)"', page)
    return len(page.encode()) + sum((STATIC / name).stat().st_size for name in named)


@pytest.mark.parametrize(
    "path", ["/help/", ARTICLE, "/help/contact/", "/help/search/?q=password"]
)
def test_page_is_light_and_nothing_blocks_it(client, path):
    published_article(body=BODY * 20)
    for number in range(12):
        published_article(f"Password article {number}", body=BODY * 20)

    page = page_of(client, path)

    assert weight(page) < 100_000
    assert page.count('rel="stylesheet"') == 1
    for script in re.findall(r"<script[^>]*>", page):
        assert " defer" in script, script
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert "<style" not in page


def test_script_and_style_come_from_here_only(client):
    published_article()

    policy = client.get(ARTICLE)["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "script-src 'self'" in policy


def test_quiet_pages_may_be_kept_for_a_minute_and_personal_ones_never(client):
    published_article()

    for path in ("/help/", "/help/en/topics/invoices/", "/help/suggest/?q=pass"):
        answer = client.get(path)
        kept = sorted(answer["Cache-Control"].split(", "))
        assert kept == ["max-age=60", "public"], path
        assert "Cookie" in answer["Vary"]
    for path in (ARTICLE, "/help/search/?q=password", "/help/contact/"):
        assert client.get(path)["Cache-Control"] == "private, no-store", path


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/topics/invoices/?page=999999999999999999999",
        "/help/en/topics/invoices/?page=%00",
        "/help/en/change-your-password/?from=999999999999999999-999",
        "/help/en/change-your-password/?from=%3Cscript%3E",
        "/help/?language=%3Cscript%3E",
        "/help/search/?q=%00%00",
        "/help/search/?q=" + "a" * 5000,
        "/help/search/?q=%22unclosed&language=xx",
        "/help/search/?q=%F0%9F%98%80&exact=1",
        "/help/suggest/?q=%3Cb%3E&language=%00",
    ],
)
def test_odd_addresses_are_answered(client, path):
    published_article()

    answer = client.get(path)

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/help/", 5),
        ("/help/en/topics/invoices/", 4),
        (ARTICLE, 9),
        ("/help/search/?q=password", 6),
        ("/help/suggest/?q=passw", 2),
        ("/help/contact/", 7),
        ("/help/sitemap.xml", 4),
        ("/help/en/feed.xml", 3),
    ],
)
def test_pages_ask_as_often_for_one_article_as_for_three(
    client, django_assert_num_queries, path, queries, rows
):
    published_article()
    for number in range(rows - 1):
        published_article(f"Password {number}")
    client.get(path)

    with django_assert_num_queries(queries):
        client.get(path)


def test_the_help_centre_has_a_name_and_words_of_its_own(client, settings):
    settings.ORGANISATION_NAME = "Ostrich & Co"
    published_article("Number your invoices")
    assert "Ostrich &amp; Co" in client.get("/help/en/").content.decode()

    rules = AssistantRules.objects.get()
    rules.name, rules.welcome = "Lumen Ledger", "What are you looking for?"
    rules.save()
    forget_centre()

    page = client.get("/help/en/").content.decode()
    assert "· Lumen Ledger</title>" in page
    assert "<h1>What are you looking for?</h1>" in page
    assert "Ostrich" not in page
    feed = client.get(reverse("help:feed", args=["en"])).content.decode()
    assert "· Lumen Ledger</title>" in feed
