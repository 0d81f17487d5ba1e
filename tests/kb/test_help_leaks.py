"""Who sees which article at the public addresses: nothing else shows anywhere.

A row is a way to an article, a column whom it is shown to. Words that only a hidden
article has must not come back, not even as a corrected spelling.
"""

import pytest
from django.test import Client
from django.urls import reverse

from kb.models import Article, ArticleLink, Place, Reading, Vote
from supportops.common import roles
from tests.factories.kb import AT, make_article, make_topic, published_article
from tests.factories.people import UserFactory
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db

HIDDEN = "Zebrafish ledger"
BODY = "Zebrafish ledgers are balanced with the quokka tool."
PUBLIC = "Balance your books"

WAYS = {
    "home": "/help/",
    "home of a language": "/help/en/",
    "topic": "/help/en/topics/money/",
    "page of a topic": "/help/en/topics/money/?page=2",
    "search": "/help/search/?q=zebrafish+ledger",
    "search, misspelt": "/help/search/?q=zebrafsh",
    "search for the text": "/help/search/?q=balanced+with+the+tool",
    "search, quoted": "/help/search/?q=%22zebrafish+ledger%22",
    "suggestions": "/help/suggest/?q=zebraf",
    "address": "/help/en/zebrafish-ledger/",
    "address in another language": "/help/de/zebrafish-ledger/",
    "address that is not there": "/help/en/zebrafish-ledgers/",
    "public article": "/help/en/balance-your-books/",
    "form": "/help/contact/?q=books",
    "sitemap": "/help/sitemap.xml",
    "part of the sitemap": "/help/sitemap-1.xml",
    "feed": "/help/en/feed.xml",
    "feed of the topic": "/help/en/topics/money/feed.xml",
    "robots": "/robots.txt",
}
PROGRAMS = {"sitemap", "part of the sitemap", "feed", "feed of the topic", "robots"}
STAFF_SEE = {
    "home",
    "home of a language",
    "topic",
    "page of a topic",
    "search",
    "search, misspelt",
    "search for the text",
    "search, quoted",
    "suggestions",
    "address",
    "address in another language",
    "address that is not there",
    "public article",
}
KINDS = ["INTERNAL", "PLAN", "DRAFT", "REVIEW", "ARCHIVED"]


def hide(kind: str) -> Article:
    """Write one article that the public may not read, and one next to it that it may."""
    topic = make_topic("Money")
    shown = published_article(
        PUBLIC, topic=topic, body="See [it](article:zebrafish-ledger)."
    )
    fields = {"topic": topic, "body": BODY, "summary": BODY, "is_featured": True}
    if kind in {"INTERNAL", "PLAN"}:
        tiers = [CustomerTier.objects.first()] if kind == "PLAN" else []
        hidden = published_article(HIDDEN, audience=kind, tiers=tiers, **fields)
    elif kind == "ARCHIVED":
        hidden = published_article(HIDDEN, **fields)
        Article.objects.filter(pk=hidden.pk).update(state="ARCHIVED")
    else:
        hidden = make_article(HIDDEN, state=kind, **fields)
    for link in ArticleLink.Kind:
        ArticleLink.objects.create(article=shown, target=hidden, kind=link)
    Article.objects.filter(pk=hidden.pk).update(translation_of=shown, language="en")
    if hidden.published:
        Reading.objects.create(
            visitor="v",
            article=hidden,
            version=hidden.published,
            place=Place.HELP,
            at=AT,
        )
    return hidden


def text_at(client: Client, way: str) -> str:
    return client.get(WAYS[way]).content.decode()


def leaks(client: Client) -> list[str]:
    """Return the ways that show something of it; what was typed is in small letters."""
    traces = ("Zebrafish", "quokka", "zebrafish-ledger/")
    texts = {way: text_at(client, way) for way in WAYS}
    found = [way for way, text in texts.items() if any(each in text for each in traces)]
    if "zebrafish" in texts["search, misspelt"] and "search, misspelt" not in found:
        found.append("search, misspelt")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_public_sees_nothing_of_a_hidden_article(client, kind):
    hide(kind)

    assert leaks(client) == []
    assert client.get(WAYS["address"]).status_code == 404


@pytest.mark.parametrize("kind", ["DRAFT", "REVIEW", "ARCHIVED"])
def test_staff_see_no_unpublished_article_here_either(client, kind):
    hide(kind)
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))

    assert leaks(client) == []


