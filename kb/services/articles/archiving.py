"""Taking articles from the readers, with a place to send them to, and bringing back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article
from kb.selectors.articles.reach import reaches, tiers_of
from kb.services.articles.refusals import RedirectRefused, StateRefused
from kb.services.articles.steps import PUBLISH, end_review, locked, record, require
from kb.services.indexing import touch_index
from workforce.people.models import User

State = Article.State


@transaction.atomic
def archive(
    *,
    article_ids: Sequence[int],
    actor: User | None,
    at: datetime,
    redirects_to: int | None = None,
) -> list[Article]:
    """Archive articles; readers of them, and of those that led to them, are sent on.

    All or none. Of an article that is archived already only the redirect changes.
    ``redirects_to`` is the id of a published article that all readers may read: so
    redirects never form a chain or a loop.

    Raises ``NotYours`` or ``RedirectRefused``.
    """
    require(actor, PUBLISH, _("You may not archive articles."))
    wanted = set(article_ids)
    articles = _locked_in_order(wanted | ({redirects_to} if redirects_to else set()))
    target = None
    if redirects_to is not None and redirects_to not in wanted:
        target = articles.pop(redirects_to, None)
    if redirects_to is not None:
        _refuse_bad_target(
            target, list(articles.values()), loops=redirects_to in wanted
        )
    for article in articles.values():
        article.state, article.redirects_to = State.ARCHIVED, target
        end_review(article)
        article.is_featured = False
        record(article, actor=actor, at=at)
    _send_followers_on(set(articles), target, actor=actor, at=at)
    touch_index(at=at)
    return list(articles.values())


@transaction.atomic
def restore(*, article_id: int, actor: User | None, at: datetime) -> Article:
    """Bring an article back as it was: published if readers had seen it, else a draft.

    Raises ``NotYours`` or ``StateRefused``.
    """
    require(actor, PUBLISH, _("You may not restore articles."))
    article = locked(article_id)
    if article.state != State.ARCHIVED:
        raise StateRefused(_("“%(title)s” is not archived.") % {"title": article.title})
    article.state = State.PUBLISHED if article.published_id else State.DRAFT
    article.redirects_to = None
    record(article, actor=actor, at=at)
    touch_index(at=at)
    return article


def _locked_in_order(ids: set[int]) -> dict[int, Article]:
    """Lock by key, so that two who archive overlapping lists wait and do not deadlock."""
    rows = (
        Article.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .prefetch_related("tiers")
        .order_by("pk")
    )
    return {article.pk: article for article in rows}


def _refuse_bad_target(
    target: Article | None, articles: list[Article], *, loops: bool
) -> None:
    if loops:
        raise RedirectRefused(
            _("An article cannot send its readers to one that is archived with it.")
        )
    if target is None or target.state != State.PUBLISHED:
        raise RedirectRefused(
            _("Readers can be sent to a published article only. Choose another.")
        )
    for article in articles:
        if not _covers(article, target):
            raise RedirectRefused(
                _("Not all readers of “%(title)s” may read “%(target)s”.")
                % {"title": article.title, "target": target.title}
            )


def _covers(article: Article, target: Article) -> bool:
    return reaches(
        article.audience, tiers_of(article), target.audience, tiers_of(target)
    )


def _send_followers_on(
    archived: set[int], target: Article | None, *, actor: User | None, at: datetime
) -> None:
    """Let what redirected to the articles redirect to where they do now."""
    followers = (
        Article.objects.select_for_update(of=("self",))
        .filter(redirects_to__in=archived)
        .prefetch_related("tiers")
        .order_by("pk")
    )
    for follower in followers:
        if target is None or not _covers(follower, target):
            raise RedirectRefused(
                _(
                    "“%(title)s” sends its readers to an article that is to be "
                    "archived. Choose a published article for them to go on to."
                )
                % {"title": follower.title}
            )
        follower.redirects_to = target
        record(follower, actor=actor, at=at)
