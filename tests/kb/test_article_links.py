"""Links of published articles that readers cannot follow."""

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from kb.models import Article, ArticleLink
from kb.selectors.articles import links, moved
from kb.services import articles as services
from tests.factories.kb import AT, make_article, make_topic, published_article
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    cache.clear()


def faults(article):
    return [(each.fault, each.target) for each in links.problems_of(article)]


def linking(*targets, **fields):
    body = "\n\n".join(f"[here]({target})" for target in targets)
    return published_article("Source", body=body, **fields)


def test_links_to_what_readers_see_are_whole():
    published_article("Log in", body="## Step 1\n\nx", slug="log-in")
    article = linking(
        "article:log-in", "article:log-in#step-1", "https://example.com", "/help/",
        "mailto:a@example.com",
    )  # fmt: skip
    assert faults(article) == []


def test_links_to_what_readers_do_not_see_are_broken():
    make_article("Draft", slug="draft")
    make_article("Old", slug="old", state="ARCHIVED")
    make_article(
        "Gone", slug="gone", state="ARCHIVED", redirects_to=published_article("New")
    )
    published_article("Staff", slug="staff", audience="INTERNAL")
    names = ("draft", "old", "gone", "staff", "nowhere")
    article = linking(*(f"article:{name}" for name in names))
    assert faults(article) == [
        ("DRAFT", "draft"),
        ("ARCHIVED", "old"),
        ("MOVED", "gone"),
        ("HIDDEN", "staff"),
        ("MISSING", "nowhere"),
    ]


def test_sections_pictures_pages_and_schemes_are_checked():
    published_article("Log in", body="## Step 1\n\nx", slug="log-in")
    article = published_article(
        "Source",
        body="[a](article:log-in#step-9) [b](#own) ![c](image:0123456789abcdef01234567) "
        "[d](/no/such/page/) [e](javascript:alert(1))",
    )
    assert [fault for fault, _target in faults(article)] == [
        "IMAGE", "SECTION", "SECTION", "PAGE", "REFUSED",
    ]  # fmt: skip


def test_pages_of_the_help_centre_are_looked_up():
    published_article("Log in", body="## Step 1\n\nx", slug="log-in")
    make_article("Draft", slug="draft")
    make_topic("Invoices")
    fine = (
        "/help/en/log-in/", "/help/en/log-in/#s-step-1", "/help/de/log-in/", "/help/de/", "/help/search/?q=x",
        "/help/en/topics/invoices/",
    )  # fmt: skip
    assert faults(linking(*fine)) == []
    bad = (
        "/help/en/no-such/", "/help/xx/log-in/", "/help/en/draft/",
        "/help/en/log-in/#s-step-9", "/help/en/topics/no-such/", "/help/xx/",
    )  # fmt: skip
    article = make_article("Other", body=" ".join(f"[here]({each})" for each in bad))
    found = links.problems_of(article)
    assert [each.target for each in found] == list(bad)
    assert [each.fault for each in found] == [
        "MISSING", "PAGE", "DRAFT", "SECTION", "TOPIC", "PAGE",
    ]  # fmt: skip


def test_whole_addresses_of_this_portal_are_looked_up(settings):
    settings.SITE_URL = "https://Desk.example.com"
    article = linking(
        "https://desk.example.com/help/en/no-such/",
        "http://desk.example.com/no/such/",
        "https://desk.example.com",
        "https://example.com/help/en/no-such/",
    )
    assert [fault for fault, _target in faults(article)] == ["MISSING", "PAGE"]


@pytest.mark.parametrize("address", ["article:gone", "/help/en/gone/"])
def test_link_that_moved_is_listed_and_not_broken(address):
    new = published_article("New")
    make_article("Gone", slug="gone", state="ARCHIVED", redirects_to=new)
    article = linking(address)
    assert [each.fault for each in links.problems_of(article)] == ["MOVED"]
    assert links.broken_links_of(article, body=article.body) == ()
    Article.objects.filter(pk=new.pk).update(audience="INTERNAL")
    assert [each.fault for each in links.problems_of(article)] == ["ARCHIVED"]


