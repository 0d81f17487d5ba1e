"""The same order on every database and in every process, whatever was edited when."""

import threading

import pytest
from django.db import connection, transaction

from kb import search
from kb.models import Article, ArticleVersion
from kb.selectors.searching import held as searching
from kb.services.indexing import touch_index
from tests.factories.kb import AT, published_article

TITLES = (
    "Change your password",
    "Reset a forgotten password",
    "Password rules",
    "Change your e-mail address",
    "Change your plan",
    "Billing of a changed plan",
    "Sign in with a code",
    "Sign in with your e-mail address",
)
# Equal scores go by address: "Plan" and "Plan" have nothing else to tell them apart.
TWINS = ("zz-plan", "aa-plan", "mm-plan")
EXPECTED = {
    "how do i change my password": [
        "change-your-password", "password-rules", "reset-a-forgotten-password",
        "change-your-plan", "billing-of-a-changed-plan", "change-your-e-mail-address",
    ],
    "plan": [
        "aa-plan", "mm-plan", "zz-plan", "change-your-plan", "billing-of-a-changed-plan",
    ],
    "sign in email": [
        "sign-in-with-your-e-mail-address", "sign-in-with-a-code",
        "change-your-e-mail-address",
    ],
}  # fmt: skip


def write(titles, twins) -> None:
    for title in titles:
        published_article(title)
    for slug in twins:
        published_article("Plan", slug=slug, body="Plan.")


def orders() -> dict[str, list[str]]:
    return {
        text: [hit.slug for hit in search.search(text, audience="public")]
        for text in EXPECTED
    }


@pytest.mark.django_db
def test_the_order_is_the_one_written_down() -> None:
    write(TITLES, TWINS)

    assert orders() == EXPECTED


@pytest.mark.django_db
def test_the_order_does_not_follow_the_numbers_of_articles() -> None:
    write(reversed(TITLES), reversed(TWINS))

    assert orders() == EXPECTED


@pytest.mark.django_db
def test_the_order_does_not_follow_the_order_of_edits() -> None:
    write(TITLES, TWINS)
    searching.forget()
    search.ready()
    for slug in ("aa-plan", "change-your-password", "zz-plan"):
        article = Article.objects.get(slug=slug)
        article.published = ArticleVersion.objects.create(
            article=article, number=2, title=article.title, body=article.body,
            created_at=AT,
        )  # fmt: skip
        article.save()
        touch_index(at=AT)
        search.ready()

    assert orders() == EXPECTED


@pytest.mark.django_db
def test_scores_of_an_updated_index_are_those_of_a_new_one() -> None:
    write(TITLES[:4], ())
    search.ready()
    write(TITLES[4:], TWINS)
    updated = [_exact(text) for text in EXPECTED]
    searching.forget()

    assert [_exact(text) for text in EXPECTED] == updated


def _exact(text: str) -> list[tuple[str, float, float]]:
    hits = search.search(text, audience="public")
    return [(hit.slug, hit.score, hit.confidence) for hit in hits]


@pytest.mark.django_db
def test_an_index_that_is_being_brought_up_to_date_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who cannot get the lock in time answers from the index there was."""
    published_article("Change your password")
    search.ready()
    published_article("Reset a password")
    monkeypatch.setattr("kb.selectors.searching.held.LONGEST_WAIT_S", 0.05)
    held, done = threading.Event(), threading.Event()

    def work() -> None:
        with searching.guard():
            held.set()
            done.wait(10)

    worker = threading.Thread(target=work)
    worker.start()
    held.wait(10)
    found = [hit.title for hit in search.search("password", audience="public")]
    done.set()
    worker.join()

    assert found == ["Change your password"]
    assert len(search.search("password", audience="public")) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_threads_find_what_is_new_while_articles_are_written() -> None:
    write(TITLES, ())
    search.ready()
    failures: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                assert search.search("password", audience="public")
                search.suggest("pass", audience="internal")
        except BaseException as error:  # noqa: BLE001 -- told to the test
            failures.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=ask) for _ in range(4)]
    for worker in workers:
        worker.start()
    for number in range(10):
        with transaction.atomic():
            published_article(
                f"Novelty {number}", audience="INTERNAL" if number % 2 else "PUBLIC"
            )
        assert search.search(f"novelty {number}", audience="internal")[0].title == (
            f"Novelty {number}"
        )
    stop.set()
    for worker in workers:
        worker.join()

    assert failures == []
    assert len(search.search("novelty", audience="public")) == 5
