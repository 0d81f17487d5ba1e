"""Numbers beyond what a column holds, text that nothing prints, and rows without history."""

import pytest

from kb.models import Article
from kb.selectors.articles.standing import events_of
from kb.services import articles as services
from supportops.common import roles
from tests.factories.kb import AT, make_article, published_article
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

HUGE = "9" * 25


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "address",
    [
        f"/kb/articles/export/?ids={HUGE}",
        f"/kb/articles/?owner={HUGE}",
        f"/kb/work/?owner={HUGE}",
        f"/kb/work/?category={HUGE}",
    ],
)
def test_page_opens_with_what_no_column_holds(client, lead, address):
    published_article()

    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("/kb/articles/bulk/", {"ids": HUGE, "action": "ARCHIVE"}, 302),
        ("/kb/articles/{article}/links/", {"remove": "9" * 5000}, 302),
        ("/kb/articles/{article}/versions/revert/", {"version": "9" * 5000}, 404),
    ],
)
def test_form_refuses_what_no_column_holds(client, lead, address, sent, status):
    article = published_article()

    answer = client.post(address.format(article=article.pk), sent)

    assert answer.status_code == status


def test_control_characters_are_not_stored():
    article = make_article(revision=0)

    services.save_working_copy(
        article_id=article.pk, title="A\x00 b\x08", summary="c\x1b", body="d\x00\ne",
        keywords=["f\x07"], revision=0, actor=None, at=AT,
    )  # fmt: skip

    stored = Article.objects.get(pk=article.pk)
    assert (stored.title, stored.summary, stored.body, stored.keywords) == (
        "A b", "c", "d\ne", ["f"],
    )  # fmt: skip


def test_article_without_history_has_no_events():
    article = make_article()
    article.history.all().delete()

    assert events_of(article) == []


def test_wrong_addresses_search_as_often_as_the_search_page(client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "1/hour"}
    settings.RATE_LIMIT_VISITORS_PER_ADDRESS = 1
    published_article("Change your password")
    address = "/help/en/change-my-password-now/"

    found, limited = client.get(address), client.get(address)

    assert (found.status_code, limited.status_code) == (404, 404)
    assert len(found.context["results"]) == 1
    assert list(limited.context["results"]) == []