def test_links_without_words_or_address_are_named():
    body = "[](https://example.com) [x]() [y](https://) [](article:) ![](image:x)"
    found = links.unfinished_links_in(body)
    assert [each.fault for each in found] == [
        "NO_TEXT", "NO_ADDRESS", "NO_ADDRESS", "NO_ADDRESS",
    ]  # fmt: skip
    assert links.unfinished_links_in("[x](https://example.com)") == ()


def test_articles_published_together_count_as_published():
    make_article("Second", slug="second", body="## Part\n\nx")
    article = make_article("First", body="[x](article:second#part)")
    assert faults(article) == [("DRAFT", "second")]
    both = links.problems_of(
        article, published_with=Article.objects.values_list("pk", flat=True)
    )
    assert both == ()


def test_article_for_tiers_links_to_those_of_the_same_tiers():
    small, large = (
        CustomerTier.objects.create(code=code, name=code) for code in ("s1", "l1")
    )
    published_article("Both", slug="both", audience="PLAN", tiers=[small, large])
    published_article("Large", slug="large", audience="PLAN", tiers=[large])
    targets = ("article:both", "article:large")
    article = linking(*targets, audience="PLAN", tiers=[small])
    assert faults(article) == [("HIDDEN", "large")]
    article.audience = "INTERNAL"
    assert faults(article) == []


def test_own_links_are_checked_too():
    article, old = published_article(), make_article("Old", state="ARCHIVED")
    ArticleLink.objects.create(article=article, target=old)
    assert links.problems_of(article)[0].is_own is True


def test_link_means_the_article_of_its_own_language():
    published_article("Log in", slug="log-in")
    make_article("ログイン", slug="log-in", language="ja")
    assert faults(linking("article:log-in")) == []
    japanese = published_article(
        "Quelle", slug="q", language="ja", body="[x](article:log-in)"
    )
    assert faults(japanese) == [("DRAFT", "log-in")]


def test_check_of_all_asks_as_often_for_three_articles_as_for_one(
    django_assert_num_queries,
):
    published_article("Log in", slug="log-in")
    linking("article:log-in", "article:nowhere", "article:log-in#x")
    with django_assert_num_queries(6):
        assert len(links.problems_by_article()) == 1
    cache.clear()
    for number in range(2):
        published_article(f"Other {number}", body="[x](article:nowhere)")
    with django_assert_num_queries(6):
        assert len(links.problems_by_article()) == 3


def test_problems_are_kept_until_content_changes(django_assert_num_queries):
    linking("article:nowhere")
    assert len(links.problems_by_article()) == 1
    with django_assert_num_queries(1):
        links.problems_by_article()
    make_article("Nowhere", slug="nowhere")
    services.publish(
        article_id=Article.objects.get(slug="nowhere").pk, actor=None, at=AT
    )
    assert links.problems_by_article() == {}


def test_command_fails_when_a_link_is_broken(capsys):
    call_command("check_links")
    assert capsys.readouterr().out == "no broken links\n"
    linking("article:nowhere")
    cache.clear()
    with pytest.raises(CommandError, match="1 broken links in 1 articles"):
        call_command("check_links")
    assert "en/source: nowhere:" in capsys.readouterr().out


def test_article_is_found_by_an_address_it_had():
    article = make_article(slug="old-name")
    services.change_settings(article_id=article.pk, actor=None, at=AT, slug="new-name")
    assert moved.article_formerly_at("en", "old-name") == article
    assert moved.article_formerly_at("en", "never") is None


def test_readers_follow_a_link_to_an_article_that_moved(client):
    new = published_article("New", slug="new")
    make_article("Gone", slug="gone", state="ARCHIVED", redirects_to=new)
    linking("article:gone", slug="source")
    page = client.get("/help/en/source/")
    assert '<a href="/help/en/gone/">here</a>' in page.text
    assert client.get("/help/en/gone/")["Location"] == "/help/en/new/"
    Article.objects.filter(slug="gone").update(audience="INTERNAL")
    cache.clear()
    assert "/help/en/gone/" not in client.get("/help/en/source/").text
