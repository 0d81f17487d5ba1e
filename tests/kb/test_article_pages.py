"""Staff pages of articles: who sees and does what, and what a text cannot do to a page."""

import csv
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from kb.models import Article, ArticleLink, Topic
from kb.services import articles as services
from supportops.common import roles
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.kb_search import make_question
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
LIST = "/kb/articles/"


@pytest.fixture(autouse=True)
def _march(settings):
    settings.UNFOLD = {**settings.UNFOLD, "SIDEBAR": {"navigation": []}}
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agent(client):
    return signed_in(client, roles.AGENT)


@pytest.fixture
def lead(client):
    return signed_in(client, roles.SUPPORT_LEAD)


def signed_in(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


def page(name, article):
    return reverse(f"kb:{name}", args=[article.pk])


def titles(response):
    return [row["article"].title for row in response.context["rows"]]


# The list ---------------------------------------------------------------------------------


def test_empty_list_names_the_first_step(client, agent):
    assert "Write the first one" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Draft", "Seen"]),
        ("state=ARCHIVED", ["Gone"]),
        ("state=REVIEW", ["Seen"]),
        ("q=password+seen", ["Seen"]),
        ("language=ja", ["Draft"]),
        ("audience=INTERNAL", ["Draft"]),
        ("owner=nobody", ["Draft"]),
        ("due=overdue", ["Seen"]),
        ("due=never", []),
        ("only=changed", ["Seen"]),
        ("kind=FAQ", []),
        ("topic=0", ["Draft", "Seen"]),
        ("owner=x&state=y&sort=z", ["Draft", "Seen"]),
    ],
)
def test_list_is_narrowed_by_its_address(client, agent, query, found):
    published_article(
        "Seen", body="A password", owner=agent, review_due_on=date(2026, 3, 1)
    )
    Article.objects.update(body="Another password", review_asked_at=NOW)
    make_article("Draft", language="ja", audience="INTERNAL")
    make_article("Gone", state="ARCHIVED")
    assert sorted(titles(client.get(f"{LIST}?{query}"))) == found


def test_topic_shows_what_is_below_it(client, agent):
    top = make_topic("Top")
    make_article("Below", topic=make_topic("Under", parent=top))
    make_article("Elsewhere")
    assert titles(client.get(f"{LIST}?topic={top.pk}")) == ["Below"]


def test_list_asks_as_often_for_three_articles_as_for_one(
    client, agent, django_assert_num_queries
):
    published_article("A")
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)
    for name in "BC":
        published_article(name, owner=UserFactory(), topic=make_topic(name))
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)


def test_list_as_csv(client, agent):
    published_article("=cmd()", owner=agent)
    response = client.get(f"{LIST}?csv=1")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["title"], row["state"]) for row in rows] == [("'=cmd()", "Published")]


def bulk(client, verb, *articles, **more):
    sent = {"verb": verb, "ids": [each.pk for each in articles], **more}
    return client.post(reverse("kb:articles-bulk"), sent, follow=True)


def test_lead_archives_many_with_a_redirect(client, lead):
    first, second, new = (published_article(name) for name in ("A", "B", "New"))
    bulk(client, "archive", first, second, redirects_to=new.pk, shown="q=x&y=%0d%0aZ")
    assert set(Article.objects.filter(redirects_to=new)) == {first, second}


def test_refused_bulk_changes_nothing_and_says_why(client, agent):
    article = published_article()
    response = bulk(client, "archive", article)
    assert "You may not archive articles." in response.content.decode()
    article.refresh_from_db()
    assert article.state == "PUBLISHED"


def test_many_articles_get_an_owner_a_topic_and_a_review(client, lead):
    first, second, topic = (
        published_article("A"),
        published_article("B"),
        make_topic("T"),
    )
    bulk(client, "owner", first, second, owner=lead.pk)
    bulk(client, "topic", first, second, topic=topic.pk)
    bulk(client, "reviewed", first, second)
    assert Article.objects.filter(owner=lead, topic=topic, reviewed_at=NOW).count() == 2


def test_ticked_articles_are_exported(client, agent):
    first, _second = published_article("A"), published_article("B")
    response = bulk(client, "export", first)
    assert response["Content-Type"] == "application/zip"
    assert b"en/a.md" in response.content
    assert b"en/b.md" not in response.content


# One article ------------------------------------------------------------------------------

