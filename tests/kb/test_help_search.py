"""Searching from the help centre, and what is kept of it."""

import pytest

from kb.models import Reading, Search
from tests.factories.kb import published_article

pytestmark = pytest.mark.django_db

SEARCH = "/help/search/"


def test_results_show_the_passage_with_the_words_marked(client):
    published_article(body="Choose the blue button to set a password.")

    page = client.get(SEARCH, {"q": "password"}).content.decode()

    assert "<mark>password</mark>" in page
    assert "Results for password" in page


def test_corrected_search_says_so_and_offers_what_was_typed(client):
    published_article()

    page = client.get(SEARCH, {"q": "pasword"}).content.decode()

    assert "Showing results for <strong>password</strong>." in page
    assert 'href="?q=pasword&amp;language=en&amp;exact=1"' in page
    exact = client.get(SEARCH, {"q": "pasword", "exact": "1"}).content.decode()
    assert "No good match" in exact


def test_no_good_match_leads_to_the_form_with_the_search(client):
    published_article()

    page = client.get(SEARCH, {"q": "giraffe weather"}).content.decode()

    assert "No good match" in page
    assert 'href="/help/contact/?q=giraffe+weather&amp;language=en"' in page
    search = Search.objects.get()
    assert (search.text, search.results, search.shown) == ("giraffe weather", 0, [])


def test_no_good_match_in_a_language_with_fewer_articles_names_the_other(client):
    published_article("Invoices", slug="invoices")
    published_article("Rechnungen", slug="rechnungen", language="de")
    published_article("Passwords", slug="passwords")

    page = client.get(SEARCH, {"q": "giraffe", "language": "de"})
    found = client.get(SEARCH, {"q": "Rechnungen", "language": "de"})

    assert page.context["elsewhere"]["articles"] == 2
    assert 'href="/help/en/" lang="en"' in page.content.decode()
    assert found.context["elsewhere"] is None


def test_search_without_words_asks_for_some_and_keeps_nothing(client):
    page = client.get(SEARCH, {"q": "  "}).content.decode()

    assert "What are you looking for?" in page
    assert not Search.objects.exists()


def test_opened_result_is_kept_with_its_place(client):
    article = published_article()
    page = client.get(SEARCH, {"q": "password"})
    client.get(page.context["results"][0]["url"])

    search, reading = Search.objects.get(), Reading.objects.get()
    assert (search.clicked, search.clicked_rank) == (article, 1)
    assert reading.search == search


def test_article_opened_from_a_search_carries_it_to_the_form(client):
    published_article()
    page = client.get(SEARCH, {"q": "forgot password"})

    opened = client.get(page.context["results"][0]["url"]).content.decode()

    assert 'href="/help/contact/?q=forgot+password&amp;language=en"' in opened


def test_search_of_somebody_else_is_not_taken_for_ones_own(client):
    published_article()
    number = Search.objects.create(
        visitor="0" * 32, place="HELP", language="en", text="secret words",
        folded="secret words", at="2026-03-02T09:00Z",
    ).pk  # fmt: skip

    page = client.get(f"/help/en/change-your-password/?from={number}-1")

    assert "secret" not in page.content.decode()
    assert Search.objects.get().clicked is None
    assert Reading.objects.get().search is None


def test_words_are_shown_as_typed_and_never_as_html(client):
    published_article(
        "Use <b>bold</b> passwords", slug="bold", body="<img src=x> password"
    )

    page = client.get(
        SEARCH, {"q": 'password"><script>alert(1)</script>'}
    ).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page


def test_suggestions_are_small_and_in_the_readers_language(client):
    for number in range(10):
        published_article(f"Password {number}")
    published_article("Passwort", language="de", slug="passwort")

    hits = client.get("/help/suggest/", {"q": "passw", "language": "en"}).json()["hits"]
    german = client.get("/help/suggest/", {"q": "passw", "language": "de"}).json()[
        "hits"
    ]

    assert len(hits) == 6
    assert {"title", "pieces", "url"} == set(hits[0])
    assert all(hit["url"].startswith("/help/en/") for hit in hits)
    assert [hit["url"] for hit in german] == ["/help/de/passwort/"]
    assert client.get("/help/suggest/", {"q": ""}).json() == {"hits": []}
    assert not Search.objects.exists()


@pytest.mark.parametrize(
    ("limit", "path"), [("search", SEARCH + "?q=a"), ("suggest", "/help/suggest/?q=a")]
)
def test_too_many_searches_are_told_when_to_come_back(client, settings, limit, path):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, limit: "1/min"}
    settings.RATE_LIMIT_VISITORS_PER_ADDRESS = 2
    codes = [client.get(path).status_code for _call in range(3)]

    assert codes[0] == 200
    assert codes[-1] == 429
    assert int(client.get(path)["Retry-After"]) <= 60


def test_correction_without_a_good_match_is_neither_shown_nor_kept(client):
    published_article("Repeat a step", body="Choose Repeat.")
    # "repeet" is corrected, yet next to nothing of the search is there.
    typed = "giraffe weather trumpet purple monsoon repeet"

    page = client.get(SEARCH, {"q": typed}).content.decode()

    assert "No good match" in page
    assert "monsoon repeat" not in page
    search = Search.objects.get()
    assert (search.text, search.corrected, search.shown) == (typed, "", [])


def test_misspelt_keyword_is_corrected_and_marked(client):
    published_article(keywords=["chnage pasword"])

    page = client.get(SEARCH, {"q": "how do i chnage my pasword"}).content.decode()

    assert "Showing results for <strong>how do i change my password</strong>." in page
    assert "<mark>Change</mark> your <mark>password</mark>" in page
    assert Search.objects.get().corrected == "how do i change my password"
