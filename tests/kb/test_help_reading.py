"""What is kept of searches, readings and votes."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from kb.models import Place, Reading, Search, Vote
from kb.services import reading
from tests.factories.kb import AT, published_article
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def search_for(text: str, *articles, visitor="v", at=AT, is_good=True):
    found = SimpleNamespace(
        original=text,
        corrected="",
        is_good=is_good,
        hits=[SimpleNamespace(article_id=each.pk) for each in articles],
    )
    return reading.record_search(
        visitor=visitor, place=Place.HELP, language="en", results=found, at=at
    )


def read(article, *, visitor="v", at=AT, **more):
    return reading.record_reading(
        visitor=visitor, version=article.published, place=Place.HELP, at=at, **more
    )


def test_search_is_kept_with_what_it_showed():
    article = published_article()

    search = search_for("  Change   PASSWORD ", article)

    assert search.folded == "change password"
    assert (search.results, search.shown) == (1, [article.pk])


def test_search_without_a_good_match_showed_nothing():
    search = search_for("weather", published_article(), is_good=False)

    assert (search.results, search.shown) == (0, [])


def test_same_search_again_is_one_search():
    first = search_for("password")
    assert search_for("Password", at=AT + 9 * MINUTE) == first
    assert search_for("password", at=AT + 10 * MINUTE) != first
    assert search_for("password", visitor="w") != first


def test_search_after_another_without_a_click_refines_it():
    first = search_for("pasword")
    second = search_for("change password", at=AT + MINUTE)
    first.refresh_from_db()

    assert first.refined_by == second


def test_search_after_a_click_refines_nothing():
    article = published_article()
    first = search_for("password", article)
    reading.record_click(search_id=first.pk, visitor="v", article=article, rank=1)
    search_for("invoice", at=AT + MINUTE)
    first.refresh_from_db()

    assert first.refined_by is None
    assert (first.clicked, first.clicked_rank) == (article, 1)


def test_first_click_stays():
    one, two = published_article(), published_article("Invoices")
    search = search_for("how", one, two)
    for rank, article in enumerate((two, one), start=1):
        reading.record_click(
            search_id=search.pk, visitor="v", article=article, rank=rank
        )
    search.refresh_from_db()

    assert search.clicked == two


@pytest.mark.parametrize("visitor", ["stranger", "v"])
def test_click_is_kept_only_of_ones_own_search_that_showed_the_article(visitor):
    shown, other = published_article(), published_article("Invoices")
    search = search_for("password", shown)
    article = other if visitor == "v" else shown

    kept = reading.record_click(
        search_id=search.pk, visitor=visitor, article=article, rank=1
    )

    search.refresh_from_db()
    assert (kept, search.clicked) == (None, None)


def test_reading_counts_once_for_a_while():
    article = published_article()
    first = read(article)

    assert read(article, at=AT + 29 * MINUTE) == first
    assert read(article, at=AT + 30 * MINUTE) != first
    assert read(article, visitor="w") != first
    assert Reading.objects.count() == 3


def test_vote_can_be_changed_and_helpful_has_no_reason():
    version = published_article().published
    for is_helpful, reason, comment in (
        (False, "UNCLEAR", "  which button? "),
        (True, "UNCLEAR", ""),
    ):
        reading.vote(
            visitor="v", version=version, is_helpful=is_helpful, reason=reason,
            comment=comment, at=AT,
        )  # fmt: skip

    vote = Vote.objects.get()
    assert (vote.is_helpful, vote.reason, vote.comment) == (True, "", "")


@pytest.mark.parametrize(
    ("reason", "comment"), [("BORING", ""), ("UNCLEAR", "x" * 1001)]
)
def test_vote_that_says_something_else_is_refused(reason, comment):
    version = published_article().published

    with pytest.raises(reading.VoteRefused):
        reading.vote(
            visitor="v", version=version, is_helpful=False, reason=reason,
            comment=comment, at=AT,
        )  # fmt: skip

    assert not Vote.objects.exists()


def test_ticket_follows_what_the_same_visitor_did_within_a_day():
    article, ticket = published_article(), open_ticket()
    late = AT + timedelta(hours=24)
    rows = [
        search_for("password", article, at=AT + MINUTE),
        read(article, at=AT + MINUTE),
    ]
    others = [
        search_for("before", at=AT),
        read(article, at=AT),
        search_for("password", visitor="w", at=AT + MINUTE),
    ]

    reading.follow_with_ticket(visitor="v", ticket_id=ticket.pk, at=late)

    for row in (*rows, *others):
        row.refresh_from_db()
    assert [row.ticket_id for row in rows] == [ticket.pk, ticket.pk]
    assert [row.ticket_id for row in others] == [None, None, None]


def test_first_ticket_afterwards_stays():
    read(published_article())
    first, second = open_ticket(), open_ticket()
    for ticket in (first, second):
        reading.follow_with_ticket(visitor="v", ticket_id=ticket.pk, at=AT + MINUTE)

    assert Reading.objects.get().ticket == first
    assert not Search.objects.exists()