HOSTILE = """
<script>alert(1)</script> <img src=x onerror=alert(2)>

[a](javascript:alert(3)) [b](data:text/html,x) [c](vbscript:x)

![d](data:image/svg+xml;base64,AAAA) ![e](https://evil.example/x.png)

<svg onload=alert(4)></svg> <iframe src="//evil.example"></iframe>

> **Note:** <b onclick=alert(5)>x</b>
"""


@pytest.mark.parametrize("name", ["article", "article-edit", "article-preview"])
def test_hostile_text_is_only_text(client, agent, name):
    article = published_article(body=HOSTILE)
    if name == "article-preview":
        html = client.post(page(name, article), {"body": HOSTILE}).json()["html"]
    else:
        html = client.get(page(name, article)).context["text"].html
    for danger in ("<script", "<img", "<svg", "<iframe", "<b ", "javascript:", "data:"):
        assert danger not in html
    shown = client.get(page("article", article)).content.decode()
    assert "<script>alert" not in shown
    assert "onerror=alert(2)>" not in shown


def test_hostile_title_and_words_are_only_text(client, agent):
    danger = "<script>alert(1)</script>"
    article = published_article(danger, slug="x", summary=danger, keywords=[danger])
    for name in ("article", "article-edit", "article-versions"):
        assert danger not in client.get(page(name, article)).content.decode()


def test_article_for_staff_is_hidden_from_who_may_not_read_it(client):
    article = published_article(audience="INTERNAL")
    nobody = UserFactory()
    client.force_login(nobody)
    assert client.get(page("article", article)).status_code == 403
    signed_in(client, roles.EXECUTIVE)
    assert client.get(page("article", article)).status_code == 200


def test_page_asks_as_often_for_three_of_each_as_for_one(
    client, agent, django_assert_num_queries
):
    article = published_article()

    def surround(name):
        other = published_article(name, body=f"[x](article:{article.slug})")
        ArticleLink.objects.create(article=article, target=other)
        ArticleLink.objects.create(article=other, target=article)
        make_question(name, article)
        services.save_working_copy(
            article_id=article.pk, title="T", summary="", body=name, keywords=[],
            revision=Article.objects.get(pk=article.pk).revision, actor=agent, at=NOW,
        )  # fmt: skip
        services.publish(article_id=article.pk, actor=None, at=NOW)

    surround("One")
    client.get(page("article", article))
    with django_assert_num_queries(20):
        client.get(page("article", article))
    surround("Two")
    surround("Three")
    with django_assert_num_queries(20):
        client.get(page("article", article))


def step(client, article, name, **more):
    sent = {"step": name, **more}
    return client.post(page("article-step", article), sent, follow=True)


def test_article_goes_from_draft_to_readers_and_away(client):
    article = make_article()
    signed_in(client, roles.AGENT)
    step(client, article, "send")
    signed_in(client, roles.SUPPORT_LEAD)
    step(client, article, "give_back", note="Too short")
    assert "Too short" in client.get(page("article", article)).content.decode()
    client.post(page("article-publish", article), {"revision": 0, "note": "First"})
    article.refresh_from_db()
    assert (article.state, article.published.note) == ("PUBLISHED", "First")
    target = published_article("New")
    step(client, article, "archive", redirects_to=f"article:{target.slug}")
    article.refresh_from_db()
    assert (article.state, article.redirects_to) == ("ARCHIVED", target)
    step(client, article, "restore")
    article.refresh_from_db()
    assert (article.state, article.redirects_to) == ("PUBLISHED", None)


def test_archiving_takes_only_an_exact_choice(client):
    signed_in(client, roles.SUPPORT_LEAD)
    article, target = published_article("Old"), published_article("New")
    for typed in (f"{target.pk} nonsense", "x y/" + target.slug, "999999"):
        answer = client.post(
            page("article-step", article),
            {"step": "archive", "redirects_to": typed},
            follow=True,
        )
        article.refresh_from_db()
        assert (article.state, article.redirects_to) == ("PUBLISHED", None)
        assert f'value="{typed}"' in answer.content.decode()
    bulk(client, "archive", article, redirects_to=f"{target.pk} nonsense")
    article.refresh_from_db()
    assert article.state == "PUBLISHED"
    step(client, article, "archive", redirects_to=f"{target.pk} – New")
    article.refresh_from_db()
    assert (article.state, article.redirects_to) == ("ARCHIVED", target)


def test_agent_does_not_publish(client, agent):
    article = make_article()
    assert client.get(page("article-publish", article)).status_code == 403
    assert client.post(page("article-publish", article)).status_code == 403
    assert "Publish…" not in client.get(page("article", article)).content.decode()


