"""Two people at one article at once, on PostgreSQL; versions that never change, on both."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from kb.models import Article, ArticleVersion
from kb.services import articles as services
from tests.factories.kb import make_article, published_article

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


def together(*calls):
    """Run calls at once, each on a connection of its own; return results or refusals."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(10)
            return call()
        except services.StaleArticle as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def saving(article, body):
    return lambda: services.save_working_copy(
        article_id=article.pk, title="T", summary="", body=body, keywords=[],
        revision=0, actor=None, at=NOW,
    )  # fmt: skip


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_publications_make_two_versions():
    article = published_article()
    first = article.published_id
    services.save_working_copy(
        article_id=article.pk, title="T", summary="", body="New", keywords=[],
        revision=0, actor=None, at=NOW,
    )  # fmt: skip
    services.publish(article_id=article.pk, actor=None, at=NOW)

    def revert():
        try:
            return services.revert(
                article_id=article.pk, version_id=first, actor=None, at=NOW
            )
        except services.NothingChanged:
            return services.revert(
                article_id=article.pk,
                version_id=article.versions.get(number=2).pk,
                actor=None,
                at=NOW,
            )

    made = together(revert, revert)
    assert sorted(version.number for version in made) == [3, 4]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_of_one_revision_one_is_refused():
    article = make_article()
    results = together(saving(article, "Hers"), saving(article, "His"))
    refused = [each for each in results if isinstance(each, services.StaleArticle)]
    assert len(refused) == 1
    assert Article.objects.get().revision == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("revision", [0, None])
def test_text_saved_while_it_is_approved_is_not_published_unread(revision):
    article = make_article(title="T", body="Read by the reviewer.")
    services.send_for_review(article_id=article.pk, actor=None, at=NOW)
    together(
        saving(article, "Slipped in"),
        lambda: services.publish(
            article_id=article.pk, actor=None, at=NOW, revision=revision
        ),
    )
    published = list(ArticleVersion.objects.values_list("body", flat=True))
    assert published in ([], ["Read by the reviewer."])
    assert Article.objects.get().body == "Slipped in"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_overlapping_archiving_does_not_deadlock():
    first, second, new = (published_article(name) for name in "ABC")

    def archive(*articles):
        return lambda: services.archive(
            article_ids=[each.pk for each in articles],
            redirects_to=new.pk,
            actor=None,
            at=NOW,
        )

    together(archive(first, second), archive(second, first))
    assert Article.objects.filter(state="ARCHIVED", redirects_to=new).count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_links_added_at_once_are_both_kept():
    article, *targets = (published_article(name) for name in "ABC")

    def adding(target):
        return lambda: services.add_link(
            article_id=article.pk, link=services.LinkTo(target.pk), actor=None, at=NOW
        )

    together(*(adding(target) for target in targets))
    linked = set(article.links.values_list("target", flat=True))
    assert linked == {target.pk for target in targets}


@pytest.mark.django_db
def test_version_never_changes():
    version = published_article().published
    with pytest.raises(DatabaseError), transaction.atomic():
        ArticleVersion.objects.filter(pk=version.pk).update(body="Forged")
    version.refresh_from_db()
    assert version.body == "How to change your password."
