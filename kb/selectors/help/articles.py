"""Articles for readers: one by its address, lists of a topic, what goes with one.

What readers see is the published version: its title, not that of the working copy.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, QuerySet

from kb.models import Article, ArticleLink, ArticleVersion, Place, Reading, Topic, Vote
from kb.selectors.readers import Audience, articles_readable_by

# Four weeks hold the same number of each weekday, and are recent.
POPULAR_SPAN = timedelta(days=28)
POPULAR_KEPT_SECONDS = 600
# More than are shown, for some may not be read by everybody.
POPULAR_KEPT = 40
# An archived article may lead to one that was archived later, and so on.
MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Companions:
    """What an article's page leads to."""

    before: list[Article] = field(default_factory=list)
    next: list[Article] = field(default_factory=list)
    related: list[Article] = field(default_factory=list)


def readable(audience: Audience) -> QuerySet[Article]:
    """Return what an audience may read, with what lists show of it."""
    rows = articles_readable_by(audience).select_related("published")
    return rows.defer("body", "keywords", "published__body", "published__keywords")


def article_at(*, language: str, slug: str, audience: Audience) -> Article | None:
    """Return the article of an address, ``None`` when there is none for this audience."""
    rows = articles_readable_by(audience).select_related("published", "topic")
    return rows.filter(language=language, slug=slug).first()


def article_elsewhere(
    *, language: str, slug: str, audience: Audience
) -> Article | None:
    """Return the article of an address whose language it does not have.

    Its translation into that language where there is one under another address, else the
    article in the house's language, else in the first that this audience may read.
    """
    rows = articles_readable_by(audience).filter(slug=slug).only("language", "slug")
    named = min(rows, key=lambda each: _nearness(each.language, language), default=None)
    if named is None:
        return None
    family = translations_of(named, audience=audience)
    best = min(family, key=lambda each: _nearness(each.language, language))
    return article_at(language=best.language, slug=best.slug, audience=audience)


def _nearness(code: str, wanted: str) -> tuple[bool, bool, str]:
    return code != wanted, code != settings.LANGUAGE_CODE, code


def moved_to(*, language: str, slug: str, audience: Audience) -> Article | None:
    """Return where the address of an archived article leads.

    The archived one must have been for this audience too: otherwise its address would
    tell that it existed.
    """
    gone = Article.objects.filter(
        language=language, slug=slug, state=Article.State.ARCHIVED
    )
    if not audience.is_staff:
        gone = gone.filter(audience=Article.Audience.PUBLIC)
    target_id = gone.values_list("redirects_to_id", flat=True).first()
    for _step in range(MOST_REDIRECTS):
        if target_id is None:
            return None
        found = articles_readable_by(audience).filter(pk=target_id).first()
        if found:
            return found
        former = Article.objects.filter(pk=target_id, state=Article.State.ARCHIVED)
        target_id = former.values_list("redirects_to_id", flat=True).first()
    return None


def articles_of_topic(
    topic: Topic, *, audience: Audience, language: str
) -> QuerySet[Article]:
    """Return the articles filed under a topic itself, featured ones first."""
    rows = readable(audience).filter(topic=topic, language=language)
    return rows.order_by("-is_featured", "published__title", "pk")


def featured(*, audience: Audience, language: str, limit: int) -> list[Article]:
    rows = readable(audience).filter(language=language, is_featured=True)
    return list(rows.order_by("published__title", "pk")[:limit])


def newest(*, audience: Audience, language: str, limit: int) -> list[Article]:
    """Return what was published last."""
    rows = readable(audience).filter(language=language)
    return _last_published(rows, limit)


def newest_below(
    topic_ids: Collection[int], *, audience: Audience, language: str, limit: int
) -> list[Article]:
    """Return what was published last under any of these topics."""
    rows = readable(audience).filter(language=language, topic__in=topic_ids)
    return _last_published(rows, limit)


def _last_published(rows: QuerySet[Article], limit: int) -> list[Article]:
    # Sorting numbers alone spares the database sorting rows with their texts.
    numbers = list(
        rows.order_by("-published_at", "-pk").values_list("pk", flat=True)[:limit]
    )
    found = rows.in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


def popular(
    *, audience: Audience, language: str, at: datetime, limit: int
) -> list[Article]:
    """Return what most visitors opened lately, most first."""
    numbers = _popular_numbers(language, at)
    found = readable(audience).filter(language=language).in_bulk(numbers)
    return [found[number] for number in numbers if number in found][:limit]


def _popular_numbers(language: str, at: datetime) -> list[int]:
    key = f"help:popular:{language}"
    known: list[int] | None = cache.get(key)
    if known is None:
        rows = Reading.objects.filter(
            at__gt=at - POPULAR_SPAN, place=Place.HELP, article__language=language
        )
        counted = rows.values("article_id").annotate(
            visitors=Count("visitor", distinct=True)
        )
        ordered = counted.order_by("-visitors", "article_id")[:POPULAR_KEPT]
        known = [row["article_id"] for row in ordered]
        cache.set(key, known, POPULAR_KEPT_SECONDS)
    return known


def companions_of(article: Article, *, audience: Audience, limit: int) -> Companions:
    """Return what belongs with an article; without links others of its topic."""
    links = list(
        ArticleLink.objects.filter(
            article=article, target__in=articles_readable_by(audience)
        ).select_related("target__published")
    )
    kinds = ArticleLink.Kind
    related = _targets(links, kinds.RELATED)
    if not related:
        linked = [article.pk, *(link.target_id for link in links)]
        rows = articles_of_topic(
            article.topic, audience=audience, language=article.language
        )
        related = list(rows.exclude(pk__in=linked)[:limit])
    return Companions(
        before=_targets(links, kinds.BEFORE),
        next=_targets(links, kinds.NEXT),
        related=related[:limit],
    )


def _targets(links: list[ArticleLink], kind: str) -> list[Article]:
    return [link.target for link in links if link.kind == kind]


def translations_of(article: Article, *, audience: Audience) -> list[Article]:
    """Return the article in all its languages, itself included, by language."""
    origin = article.translation_of_id or article.pk
    rows = articles_readable_by(audience).only(
        "language", "slug", "audience", "translation_of"
    )
    family = rows.filter(pk=origin) | rows.filter(translation_of_id=origin)
    return list(family.order_by("language"))


def vote_of(article: Article, version_id: int, visitor: str) -> Vote | None:
    """Return what a visitor said of a version before."""
    if not visitor:
        return None
    rows = Vote.objects.filter(visitor=visitor, version_id=version_id, article=article)
    return rows.first()


def last_read(article: Article, visitor: str) -> ArticleVersion | None:
    """Return the version of an article that a visitor opened last."""
    if not visitor:
        return None
    rows = Reading.objects.filter(article=article, visitor=visitor)
    found = rows.select_related("version").order_by("-at", "-pk").first()
    return found.version if found else None