def test_settings_are_saved_or_refused_in_place(client, lead):
    article = make_article()
    form = {
        "topic": article.topic_id, "kind": "FAQ", "audience": "PUBLIC",
        "language": "en", "slug": "new-address", "owner": lead.pk,
        "reviewers": [lead.pk], "review_every_days": 90, "is_featured": "on",
    }  # fmt: skip
    client.post(page("article-settings", article), form)
    article.refresh_from_db()
    assert (article.slug, article.owner, article.is_featured) == (
        "new-address",
        lead,
        True,
    )
    refused = client.post(
        page("article-settings", article), {**form, "audience": "PLAN"}
    )
    assert refused.status_code == 422
    assert "at least one tier" in refused.content.decode()


def test_links_are_added_by_number_or_address_and_removed(client, agent):
    article, other = make_article(), make_article("Other", slug="other")
    address = page("article-links", article)
    client.post(address, {"kind": "NEXT", "target": "other"})
    client.post(address, {"kind": "RELATED", "target": f"#{other.pk}"})
    client.post(address, {"kind": "RELATED", "target": "no-such"})
    assert set(article.links.values_list("kind", flat=True)) == {"NEXT", "RELATED"}
    client.post(address, {"remove": article.links.get(kind="NEXT").pk})
    assert article.links.get().kind == "RELATED"


# Writing ----------------------------------------------------------------------------------


def text(article, **changes):
    return {
        "title": article.title, "summary": "", "body": "New", "keywords": "a\nb",
        "revision": article.revision, **changes,
    }  # fmt: skip


def test_new_article_opens_in_the_editor_with_its_template(client, agent):
    topic = Topic.objects.get(slug="faq")
    sent = {
        "title": "Can I pay by card?", "kind": "FAQ", "topic": topic.pk,
        "language": "en", "audience": "PUBLIC",
    }  # fmt: skip
    response = client.post(reverse("kb:article-new"), sent, follow=True)
    article = Article.objects.get()
    assert response.redirect_chain[-1][0] == page("article-edit", article)
    assert "[A question as a customer asks it?]" in response.context["places"]


def test_editor_saves_and_says_what_is_left(client, agent):
    article = make_article(kind="FAQ")
    left = "[The answer in the first sentence.]"
    told = client.post(page("article-save", article), text(article, body=left)).json()
    assert told == {"revision": 1, "places": [left]}
    article.refresh_from_db()
    assert article.keywords == ["a", "b"]


def test_stale_save_loses_neither_text(client, agent):
    article = make_article()
    client.post(page("article-save", article), text(article, body="Hers"))
    response = client.post(page("article-save", article), text(article, body="His"))
    told = response.json()
    assert (response.status_code, told["code"]) == (409, "kb_article_stale")
    assert (told["revision"], told["stored"]["body"]) == (1, "Hers")
    # Without scripts: the form comes back with his text, and hers beside it.
    shown = client.post(page("article-edit", article), text(article, body="His"))
    assert shown.status_code == 409
    assert (shown.context["body"], shown.context["stored"].body) == ("His", "Hers")


def test_preview_names_broken_links(client, agent):
    article = make_article()
    told = client.post(
        page("article-preview", article), {"body": "[x](article:nowhere)"}
    ).json()
    assert told["problems"] == [
        {
            "target": "nowhere",
            "words": "No article has this address.",
            "is_broken": True,
        }
    ]
    long = client.post(page("article-preview", article), {"body": "x" * 100_001})
    assert long.status_code == 422


def test_preview_says_what_is_left_of_the_template_as_it_stands_now(client, lead):
    article = make_article(kind="FAQ")
    first = "[The answer in the first sentence.]"
    place = "[A question as a customer asks it?]"

    def left(**text):
        return client.post(page("article-preview", article), text).json()["places"]

    assert left(body=f"{place} {first}") == [place, first]
    assert left(body=f"{place} Yes.", summary=first) == [first, place]
    assert left(body="Yes.", title="May I?", summary="") == []


def test_publisher_is_told_that_the_summary_is_missing(client, lead):
    article = make_article("Pay by card", body="Cards are fine.")
    publish = page("article-publish", article)

    text = client.get(publish).text

    assert "No summary" in text
    assert "Publish all the same" in text
    Article.objects.filter(pk=article.pk).update(summary="Which cards we take.")
    text = client.get(publish).text
    assert "No summary" not in text
    assert "Publish all the same" not in text


