"""Which searches in vain an entry of the synonyms would answer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kb import search
from kb.core.search import Synonym
from kb.models import Synonym as Entry
from kb.selectors.gaps.synonym_answers import answered_by_synonym
from tests.factories.kb import published_article
from tests.factories.kb_work import search_in_vain
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
ENTRY = Synonym("gizmo", ("invoice",))


@pytest.fixture(autouse=True)
def _fresh_index():
    search.forget()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def article():
    for number in range(5):
        published_article(f"Report {number}", body="Choose a report.")
    return published_article("Number your invoice", body="Settings, Numbering.")


def tell(now, entry=ENTRY):
    found = answered_by_synonym(saved=entry, at=now)
    return [(each.text, each.times, each.article.title) for each in found.found]


def test_what_the_entry_would_answer_comes_with_times_and_article(article, now):
    search_in_vain("gizmo", 4, at=now - timedelta(days=3))
    search_in_vain("zebra", 9, at=now - timedelta(days=3))
    assert tell(now) == [("gizmo", 4, "Number your invoice")]
    assert answered_by_synonym(saved=ENTRY, at=now).tried == 2
    assert not Entry.objects.exists()


def test_old_agents_and_answered_searches_do_not_count(article, now):
    search_in_vain("gizmo", 4, at=now - timedelta(days=91))
    search_in_vain("gizmo", 4, at=now - timedelta(days=3), place="AGENT")
    search_in_vain("gizmo", 4, at=now - timedelta(days=3), results=2)
    search_in_vain("invoice", 4, at=now - timedelta(days=3))
    assert tell(now) == []


def test_articles_for_staff_answer_no_customer(now):
    published_article("Number your invoice", body="Settings.", audience="INTERNAL")
    search_in_vain("gizmo", 4, at=now - timedelta(days=3))
    assert tell(now) == []


def test_an_entry_not_in_use_answers_nothing(article, now):
    search_in_vain("gizmo", 4, at=now - timedelta(days=3))
    assert tell(now, None) == []


def test_the_preview_names_the_searches(client, article, now):
    search_in_vain("gizmo", 4, at=now - timedelta(days=3))
    client.force_login(UserFactory(role="Support lead"))
    data = {"term": "gizmo", "same_as": "invoice", "language": "en", "is_active": "on"}
    page = client.post(reverse("kb:synonym-new"), data).content.decode()
    assert "<strong>4</strong> searches of the last 90 days" in page
    assert "Number your invoice" in page
    assert not Entry.objects.exists()


@pytest.mark.parametrize("texts", [1, 3])
def test_any_number_of_texts_takes_the_same_queries(
    article, now, texts, django_assert_num_queries
):
    for text in ("gizmo", "gizmos", "the gizmo")[:texts]:
        search_in_vain(text, 2, at=now - timedelta(days=3))
    tell(now)
    with django_assert_num_queries(QUERIES):
        assert len(tell(now)) == texts


QUERIES = 4
