"""To the readers: publication, an old text anew, the next review date."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kb.models import Article, ArticleVersion, SentText
from kb.selectors.articles.links import Problem, broken_links_of
from kb.services.articles.refusals import (
    BrokenLinks,
    NotAReviewer,
    NothingChanged,
    NotYours,
    StaleArticle,
    StateRefused,
)
from kb.services.articles.reviewing import is_reviewer
from kb.services.articles.steps import (
    PUBLISH,
    due_on,
    end_review,
    locked,
    may_publish,
    record,
    refuse_archived,
    refuse_unready,
    require,
    text_of,
)
from kb.services.articles.writing import store_text
from kb.services.indexing import touch_index
from workforce.people.models import User

State = Article.State

SHOWN_TARGETS = 10


@transaction.atomic
def publish(
    *,
    article_id: int,
    actor: User | None,
    at: datetime,
    note: str = "",
    revision: int | None = None,
    broken_links: int | None = 0,
    published_with: Collection[int] = (),
) -> ArticleVersion:
    """Let readers see the working copy, as a version that never changes.

    ``revision`` is what the publisher has read; somebody may have saved since. Left out,
    it is what was sent for review, if the text is in review. ``broken_links`` is how many
    links that readers cannot follow the publisher accepts; with ``None`` nobody looks.
    ``published_with`` names articles that are published in the same go: links to them
    are whole.

    Raises ``NotYours``, ``NotAReviewer``, ``StateRefused``, ``TextRefused``,
    ``NothingChanged``, ``StaleArticle`` or ``BrokenLinks``.
    """
    article = _locked_for_publication(article_id, actor)
    _refuse_unread(article, revision)
    refuse_unready(article)
    count = _count_broken(
        article, article.body, accepted=broken_links, published_with=published_with
    )
    end_review(article)
    return _publish_text(
        article,
        text_of(article),
        actor=actor,
        at=at,
        note=note,
        broken_links=count,
    )


@transaction.atomic
def revert(
    *,
    article_id: int,
    version_id: int,
    actor: User | None,
    at: datetime,
    note: str = "",
    broken_links: int | None = 0,
) -> ArticleVersion:
    """Publish the text of an earlier version anew.

    A working copy with changes of its own stays as it is, in review too; one without
    follows. ``broken_links`` as in `publish`.

    Raises ``NotYours``, ``NotAReviewer``, ``StateRefused``, ``NothingChanged`` or
    ``BrokenLinks``.
    """
    article = _locked_for_publication(article_id, actor)
    old = article.versions.get(pk=version_id)
    shown = article.published
    if shown is not None and text_of(old) == text_of(shown):
        raise NothingChanged(
            _("Readers see the text of version %(number)s already.")
            % {"number": old.number}
        )
    count = _count_broken(article, old.body, accepted=broken_links)
    has_own_changes = shown is not None and text_of(article) != text_of(shown)
    if not has_own_changes:
        end_review(article)
        store_text(article, text_of(old), at=at)
    said = note or _("The text of version %(number)s again") % {"number": old.number}
    return _publish_text(
        article, text_of(old), actor=actor, at=at, note=said, broken_links=count
    )


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
    if not is_owner and not may_publish(actor) and not is_reviewer(article, actor):
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
    broken_links: int | None,
) -> ArticleVersion:
    # The lock on the article makes the next number the next one for everybody.
    last = article.versions.order_by("-number").values_list("number", flat=True).first()
    version = ArticleVersion.objects.create(
        article=article,
        number=(last or 0) + 1,
        note=" ".join(note.split())[:300],
        created_by=actor,
        created_at=at,
        broken_links=broken_links,
        **text,
    )
    article.published, article.state = version, State.PUBLISHED
    article.first_published_at = article.first_published_at or at
    article.published_at = article.reviewed_at = at
    article.review_due_on = due_on(at, article.review_every_days)
    article.review_note = ""
    record(article, actor=actor, at=at, why=_why(version))
    touch_index(at=at)
    return version


def _why(version: ArticleVersion) -> str:
    """Return what the event says: links accepted as broken first, for it is cut."""
    number = version.broken_links
    if not number:
        return version.note
    said = ngettext("with %(n)s broken link", "with %(n)s broken links", number) % {
        "n": number
    }
    return f"{said}: {version.note}" if version.note else said


def _refuse_unread(article: Article, revision: int | None) -> None:
    """Refuse a text that was changed since its publisher read it, or since it was sent."""
    if revision is not None and revision != article.revision:
        raise StaleArticle(
            _(
                "“%(title)s” was changed after you read it: you read revision "
                "%(read)s, now it is revision %(now)s. Nothing was published. Read "
                "what changed, then publish."
            )
            % {"title": article.title, "read": revision, "now": article.revision},
            revision=article.revision,
        )
    sent = SentText.objects.filter(article=article).first()
    if revision is None and sent is not None and text_of(sent) != text_of(article):
        raise StaleArticle(
            _(
                "“%(title)s” was changed since it was sent for review: revision "
                "%(sent)s was sent, now it is revision %(now)s. Read it, and say which "
                "revision you publish."
            )
            % {"title": article.title, "sent": sent.revision, "now": article.revision},
            revision=article.revision,
        )


def _count_broken(
    article: Article,
    body: str,
    *,
    accepted: int | None,
    published_with: Collection[int] = (),
) -> int | None:
    """Return how many links readers cannot follow. Raises ``BrokenLinks``."""
    if accepted is None:
        return None
    broken = broken_links_of(article, body=body, published_with=published_with)
    if len(broken) > accepted:
        raise _refusal_of(article, broken)
    return len(broken)


def _refusal_of(article: Article, broken: Sequence[Problem]) -> BrokenLinks:
    targets = tuple(dict.fromkeys(each.target or each.text for each in broken))
    message = ngettext(
        "“%(title)s” has %(n)s link that readers cannot follow: %(targets)s. Mend it, "
        "or say that you publish it with %(n)s broken link.",
        "“%(title)s” has %(n)s links that readers cannot follow: %(targets)s. Mend "
        "them, or say that you publish it with %(n)s broken links.",
        len(broken),
    )
    return BrokenLinks(
        message
        % {
            "title": article.title,
            "n": len(broken),
            "targets": ", ".join(targets[:SHOWN_TARGETS]),
        },
        count=len(broken),
    )
