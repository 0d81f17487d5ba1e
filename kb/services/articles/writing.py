"""New articles and the saving of working copies."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.core.article_templates import template_of
from kb.models import Article, Kind
from kb.services.articles.refusals import SettingsRefused, StaleArticle
from kb.services.articles.reviewing import note_change_in_review
from kb.services.articles.steps import (
    ADD,
    CHANGE,
    clean_text,
    free_slug,
    known_language,
    known_topic,
    locked,
    record,
    refuse_archived,
    require,
    text_of,
)
from workforce.people.models import User


@transaction.atomic
def create_article(
    *,
    kind: str,
    topic_id: int,
    language: str,
    actor: User | None,
    at: datetime,
    title: str = "",
    summary: str | None = None,
    body: str | None = None,
    keywords: Iterable[str] = (),
    slug: str = "",
    audience: str = Article.Audience.PUBLIC,
) -> Article:
    """Create a draft that its author owns; what is left out comes from the kind's template.

    Raises ``NotYours``, ``SettingsRefused`` or ``TextRefused``.
    """
    require(actor, ADD, _("You may not write articles."))
    if kind not in Kind.values:
        raise SettingsRefused(_("There is no such purpose: %(kind)s.") % {"kind": kind})
    if audience not in {Article.Audience.PUBLIC, Article.Audience.INTERNAL}:
        raise SettingsRefused(_("Choose the tiers in the settings of the article."))
    template = template_of(kind)
    article = Article(
        kind=kind,
        topic=known_topic(topic_id),
        language=known_language(language),
        audience=audience,
        owner=actor,
        created_at=at,
        text_changed_at=at,
        **clean_text(
            title=title or template.title,
            summary=template.summary if summary is None else summary,
            body=template.body if body is None else body,
            keywords=keywords,
        ),
    )
    article.slug = free_slug(slug or article.title, language=language)
    record(article, actor=actor, at=at)
    return article


@transaction.atomic
def save_working_copy(
    *,
    article_id: int,
    title: str,
    summary: str,
    body: str,
    keywords: Iterable[str],
    revision: int,
    actor: User | None,
    at: datetime,
) -> Article:
    """Save what is being written, unless somebody else saved since ``revision``.

    Readers go on reading the published version. The same text sent twice, as when an
    answer got lost on its way, is saved once. A text in review may be saved: its
    reviewers are told, once for saves that follow each other.

    Raises ``NotYours``, ``StateRefused``, ``TextRefused``, or ``StaleArticle`` with the
    revision that is stored: then nothing is written, and the caller has both texts.
    """
    require(actor, CHANGE, _("You may not change articles."))
    article = locked(article_id)
    refuse_archived(article)
    text = clean_text(title=title, summary=summary, body=body, keywords=keywords)
    if text == text_of(article):
        return article
    refuse_stale(article, revision)
    store_text(article, text, at=at)
    note_change_in_review(article, actor=actor, at=at)
    return article


def refuse_stale(article: Article, revision: int) -> None:
    if article.revision != revision:
        raise StaleArticle(
            _(
                "Somebody saved “%(title)s” while you were writing. Your text was not "
                "saved: compare both, then save again."
            )
            % {"title": article.title},
            revision=article.revision,
        )


def store_text(article: Article, text: dict[str, object], *, at: datetime) -> None:
    """Write the working copy of a locked article.

    By ``update``: the history tells what happened to an article, not each keystroke.
    """
    changed = {
        **text,
        "revision": article.revision + 1,
        "changed_at": at,
        "text_changed_at": at,
    }
    Article.objects.filter(pk=article.pk).update(**changed)
    for name, value in changed.items():
        setattr(article, name, value)