@pytest.mark.parametrize("kind", ["INTERNAL", "PLAN"])
@pytest.mark.parametrize("role", roles.ROLES)
def test_staff_of_every_role_read_it_marked_and_kept_in_no_cache(client, role, kind):
    hide(kind)
    client.force_login(UserFactory(role=role))

    page = client.get(WAYS["address"])

    assert page.status_code == 200
    assert (
        "Staff only" if kind == "INTERNAL" else "Some customers only"
    ) in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert "Cookie" in page["Vary"]


def test_staff_find_it_by_every_way_for_people_and_by_none_for_programs(client):
    hide("INTERNAL")
    client.force_login(UserFactory(role=roles.AGENT))

    found = set(leaks(client))

    assert found & PROGRAMS == set()
    assert found >= STAFF_SEE - {"page of a topic"}


def test_somebody_on_the_staff_without_a_role_is_the_public(client):
    hide("INTERNAL")
    client.force_login(UserFactory(role=None))

    assert leaks(client) == []


def test_what_staff_saw_is_not_kept_for_the_public():
    hide("INTERNAL")
    staff, public = Client(), Client()
    staff.force_login(UserFactory(role=roles.AGENT))

    for way in WAYS:
        answer = staff.get(WAYS[way])
        assert way in PROGRAMS or "no-store" in answer["Cache-Control"], way

    assert leaks(public) == []


@pytest.mark.parametrize("kind", KINDS)
def test_vote_on_a_hidden_article_is_as_one_on_none(client, kind):
    hide(kind)
    hidden = client.post("/help/en/zebrafish-ledger/vote/", {"helpful": "yes"})
    absent = client.post("/help/en/no-such-article/vote/", {"helpful": "yes"})

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert not Vote.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_form_suggests_nothing_hidden(client, kind):
    hide(kind)
    page = client.get(reverse("help:contact"))
    visit = page.context["form"]["visit"].value()

    answer = client.post(
        reverse("help:contact-suggest"),
        {"subject": "balance the zebrafish ledger", "visit": visit, "language": "en"},
    )

    assert HIDDEN not in answer.content.decode()


def test_form_suggests_nothing_internal_to_staff_either(client):
    hide("INTERNAL")
    client.force_login(UserFactory(role=roles.AGENT))
    visit = client.get(reverse("help:contact")).context["form"]["visit"].value()

    answer = client.post(
        reverse("help:contact-suggest"),
        {"subject": "zebrafish ledger quokka tool", "visit": visit, "language": "en"},
    )

    assert "ebrafish" not in answer.content.decode()


def test_topic_with_nothing_but_hidden_articles_is_not_there(client):
    topic = make_topic("Secret plans")
    published_article(HIDDEN, topic=topic, audience="INTERNAL")
    published_article(PUBLIC)

    assert client.get("/help/en/topics/secret-plans/").status_code == 404
    assert client.get("/help/en/topics/secret-plans/feed.xml").status_code == 404
    for way in ("home", "sitemap"):
        assert "secret" not in client.get(WAYS[way]).content.decode().lower()


def test_language_of_hidden_articles_only_is_not_offered(client):
    published_article(PUBLIC)
    published_article("Geheim", language="de", audience="INTERNAL")

    assert "Deutsch" not in client.get("/help/").content.decode()
    assert client.get("/help/de/").status_code == 404


def test_archived_internal_address_does_not_lead_on(client):
    target = published_article(PUBLIC)
    gone = published_article(HIDDEN, audience="INTERNAL", redirects_to=target)
    Article.objects.filter(pk=gone.pk).update(state="ARCHIVED")

    assert client.get(WAYS["address"]).status_code == 404


def test_working_copy_is_not_shown_before_it_is_published(client):
    article = published_article(PUBLIC, summary="Old summary")
    Article.objects.filter(pk=article.pk).update(
        title="Quokka title", summary="Quokka summary", body="Quokka body", revision=2
    )

    for way in WAYS:
        assert "quokka" not in text_at(client, way).lower(), way


def test_article_taken_back_is_gone_although_the_index_is_older(client):
    article = published_article(HIDDEN, body=BODY)
    assert "quokka" in text_at(client, "search")
    # Its change is committed, but this process has not seen the number move on yet.
    Article.objects.filter(pk=article.pk).update(audience="INTERNAL")

    assert "zebrafish-ledger/" not in text_at(client, "search")
    assert text_at(client, "suggestions") == '{"hits": []}'
