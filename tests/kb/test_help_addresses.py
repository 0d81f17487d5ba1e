"""The sitemap, feeds and robots.txt."""

from xml.etree import ElementTree as ET

import pytest

from kb.views.help import addresses
from tests.factories.kb import AT, make_topic, published_article

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://localhost:8000"


def tree_at(client, path: str) -> ET.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=600"
    return ET.fromstring(answer.content)  # noqa: S314 -- our own


def test_sitemap_lists_homes_topics_and_articles_with_their_dates(client):
    published_article()

    rows = {
        url.findtext(f"{SPACE}loc"): url.findtext(f"{SPACE}lastmod")
        for url in tree_at(client, "/help/sitemap.xml")
    }

    assert rows == {
        f"{SITE}/help/en/": None,
        f"{SITE}/help/en/topics/invoices/": None,
        f"{SITE}/help/en/change-your-password/": "2026-03-02T09:00:00+00:00",
    }


def test_sitemap_that_is_too_long_comes_in_parts(client, monkeypatch):
    monkeypatch.setattr(addresses, "MOST_ADDRESSES", 2)
    for number in range(3):
        published_article(f"Article {number}")

    index = tree_at(client, "/help/sitemap.xml")
    parts = [part.findtext(f"{SPACE}loc") for part in index]

    assert index.tag == f"{SPACE}sitemapindex"
    assert parts == [f"{SITE}/help/sitemap-{number}.xml" for number in range(3)]
    assert [len(tree_at(client, part.removeprefix(SITE))) for part in parts] == [
        2,
        2,
        1,
    ]
    assert client.get("/help/sitemap-3.xml").status_code == 404


def test_feed_lists_what_was_published_last(client):
    published_article("Old", at=AT.replace(day=1))
    published_article("New & improved", slug="new", summary="Now <better>.")

    items = tree_at(client, "/help/en/feed.xml").findall("channel/item")

    assert [item.findtext("title") for item in items] == ["New & improved", "Old"]
    assert items[0].findtext("link") == f"{SITE}/help/en/new/"
    assert items[0].findtext("description") == "Now <better>."
    assert items[0].findtext("guid") == f"{SITE}/help/en/new/#version-1"


def test_feed_of_a_topic_has_what_lies_below_it(client):
    top = make_topic("Account")
    published_article("Deep", topic=make_topic("Passwords", parent=top))
    published_article("Elsewhere")

    items = tree_at(client, "/help/en/topics/account/feed.xml").findall("channel/item")

    assert [item.findtext("title") for item in items] == ["Deep"]


@pytest.mark.parametrize(
    "path", ["/help/de/feed.xml", "/help/en/topics/nothing/feed.xml"]
)
def test_feed_of_nothing_is_not_there(client, path):
    published_article()

    assert client.get(path).status_code == 404


def test_robots_may_read_the_help_centre_only(client):
    text = client.get("/robots.txt").content.decode()

    assert "Allow: /help/\n" in text
    assert "Disallow: /help/search/\n" in text
    assert "Disallow: /\n" in text
    assert f"Sitemap: {SITE}/help/sitemap.xml" in text


def test_part_of_the_sitemap_that_there_never_was_is_not_there(client):
    published_article()

    for part in ("2", "9" * 25):
        assert client.get(f"/help/sitemap-{part}.xml").status_code == 404


def test_control_characters_of_old_texts_do_not_stop_the_feed(client):
    published_article("Feed\x08 probe", slug="probe", summary="Old\x0b words")

    [item] = tree_at(client, "/help/en/feed.xml").iter("item")

    assert item.findtext("title") == "Feed probe"
    assert item.findtext("description") == "Old words"
