"""The knowledge base on the home page: what each role is told, and how many queries it takes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.models import Article, Flag, GapTask
from tests.factories.kb import make_article, published_article
from tests.factories.people import UserFactory
from tests.factories.self_service import make_search

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
PANEL = 'aria-label="Knowledge base"'


@pytest.fixture(autouse=True)
def _at_noon():
    cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(client, user):
    client.force_login(user)
    return client.get(reverse("admin:index")).content.decode()


def test_nothing_to_do_takes_no_room(client):
    assert PANEL not in page_of(client, UserFactory(role="Agent"))


def test_reviewer_is_told_of_an_article_that_waits(client):
    article = make_article(state=Article.State.REVIEW, review_asked_at=NOON)
    reviewer, other = UserFactory(role="Agent"), UserFactory(role="Agent")
    article.reviewers.add(reviewer)

    assert "Articles to review" in page_of(client, reviewer)
    assert "Articles to review" not in page_of(client, other)


def test_publisher_is_told_of_an_article_without_reviewers(client):
    make_article(state=Article.State.REVIEW, review_asked_at=NOON)

    assert "Articles to review" in page_of(client, UserFactory(role="Support lead"))


def test_owner_is_told_of_an_article_past_its_review_date(client):
    owner = UserFactory(role="Agent")
    published_article(owner=owner, review_due_on=date(2026, 3, 2))

    assert "My articles past their review date" in page_of(client, owner)


def test_lead_is_told_of_flags_and_own_gaps(client):
    lead = UserFactory(role="Support lead")
    Flag.objects.create(kind="MISSING", text="VAT in Norway", flagged_at=NOON)
    GapTask.objects.create(
        key="q:vat", title="VAT", state="TAKEN", owner=lead, changed_at=NOON
    )

    html = page_of(client, lead)

    assert "Flags to decide" in html
    assert "My content gaps" in html
    assert "Flags to decide" not in page_of(client, UserFactory(role="Agent"))


def test_figures_are_for_who_may_read_searches(client):
    article = published_article()
    make_search(at=NOON - timedelta(days=2), clicked=article, shown=[article.pk])

    assert "self-service of the last 30 days" in page_of(
        client, UserFactory(role="Executive")
    )
    assert "self-service" not in page_of(client, UserFactory(role="Agent"))


def count_queries(client, lead):
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page_of(client, lead)
    return len(queries)


def test_queries_do_not_grow_with_rows(client):
    lead = UserFactory(role="Support lead")

    def add(number):
        article = published_article(f"Article {number}", owner=lead)
        make_search(f"vpn {number}", at=NOON - timedelta(days=2), clicked=article)
        GapTask.objects.create(
            key=f"q:{number}", title="VAT", state="TAKEN", owner=lead, changed_at=NOON
        )

    add(1)
    page_of(client, lead)
    one = count_queries(client, lead)
    add(2)
    add(3)

    assert count_queries(client, lead) == one
