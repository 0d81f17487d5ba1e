"""What a gap's row says is to be done agrees with what the row says exists."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kb import search
from kb.models import Kind, WorklistRow
from kb.services import gaps
from tests.factories.kb import published_article
from tests.factories.kb_work import make_gap, search_in_vain
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_index():
    search.forget()


@pytest.fixture
def client():
    client = Client()
    client.force_login(UserFactory(role="Support lead"))
    return client


def compute() -> WorklistRow:
    gaps.compute_worklist(at=NOW)
    return WorklistRow.objects.get()


def finding(code, count=3):
    return {
        "code": code, "count": count, "tickets": [], "first": "2026-03-01",
        "last": "2026-03-09", "before": 1, "release": "",
    }  # fmt: skip


def test_article_for_staff_only_is_to_be_written_for_customers() -> None:
    refunds = published_article(
        "Refunds: who may grant what", at=NOW - DAY, audience="INTERNAL"
    )
    search_in_vain("refunds grant", 5, at=NOW - DAY)

    row = compute()

    assert (row.article, row.action) == (refunds, WorklistRow.Action.CUSTOMERS)


def test_second_hit_is_what_exists_where_it_has_the_words() -> None:
    """The first place may go to an article of the same words that answers otherwise."""
    for title in ("Sign in with a password", "Sign in from a phone"):
        published_article(title, at=NOW - DAY, body="Single sign on is on this page.")
    loop = published_article("Single sign-on sends you in circles", at=NOW - DAY)
    search_in_vain("single sign on goes in circles", 5, at=NOW - DAY)

    row = compute()

    assert row.article == loop
    assert row.action != WorklistRow.Action.WRITE


def test_article_that_names_most_of_it_is_what_exists() -> None:
    for title in ("Turn on two-factor sign-in", "Two-factor code is not accepted"):
        published_article(title, at=NOW - DAY, body="Two-factor code, refused or not.")
    search_in_vain("two factor code accepted", 5, at=NOW - DAY)

    assert compute().article.title == "Two-factor code is not accepted"


def test_one_common_word_of_a_search_without_result_is_no_article() -> None:
    published_article("Questions about invoices", at=NOW - DAY)
    search_in_vain("dark invoices", 5, at=NOW - DAY)

    row = compute()

    assert (row.article, row.action) == (None, WorklistRow.Action.WRITE)


@pytest.mark.parametrize(
    ("code", "without", "existing"),
    [
        ("many", "Write an article.", "Have it found, or make it answer."),
        (
            "escalations",
            "Write an article with a troubleshooting section.",
            "Add a troubleshooting section.",
        ),
        ("workaround", "Write it down.", "Write the workaround into it."),
    ],
)
def test_pattern_asks_for_no_article_where_one_exists(
    client, code, without, existing
) -> None:
    article = published_article("Archive a customer", at=NOW - DAY)
    evidence = {"findings": [finding(code)]}
    new = make_gap("Nothing there", evidence=evidence)
    known = make_gap("Archive customer", article=article, evidence=evidence)

    assert f". {without} <" in page_of(client, new)
    assert f". {existing} <" in page_of(client, known)


def test_escalations_of_a_troubleshooting_article_ask_for_no_second_section(
    client,
) -> None:
    article = published_article(
        "Webhook stopped", at=NOW - DAY, kind=Kind.TROUBLESHOOTING
    )
    row = make_gap(
        "Webhook gone", article=article, action="IMPROVE",
        evidence={"findings": [finding("escalations")]},
    )  # fmt: skip

    page = page_of(client, row)

    assert "Add what escalated." in page
    assert "troubleshooting section" not in page


def page_of(client, row) -> str:
    return client.get(reverse("kb:gap", args=[row.pk])).content.decode()