def test_publisher_sees_what_would_break(client, lead):
    article = published_article(
        "Pay by card", body="Cards are fine.", keywords=["visa"]
    )
    make_question("visa", article)
    services.save_working_copy(
        article_id=article.pk, title="Nothing", summary="", keywords=[], actor=lead,
        body="[x](article:nowhere) [The answer in the first sentence.]", revision=0,
        at=NOW,
    )  # fmt: skip
    answer = client.get(page("article-publish", article))
    concerns = answer.context["concerns"]
    for words in (
        "Link readers cannot follow", "Place left from the template",
        "Known question that would find its article no longer, or later",
    ):  # fmt: skip
        assert f">1</span> {words}<" in answer.text
    assert [each.question.text for each in concerns.effect.broken] == ["visa"]
    assert [each.target for each in concerns.problems] == ["nowhere"]
    assert concerns.places == ("[The answer in the first sentence.]",)


def test_text_changed_meanwhile_is_not_published(client, lead):
    article = make_article()
    client.post(page("article-save", article), text(article))
    client.post(page("article-publish", article), {"revision": 0})
    article.refresh_from_db()
    assert article.state == "DRAFT"


# Versions, topics, translations, links ----------------------------------------------------


def test_words_that_changed_are_marked_for_eyes_and_ears(client, lead):
    article = published_article(body="Open the menu.")
    client.post(page("article-save", article), text(article, body="Open the page."))
    html = client.get(page("article-versions", article)).content.decode()
    assert '<del><span class="so-hidden">removed: </span>menu<' in html
    assert '<ins><span class="so-hidden">added: </span>page<' in html


def test_old_text_is_published_again(client, lead):
    article = published_article(body="Old")
    client.post(page("article-save", article), text(article))
    client.post(page("article-publish", article), {"revision": 1})
    client.post(page("article-revert", article), {"version": 1})
    article.refresh_from_db()
    assert (article.published.number, article.published.body) == (3, "Old")
    assert (
        client.get(f"{page('article-versions', article)}?from=1&to=99").status_code
        == 200
    )


def test_topics_are_moved_by_their_buttons(client, lead):
    Topic.objects.all().delete()
    for name in "ABC":
        client.post(reverse("kb:topic-new"), {"name": name})
    order = lambda: list(Topic.objects.values_list("name", flat=True))  # noqa: E731
    client.post(page("topic", Topic.objects.get(name="C")), {"verb": "up"})
    assert order() == ["A", "C", "B"]
    client.post(page("topic", Topic.objects.get(name="A")), {"verb": "down"})
    assert order() == ["C", "A", "B"]
    client.post(page("topic", Topic.objects.get(name="B")), {"verb": "delete"})
    assert order() == ["C", "A"]


def test_topics_page_asks_as_often_for_three_topics_as_for_one(
    client, lead, django_assert_num_queries
):
    Topic.objects.all().delete()
    make_article(topic=make_topic("A"))
    client.get(reverse("kb:topics"))
    with django_assert_num_queries(8):
        client.get(reverse("kb:topics"))
    for name in "BC":
        make_article(name, topic=make_topic(name))
    with django_assert_num_queries(8):
        client.get(reverse("kb:topics"))


def test_missing_translation_is_listed_until_it_is_started(client, agent):
    article = published_article()
    address = f"{reverse('kb:translations')}?language=ja"
    assert list(client.get(address).context["rows"]) == [article]
    client.post(page("article-translate", article), {"language": "ja"})
    assert list(client.get(address).context["rows"]) == []


@pytest.mark.parametrize(
    ("name", "queries"), [("translations", 6), ("broken-links", 7)]
)
def test_lists_ask_as_often_for_three_articles_as_for_one(
    client, agent, django_assert_num_queries, name, queries
):
    published_article("A", body="[x](article:nowhere)")
    client.get(reverse(f"kb:{name}"))
    with django_assert_num_queries(queries):
        client.get(reverse(f"kb:{name}"))
    for other in "BC":
        published_article(other, body="[x](article:nowhere)", owner=UserFactory())
    client.get(reverse(f"kb:{name}"))
    with django_assert_num_queries(queries):
        client.get(reverse(f"kb:{name}"))


def test_admin_finds_articles_and_leads_to_their_page(client, agent):
    article = published_article()
    found = client.get("/admin/kb/article/?q=password")
    assert article.title in found.content.decode()
    form = f"/admin/kb/article/{article.pk}/change/"
    assert client.get(form)["Location"] == page("article", article)
    assert client.post(form, {"title": "x"}).status_code == 403
