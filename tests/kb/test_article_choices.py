"""What the editor offers to link to: what the writer and all readers of a text may read."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from kb.selectors.articles.choices import choices_for
from supportops.common import roles
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.people import UserFactory
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def writer():
    return UserFactory(role=roles.AGENT)


def slugs(article, writer, text=""):
    return [each.slug for each in choices_for(article, user=writer, text=text)]


def test_published_articles_that_all_readers_may_read_are_offered(writer):
    small, large = (
        CustomerTier.objects.create(code=code, name=code) for code in ("s1", "l1")
    )
    published_article("Public", slug="public")
    published_article("Both", slug="both", audience="PLAN", tiers=[small, large])
    published_article("Large", slug="large", audience="PLAN", tiers=[large])
    published_article("Staff", slug="staff", audience="INTERNAL")
    make_article("Draft", slug="draft")
    make_article("Old", slug="old", state="ARCHIVED")
    article = make_article("Mine", slug="mine")
    assert slugs(article, writer) == ["public"]
    article.audience = "PLAN"
    article.tiers.set([small, large])
    assert slugs(article, writer) == ["both", "public"]
    article.audience = "INTERNAL"
    assert slugs(article, writer) == ["both", "large", "public", "staff"]


def test_writer_who_may_not_read_articles_for_staff_is_not_offered_them():
    published_article("Staff", slug="staff", audience="INTERNAL")
    article = make_article("Mine", audience="INTERNAL")
    assert slugs(article, UserFactory()) == []


def test_articles_are_found_by_title_summary_address_and_other_words(writer):
    published_article(
        "Log in", slug="sign-on", summary="Get inside", keywords=["entry"]
    )
    published_article("Pay", slug="pay")
    article = make_article("Mine")
    for text in ("log", "SIGN-on", "inside", "entry", "log entry"):
        assert slugs(article, writer, text) == ["sign-on"]
    assert slugs(article, writer, "log pay") == []


def test_own_language_and_topic_come_first_and_an_address_means_one_article(writer):
    topic = make_topic("Sign-in")
    published_article("B elsewhere", slug="b")
    published_article("C here", slug="c", topic=topic)
    published_article("A deutsch", slug="a", language="de")
    published_article("B deutsch", slug="b", language="de")
    article = make_article("Mine", topic=topic)
    found = choices_for(article, user=writer, text="")
    assert [(each.slug, each.language) for each in found] == [
        ("c", "en"), ("b", "en"), ("a", "de"),
    ]  # fmt: skip


def test_editor_gets_the_list_and_who_may_not_write_does_not(client, writer):
    published_article("Log in", slug="log-in")
    article = make_article("Mine")
    address = reverse("kb:article-choices", args=[article.pk])
    client.force_login(writer)
    assert client.get(address, {"q": "log"}).json() == {
        "articles": [
            {
                "slug": "log-in",
                "title": "Log in",
                "topic": "Invoices",
                "language": "en",
                "audience": "Everybody",
            }
        ]
    }
    client.force_login(UserFactory(role=roles.EXECUTIVE))
    assert client.get(address).status_code == 403


def test_choices_ask_as_often_for_three_articles_as_for_one(
    writer, django_assert_num_queries
):
    article = make_article("Mine", audience="PLAN")
    article.tiers.set([CustomerTier.objects.create(code="s1", name="s1")])
    published_article("A")
    slugs(article, writer)
    with django_assert_num_queries(2):
        assert len(slugs(article, writer)) == 1
    for name in "BC":
        published_article(name, topic=make_topic(name))
    with django_assert_num_queries(2):
        assert len(slugs(article, writer)) == 3


# Topics of a new article ------------------------------------------------------------------


def test_topics_show_as_a_tree_and_the_first_fits_the_purpose(client, writer):
    client.force_login(writer)
    how_to = make_topic("How-to guides", slug="how-to", kind="HOW_TO")
    make_topic("Bank", slug="bank", parent=how_to)
    shown = client.get(reverse("kb:article-new"))
    names = [name for _key, name in shown.context["form"].fields["topic"].choices]
    assert "\N{NO-BREAK SPACE}" * 4 + "How-to guides › Bank" in names
    assert (
        f'<option value="{how_to.pk}" selected data-kind="HOW_TO">How-to guides</option>'
        in shown.text
    )
    faq = client.get(reverse("kb:article-new"), {"kind": "FAQ"})
    assert 'selected data-kind="FAQ"' in faq.text
