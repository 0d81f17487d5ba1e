"""Settings of articles: where they are, for whom, whose, how often they are reviewed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kb.models import Article, Kind
from kb.services.articles.publishing import mark_reviewed
from kb.services.articles.refusals import (
    AddressTaken,
    SettingsRefused,
    TranslationRefused,
)
from kb.services.articles.steps import (
    CHANGE,
    PUBLISH,
    SLUG_LENGTH,
    due_on,
    known_language,
    known_topic,
    locked,
    record,
    require,
)
from kb.services.indexing import touch_index
from tickets.models import Category, CustomerTier
from workforce.people.models import User

LONGEST_INTERVAL = 1095
SEEN_BY_READERS = frozenset({"topic_id", "audience", "tier_ids", "language", "slug"})
"""Of a published article only a publisher changes these."""
PUBLISHERS_ONLY = frozenset({"reviewer_ids", "is_featured"})


class Settings(TypedDict, total=False):
    """What may be changed; what is left out stays."""

    topic_id: int
    kind: str
    audience: str
    tier_ids: Collection[int]
    category_ids: Collection[int]
    owner_id: int | None
    reviewer_ids: Collection[int]
    language: str
    slug: str
    review_every_days: int
    is_featured: bool


@transaction.atomic
def change_settings(
    *,
    article_id: int,
    actor: User | None,
    at: datetime,
    **changes: Unpack[Settings],
) -> Article:
    """Change settings of an article; what readers see of a published one, publishers only.

    Raises ``NotYours``, ``SettingsRefused``, ``AddressTaken`` or ``TranslationRefused``.
    """
    require(actor, CHANGE, _("You may not change articles."))
    article = locked(article_id)
    is_published = article.state == Article.State.PUBLISHED
    if set(_really(article, changes)) & (
        PUBLISHERS_ONLY | (SEEN_BY_READERS if is_published else frozenset())
    ):
        require(actor, PUBLISH, _("Only somebody who publishes may change this."))
    _set_place(article, changes)
    _set_address(article, changes)
    _set_people(article, changes)
    _set_audience(article, changes)
    record(article, actor=actor, at=at)
    if article.state == Article.State.PUBLISHED:
        touch_index(at=at)
    return article


@transaction.atomic
def change_many(
    *,
    article_ids: Sequence[int],
    actor: User | None,
    at: datetime,
    is_reviewed: bool = False,
    **changes: Unpack[Settings],
) -> int:
    """Change the same settings of many articles, or mark them reviewed; all or none.

    Raises what ``change_settings`` and ``mark_reviewed`` do.
    """
    # In the order of their keys: two who change overlapping lists do not deadlock.
    for article_id in sorted(set(article_ids)):
        if changes:
            change_settings(article_id=article_id, actor=actor, at=at, **changes)
        if is_reviewed:
            mark_reviewed(article_id=article_id, actor=actor, at=at)
    return len(set(article_ids))


def _really(article: Article, changes: Settings) -> list[str]:
    """Return the names of what would differ: a form sends all its fields."""
    return [
        name
        for name, value in changes.items()
        if _plain(value) != _stored(article, name)
    ]


def _plain(value: object) -> object:
    is_many = isinstance(value, Collection) and not isinstance(value, str)
    return set(value) if is_many else value  # type: ignore[call-overload]


def _stored(article: Article, name: str) -> object:
    many = {
        "tier_ids": article.tiers,
        "category_ids": article.categories,
        "reviewer_ids": article.reviewers,
    }
    if name in many:
        return set(many[name].values_list("pk", flat=True))
    return getattr(article, name)


def _set_place(article: Article, changes: Settings) -> None:
    if "topic_id" in changes:
        article.topic = known_topic(changes["topic_id"])
    if "kind" in changes:
        if changes["kind"] not in Kind.values:
            raise SettingsRefused(_("There is no such purpose."))
        article.kind = changes["kind"]
    if "category_ids" in changes:
        wanted = set(changes["category_ids"])
        found = Category.objects.filter(pk__in=wanted)
        if len(found) != len(wanted):
            raise SettingsRefused(_("A category does not exist any more."))
        article.categories.set(found)
    if "is_featured" in changes:
        article.is_featured = changes["is_featured"]
    if "review_every_days" in changes:
        _set_interval(article, changes["review_every_days"])


def _set_interval(article: Article, days: int) -> None:
    if not 1 <= days <= LONGEST_INTERVAL:
        raise SettingsRefused(
            _("An article is reviewed every 1 to %(most)s days.")
            % {"most": LONGEST_INTERVAL}
        )
    article.review_every_days = days
    if article.reviewed_at is not None:
        article.review_due_on = due_on(article.reviewed_at, days)


def _set_address(article: Article, changes: Settings) -> None:
    if "language" in changes:
        article.language = known_language(changes["language"])
        _refuse_second_translation(article)
    if "slug" in changes:
        slug = changes["slug"].strip()
        if not slug or slugify(slug) != slug or len(slug) > SLUG_LENGTH:
            raise SettingsRefused(
                _("An address has small letters a to z, digits and hyphens.")
            )
        article.slug = slug
    others = Article.objects.filter(language=article.language, slug=article.slug)
    other = others.exclude(pk=article.pk).first()
    if other is not None:
        raise AddressTaken(
            _("“%(title)s” has the address “%(slug)s” already.")
            % {"title": other.title, "slug": article.slug}
        )


def _refuse_second_translation(article: Article) -> None:
    root = article.translation_of_id or article.pk
    family = Article.objects.filter(translation_of=root) | Article.objects.filter(
        pk=root
    )
    if family.exclude(pk=article.pk).filter(language=article.language).exists():
        raise TranslationRefused(_("There is a translation into this language."))


def _set_people(article: Article, changes: Settings) -> None:
    if "owner_id" in changes:
        owner_id = changes["owner_id"]
        article.owner = None if owner_id is None else _people({owner_id})[0]
    if "reviewer_ids" in changes:
        wanted = set(changes["reviewer_ids"])
        article.reviewers.set(_people(wanted))


def _people(ids: set[int]) -> list[User]:
    found = list(User.objects.filter(pk__in=ids, is_active=True, is_staff=True))
    if len(found) != len(ids):
        raise SettingsRefused(_("One of these people is not on the staff any more."))
    return found


def _set_audience(article: Article, changes: Settings) -> None:
    if "audience" in changes:
        if changes["audience"] not in Article.Audience.values:
            raise SettingsRefused(_("There is no such audience."))
        article.audience = changes["audience"]
    if "tier_ids" in changes:
        wanted = set(changes["tier_ids"])
        tiers = CustomerTier.objects.filter(pk__in=wanted)
        if len(tiers) != len(wanted):
            raise SettingsRefused(_("A customer tier does not exist any more."))
        article.tiers.set(tiers)
    if article.audience != Article.Audience.PLAN:
        article.tiers.clear()
    elif not article.tiers.exists():
        raise SettingsRefused(
            _("Choose at least one tier whose customers may read it.")
        )
