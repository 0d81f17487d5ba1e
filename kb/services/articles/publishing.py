"""From draft to readers: review, publication, an old text anew, the next review date."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kb.core.article_templates import places_left
from kb.models import Article, ArticleVersion
from kb.services.articles.refusals import (
    NotAReviewer,
    NothingChanged,
    NotYours,
    StateRefused,
    TextRefused,
)
from kb.services.articles.steps import (
    CHANGE,
    PUBLISH,
    due_on,
    locked,
    may_publish,
    record,
    refuse_archived,
    require,
    text_of,
)
from kb.services.articles.telling import tell_author, tell_reviewers
from kb.services.articles.writing import refuse_stale, store_text
from kb.services.indexing import touch_index
from workforce.people.models import User

State = Article.State


# Review -----------------------------------------------------------------------------------


@transaction.atomic
def send_for_review(*, article_id: int, actor: User | None, at: datetime) -> Article:
    """Ask the reviewers to read the working copy; they are told.

    A published article stays published meanwhile.

    Raises ``NotYours``, ``StateRefused``, ``TextRefused`` or ``NothingChanged``.
    """
    require(actor, CHANGE, _("You may not send articles for review."))
    article = locked(article_id)
    refuse_archived(article)
    if article.review_asked_at is not None:
        raise StateRefused(
            _("“%(title)s” is in review already.") % {"title": article.title}
        )
    _refuse_unready(article)
    if article.state == State.DRAFT:
        article.state = State.REVIEW
    article.review_asked_at, article.review_asked_by = at, actor
    article.review_note = ""
    record(article, actor=actor, at=at)
    tell_reviewers(article, at=at)
    return article


@transaction.atomic
def give_back(
    *, article_id: int, note: str, actor: User | None, at: datetime
) -> Article:
    """End a review without publication; whoever asked for it is told why.

    A reviewer or a publisher gives it back, and says why; who sent it takes it back.

    Raises ``NotYours``, ``StateRefused`` or ``TextRefused``.
    """
    article = locked(article_id)
    if article.review_asked_at is None and article.state != State.REVIEW:
        raise StateRefused(
            _("“%(title)s” is not in review.") % {"title": article.title}
        )
    is_own = actor is not None and article.review_asked_by_id == actor.pk
    if not is_own and not may_publish(actor) and not _is_reviewer(article, actor):
        raise NotYours(_("Only a reviewer, or who sent it, gives an article back."))
    note = " ".join(note.split())
    if not note and not is_own:
        raise TextRefused(_("Say what has to change, so that the author can do it."))
    author = article.review_asked_by
    _end_review(article)
    article.review_note = note[:500]
    if article.state == State.REVIEW:
        article.state = State.DRAFT
    record(article, actor=actor, at=at, why=note)
    if author is not None and not is_own:
        tell_author(article, author, at=at)
    return article


# Publication ------------------------------------------------------------------------------


@transaction.atomic
def publish(
    *,
    article_id: int,
    actor: User | None,
    at: datetime,
    note: str = "",
    revision: int | None = None,
) -> ArticleVersion:
    """Let readers see the working copy, as a version that never changes.

    ``revision`` is what the publisher has read; somebody may have saved since.

    Raises ``NotYours``, ``NotAReviewer``, ``StateRefused``, ``TextRefused``,
    ``NothingChanged`` or ``StaleArticle``.
    """
    article = _locked_for_publication(article_id, actor)
    if revision is not None:
        refuse_stale(article, revision)
    _refuse_unready(article)
    return _publish_text(article, text_of(article), actor=actor, at=at, note=note)


@transaction.atomic
def revert(
    *,
    article_id: int,
    version_id: int,
    actor: User | None,
    at: datetime,
    note: str = "",
) -> ArticleVersion:
    """Publish the text of an earlier version anew.

    A working copy with changes of its own stays as it is; one without follows.

    Raises ``NotYours``, ``NotAReviewer``, ``StateRefused`` or ``NothingChanged``.
    """
    article = _locked_for_publication(article_id, actor)
    old = article.versions.get(pk=version_id)
    shown = article.published
    if shown is not None and text_of(old) == text_of(shown):
        raise NothingChanged(
            _("Readers see the text of version %(number)s already.")
            % {"number": old.number}
        )
    has_own_changes = shown is not None and text_of(article) != text_of(shown)
    if not has_own_changes:
        store_text(article, text_of(old), at=at)
    said = note or _("The text of version %(number)s again") % {"number": old.number}
    return _publish_text(article, text_of(old), actor=actor, at=at, note=said)


@transaction.atomic
def mark_reviewed(*, article_id: int, actor: User | None, at: datetime) -> Article:
    """Say that what readers see was read and is right; the next review date follows.

    Raises ``NotYours`` or ``StateRefused``.
    """
    article = locked(article_id)
    if article.state != State.PUBLISHED:
        raise StateRefused(
            _("“%(title)s” is not published: there is nothing to review yet.")
            % {"title": article.title}
        )
    is_owner = actor is not None and article.owner_id == actor.pk
    if not is_owner and not may_publish(actor) and not _is_reviewer(article, actor):
        raise NotYours(_("The owner, a reviewer or a publisher marks it as reviewed."))
    article.reviewed_at = at
    article.review_due_on = due_on(at, article.review_every_days)
    record(article, actor=actor, at=at)
    return article


def _locked_for_publication(article_id: int, actor: User | None) -> Article:
    require(actor, PUBLISH, _("You may not publish articles. Send it for review."))
    article = locked(article_id)
    refuse_archived(article)
    reviewers = list(article.reviewers.all())
    if actor is not None and reviewers and actor not in reviewers:
        raise NotAReviewer(
            _("One of its reviewers publishes “%(title)s”: %(names)s.")
            % {
                "title": article.title,
                "names": ", ".join(str(reviewer) for reviewer in reviewers),
            }
        )
    return article


def _publish_text(
    article: Article,
    text: dict[str, Any],
    *,
    actor: User | None,
    at: datetime,
    note: str,
) -> ArticleVersion:
    # The lock on the article makes the next number the next one for everybody.
    last = article.versions.order_by("-number").values_list("number", flat=True).first()
    version = ArticleVersion.objects.create(
        article=article,
        number=(last or 0) + 1,
        note=" ".join(note.split())[:300],
        created_by=actor,
        created_at=at,
        **text,
    )
    article.published, article.state = version, State.PUBLISHED
    article.first_published_at = article.first_published_at or at
    article.published_at = article.reviewed_at = at
    article.review_due_on = due_on(at, article.review_every_days)
    article.review_note = ""
    _end_review(article)
    record(article, actor=actor, at=at, why=version.note)
    touch_index(at=at)
    return version


def _end_review(article: Article) -> None:
    article.review_asked_at = article.review_asked_by = None


def _is_reviewer(article: Article, actor: User | None) -> bool:
    return actor is not None and article.reviewers.filter(pk=actor.pk).exists()


def _refuse_unready(article: Article) -> None:
    if not article.body.strip():
        raise TextRefused(_("“%(title)s” has no text.") % {"title": article.title})
    left = places_left("\n".join([article.title, article.summary, article.body]))
    if left:
        raise TextRefused(
            _("Parts of the template are not filled in yet: %(places)s.")
            % {"places": ", ".join(left)}
        )
    shown = article.published
    if (
        shown is not None
        and article.state == State.PUBLISHED
        and text_of(shown) == text_of(article)
    ):
        raise NothingChanged(
            _("Readers see this text of “%(title)s” already.")
            % {"title": article.title}
        )
