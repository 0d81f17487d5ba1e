"""Articles for tests, written as rows: services have tests of their own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from kb.models import Article, ArticleVersion, Kind, Topic
from kb.services.indexing import touch_index

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def make_topic(name: str = "Invoices", **fields: Any) -> Topic:
    """Return the topic of that name, at the top of the tree unless told otherwise."""
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    parent = fields.get("parent")
    level = parent.level + 1 if parent else 1
    topic, _ = Topic.objects.get_or_create(
        slug=slug, defaults={"name": name, "level": level, **fields}
    )
    return topic


def make_article(title: str = "Change your password", **fields: Any) -> Article:
    """Return a draft."""
    columns: dict[str, Any] = {
        "topic": fields.pop("topic", None) or make_topic(),
        "kind": Kind.HOW_TO,
        "slug": title.lower().replace(" ", "-").strip("?"),
        "title": title,
        "body": f"How to {title.lower()}.",
        "created_at": AT,
        "changed_at": AT,
        "text_changed_at": AT,
        **fields,
    }
    return Article.objects.create(**columns)


def published_article(
    title: str = "Change your password",
    *,
    at: datetime = AT,
    tiers: Sequence[Any] = (),
    **fields: Any,
) -> Article:
    """Return an article that readers see in its first version."""
    article = make_article(title, **fields)
    version = ArticleVersion.objects.create(
        article=article,
        number=1,
        title=article.title,
        summary=article.summary,
        body=article.body,
        keywords=article.keywords,
        created_at=at,
    )
    article.published = version
    article.state = Article.State.PUBLISHED
    article.first_published_at = article.published_at = article.reviewed_at = at
    article.save()
    article.tiers.set(tiers)
    touch_index(at=at)
    return article
