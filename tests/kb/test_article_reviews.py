"""A text that changes while it is in review: nobody approves what was not read."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils.html import strip_tags

from kb.models import Article, SentText
from kb.selectors.articles.reviewing import since_sent
from kb.services import articles as services
from supportops.common import roles
from supportops.notifications.models import Notification
from tests.factories.kb import make_article, published_article
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _march(settings):
    settings.UNFOLD = {**settings.UNFOLD, "SIDEBAR": {"navigation": []}}
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def author():
    return UserFactory(role=roles.AGENT)


@pytest.fixture
def reviewer():
    return UserFactory(role=roles.SUPPORT_LEAD)


@pytest.fixture
def sent(author, reviewer):
    article = make_article(body="Open the menu.")
    article.reviewers.add(reviewer)
    services.send_for_review(article_id=article.pk, actor=author, at=NOW)
    Notification.objects.all().delete()
    return article


def save(article, body, *, actor=None, minutes=0):
    row = Article.objects.get(pk=article.pk)
    return services.save_working_copy(
        article_id=row.pk, title=row.title, summary=row.summary, body=body,
        keywords=row.keywords, revision=row.revision, actor=actor,
        at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def page(name, article):
    return reverse(f"kb:{name}", args=[article.pk])


# What was sent ----------------------------------------------------------------------------


def test_text_is_kept_as_it_was_sent_until_the_review_ends(sent, reviewer):
    save(sent, "Open the page.")
    kept = SentText.objects.get()
    assert (kept.body, kept.revision) == ("Open the menu.", 0)
    services.give_back(article_id=sent.pk, note="Why?", actor=reviewer, at=NOW)
    assert not SentText.objects.exists()


def test_publication_and_archiving_end_the_review(sent):
    services.archive(article_ids=[sent.pk], actor=None, at=NOW)
    assert not SentText.objects.exists()
    other = make_article("Other")
    services.send_for_review(article_id=other.pk, actor=None, at=NOW)
    services.publish(article_id=other.pk, actor=None, at=NOW)
    assert not SentText.objects.exists()


def test_change_since_it_was_sent_is_told_with_who_and_when(sent, author):
    assert since_sent(Article.objects.get(pk=sent.pk)) is None
    save(sent, "Open the page.", actor=author, minutes=5)
    found = since_sent(Article.objects.get(pk=sent.pk))
    assert (found.revision, found.by) == (0, author)
    assert found.at == NOW + timedelta(minutes=5)
    runs = found.difference.body.paragraphs[0].runs
    assert [run.text for run in runs] == ["Open the ", "menu", "page", "."]


def test_text_put_back_as_it_was_sent_is_unchanged(sent):
    save(sent, "Open the page.")
    save(sent, "Open the menu.")
    assert since_sent(Article.objects.get(pk=sent.pk)) is None
    assert services.publish(article_id=sent.pk, actor=None, at=NOW).number == 1


# Who approves what ------------------------------------------------------------------------


def test_changed_text_is_not_approved_unseen(sent, reviewer):
    save(sent, "Open the page.")
    with pytest.raises(services.StaleArticle, match="revision 0 was sent, now it is r"):
        services.publish(article_id=sent.pk, actor=reviewer, at=NOW)
    with pytest.raises(services.StaleArticle, match="you read revision 0, now it is r"):
        services.publish(article_id=sent.pk, actor=reviewer, at=NOW, revision=0)
    assert Article.objects.get(pk=sent.pk).state == "REVIEW"
    assert not sent.versions.exists()
    version = services.publish(article_id=sent.pk, actor=reviewer, at=NOW, revision=1)
    assert version.body == "Open the page."


def test_old_text_published_again_leaves_the_review_of_the_next_one():
    article = published_article(body="First")
    first = article.published_id
    save(article, "Second")
    services.publish(article_id=article.pk, actor=None, at=NOW)
    save(article, "Third")
    services.send_for_review(article_id=article.pk, actor=None, at=NOW)
    services.revert(article_id=article.pk, version_id=first, actor=None, at=NOW)
    article.refresh_from_db()
    assert (article.body, article.review_asked_at) == ("Third", NOW)
    assert SentText.objects.get().body == "Third"


def test_reviewer_is_told_once_for_saves_that_follow_each_other(sent, author, reviewer):
    for minutes in (1, 2, 31, 60):
        save(sent, f"Text {minutes}", actor=author, minutes=minutes)
    told = Notification.objects.get()
    assert told.recipient == reviewer
    assert told.title == "“Change your password” changed while it is in review"
    save(sent, "After the break", actor=author, minutes=91)
    assert Notification.objects.count() == 2


def test_reviewer_is_not_told_of_own_changes(sent, reviewer):
    save(sent, "Better", actor=reviewer)
    assert not Notification.objects.exists()


def test_draft_that_is_not_in_review_tells_nobody(reviewer):
    article = make_article()
    article.reviewers.add(reviewer)
    save(article, "Another")
    assert not Notification.objects.exists()


# The pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["article", "article-publish"])
def test_reviewer_sees_what_changed_since_it_was_sent(client, sent, reviewer, name):
    client.force_login(reviewer)
    assert "Changed since it was sent" not in client.get(page(name, sent)).text
    save(sent, "Open the page.")
    shown = client.get(page(name, sent)).text
    assert "Changed since it was sent by" in shown
    assert "Revision 0 was sent, now it is revision 1." in shown
    assert '<del><span class="so-hidden">removed: </span>menu<' in shown


def test_stale_approval_shows_what_changed_since_it_was_read(client, sent, reviewer):
    client.force_login(reviewer)
    save(sent, "Open the page.")
    read = {
        "revision": 1, "note": "First", "read_title": sent.title, "read_summary": "",
        "read_body": "Open the page.", "read_keywords": "",
    }  # fmt: skip
    save(sent, "Open the page now.")
    refused = client.post(page("article-publish", sent), read)
    assert refused.status_code == 409
    assert "you read revision 1, now it is revision 2" in refused.text
    words = refused.context["since_read"].body.summary
    assert (words.words_added, words.words_removed) == (1, 0)
    assert 'name="revision" value="2"' in refused.text
    assert ">First</textarea>" in refused.text
    assert not sent.versions.exists()


def test_page_of_a_changed_review_asks_as_often_for_three_changes_as_for_one(
    client, sent, reviewer, django_assert_num_queries
):
    client.force_login(reviewer)
    save(sent, "One")
    client.get(page("article", sent))
    with django_assert_num_queries(20):
        client.get(page("article", sent))
    save(sent, "Two\n\nTwo", actor=reviewer)
    save(sent, "Three\n\nThree\n\nThree", actor=reviewer)
    with django_assert_num_queries(20):
        client.get(page("article", sent))


def test_dates_say_what_they_are_of(client, sent, reviewer):
    client.force_login(reviewer)
    services.publish(article_id=sent.pk, actor=None, at=NOW)
    later = NOW + timedelta(days=40)
    services.mark_reviewed(article_id=sent.pk, actor=None, at=later)
    article = Article.objects.get(pk=sent.pk)
    assert article.text_changed_at != article.changed_at == later
    with time_machine.travel(NOW + timedelta(days=41), tick=False):
        client.force_login(reviewer)
        shown = client.get(page("article", sent)).text
    assert (
        "version 1 published 41 d ago · text changed 43 d ago · reviewed 24 h ago"
        in strip_tags(shown)
    )
