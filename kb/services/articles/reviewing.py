"""Review: a text is sent, read, perhaps changed meanwhile, and given back or published."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article, SentText
from kb.services.articles.refusals import NotYours, StateRefused, TextRefused
from kb.services.articles.steps import (
    CHANGE,
    end_review,
    locked,
    may_publish,
    record,
    refuse_archived,
    refuse_unready,
    require,
    text_of,
)
from kb.services.articles.telling import (
    tell_author,
    tell_reviewers,
    tell_reviewers_of_change,
)
from workforce.people.models import User

State = Article.State

BURST = timedelta(minutes=30)
"""Saves that follow each other within it are one change to whoever is told."""


@transaction.atomic
def send_for_review(*, article_id: int, actor: User | None, at: datetime) -> Article:
    """Ask the reviewers to read the working copy; they are told.

    A published article stays published meanwhile. The text as it was sent is kept, so
    that whoever approves it sees what changed since.

    Raises ``NotYours``, ``StateRefused``, ``TextRefused`` or ``NothingChanged``.
    """
    require(actor, CHANGE, _("You may not send articles for review."))
    article = locked(article_id)
    refuse_archived(article)
    if article.review_asked_at is not None:
        raise StateRefused(
            _("“%(title)s” is in review already.") % {"title": article.title}
        )
    refuse_unready(article)
    if article.state == State.DRAFT:
        article.state = State.REVIEW
    article.review_asked_at, article.review_asked_by = at, actor
    article.review_note = ""
    record(article, actor=actor, at=at)
    SentText.objects.update_or_create(
        article=article,
        defaults={
            **text_of(article),
            "revision": article.revision,
            "changed_at": None,
            "changed_by": None,
        },
    )
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
    if not is_own and not may_publish(actor) and not is_reviewer(article, actor):
        raise NotYours(_("Only a reviewer, or who sent it, gives an article back."))
    note = " ".join(note.split())
    if not note and not is_own:
        raise TextRefused(_("Say what has to change, so that the author can do it."))
    author = article.review_asked_by
    end_review(article)
    article.review_note = note[:500]
    if article.state == State.REVIEW:
        article.state = State.DRAFT
    record(article, actor=actor, at=at, why=note)
    if author is not None and not is_own:
        tell_author(article, author, at=at)
    return article


def note_change_in_review(
    article: Article, *, actor: User | None, at: datetime
) -> None:
    """Tell the reviewers of a locked article that its text is no longer what was sent.

    Once for saves that follow each other within `BURST`: the editor saves every few
    seconds.
    """
    sent = SentText.objects.filter(article=article).first()
    if sent is None:
        return
    is_new = sent.changed_at is None or at - sent.changed_at > BURST
    sent.changed_at, sent.changed_by = at, actor
    sent.save(update_fields=["changed_at", "changed_by"])
    if is_new:
        tell_reviewers_of_change(article, actor=actor, at=at)


def is_reviewer(article: Article, actor: User | None) -> bool:
    return actor is not None and article.reviewers.filter(pk=actor.pk).exists()
