"""An article and its translations are one entry of what a reader finds."""

import pytest
from django.urls import reverse

from kb import search
from kb.models import Article
from kb.selectors.readers import ANYBODY
from tests.factories.kb import published_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index():
    search.forget()


@pytest.fixture
def pair() -> tuple[Article, Article]:
    """An article and its German translation, which both have the name of the product."""
    english = published_article("Connect DATEV", slug="datev", body="Open DATEV.")
    german = published_article(
        "DATEV verbinden", slug="datev", language="de", body="DATEV öffnen.",
        translation_of=english,
    )  # fmt: skip
    return english, german


def found(text, language, **how) -> list[int]:
    results = search.answer(text, audience=ANYBODY, language=language, **how)
    assert [hit.rank for hit in results.hits] == [*range(1, len(results.hits) + 1)]
    return [hit.article_id for hit in results.hits]


def test_reader_finds_one_entry_in_the_own_language(pair) -> None:
    english, german = pair

    assert found("datev", "de") == [german.pk]
    assert found("datev", "en") == [english.pk]
    assert found("connect datev", "de") == [german.pk]
    assert sorted(found("datev", None)) == [english.pk, german.pk]


def test_reader_of_a_third_language_finds_the_best_one(pair) -> None:
    assert len(found("datev", "ja")) == 1


def test_translation_that_is_not_public_stands_in_for_nothing(pair) -> None:
    english, german = pair
    Article.objects.filter(pk=german.pk).update(audience="INTERNAL")
    search.forget()

    assert found("datev", "de") == [english.pk]


def test_limit_counts_entries(pair) -> None:
    _english, german = pair
    other = published_article("DATEV Kosten", language="de", body="DATEV kostet.")

    assert sorted(found("datev", "de", limit=2)) == sorted([german.pk, other.pk])
    assert len(found("datev", "de", limit=1)) == 1


def test_page_of_results_lists_an_article_once(client, pair) -> None:
    page = client.get(reverse("help:search"), {"q": "datev", "language": "de"})

    assert [hit["id"] for hit in page.context["results"]] == [pair[1].pk]
    assert page.context["results"][0]["url"].startswith("/help/de/")
