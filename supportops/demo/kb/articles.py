"""Writes the help centre as its authors did: through the services, over some two years."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from kb.models import Article, ArticleLink, ArticleVersion, Kind, Topic
from kb.services import articles as services
from kb.services.articles import LinkTo
from supportops.demo.kb.texts import (
    ArticleText,
    Edition,
    earlier_editions,
    read_all,
)
from supportops.demo.kb.topics import called
from supportops.demo.people import Cast
from tickets.models import CustomerTier

EDITOR = "nora.keller"
AUTHORS = {
    "Access / Login": "leila.haddad",
    "Billing / Invoices": "ana.moreau",
    "Integrations / API errors": "sofia.rossi",
    "Integrations / Bank import": "tomas.lindqvist",
    "Product / Templates": "jonas.weber",
}
OTHERS = "mei.tanaka"

FIRST_DAYS_AGO = (400, 640)
REVIEWED_DAYS_AGO = (12, 150)
PUBLISHED_DAYS_AGO = {
    "api-version-3": 152,
    "during-an-api-incident": 128,
    "raised-api-limits": 205,
    "release-bank-and-reminders": 64,
    "reconciliation-parameters": 520,
}
"""What is not as old as the help centre: version 3 came with the bad month."""
STALE = {
    "add-a-second-language": 430,
    "get-paid-sooner": 466,
    "invite-your-team": 402,
    "reconciliation-parameters": 520,
}
"""Last read by anybody so many days ago; the rest is reviewed as it should be."""
LATEST = {
    "two-factor-code-refused": (
        68,
        "Recovery codes and the owner's way, which most tickets asked for",
    ),
}
"""Today's text of articles with earlier ones: published so many days ago, and why."""
TRIED = "charged-twice"
"""Its second text was tried against the first and won: `experiments` publishes it."""
DRAFTS = frozenset({"export-stops-at-10000-rows"})
IN_REVIEW = frozenset({"set-payment-terms"})
ARCHIVED = {"api-version-2-keys": "create-an-api-key"}
ARCHIVED_DAYS_AGO = 21
YOUNG_DAYS_AGO = 9
IN_REVIEW_DAYS = 2
TRANSLATED_DAYS_AGO = 96
SMALLEST_TOPIC = 2


@dataclass
class Shelf:
    """The articles by address, and what readers of each saw since when."""

    until: datetime
    articles: dict[str, Article] = field(default_factory=dict)
    lives: dict[str, list[tuple[datetime, ArticleVersion]]] = field(
        default_factory=dict
    )
    related: dict[str, list[str]] = field(default_factory=dict)

    def ago(self, days: float) -> datetime:
        return self.until - timedelta(days=days)

    def version_at(self, slug: str, at: datetime) -> ArticleVersion | None:
        """Return what a reader saw then; ``None`` before it was published."""
        shown = None
        for since, version in self.lives.get(slug, ()):
            if since <= at:
                shown = version
        return shown


@transaction.atomic
def write_articles(cast: Cast, *, until: datetime, seed: int) -> Shelf:
    """Write topics, articles with their versions, translations and links."""
    random = np.random.default_rng(seed)
    shelf = Shelf(until)
    texts = read_all()
    topics = _topics(texts)
    for text in texts:
        if not text.translation_of:
            _write(text, shelf, cast, topics[text.kind, text.topic], random)
    for text in texts:
        if text.translation_of:
            _translate(text, shelf, cast)
    for text in texts:
        if not text.translation_of:
            _link(text, shelf)
    for slug, target in ARCHIVED.items():
        services.archive(
            article_ids=[shelf.articles[slug].pk],
            redirects_to=shelf.articles[target].pk,
            actor=cast.users[EDITOR],
            at=shelf.ago(ARCHIVED_DAYS_AGO),
        )
    return shelf


def _topics(texts: Iterable[ArticleText]) -> dict[tuple[str, str], Topic]:
    """Put a topic under that of its purpose where it has several articles and a sibling.

    The product ships with a topic for each of the seven purposes; the articles of a
    topic that would stand alone lie there directly.
    """
    purposes = {topic.kind: topic for topic in Topic.objects.filter(level=1)}
    found: dict[tuple[str, str], Topic] = {}
    sizes = Counter((text.kind, text.topic) for text in texts if _is_for_all(text))
    siblings = Counter(kind for kind, _topic in sizes)
    for text in texts:
        key = text.kind, text.topic
        if key in found:
            continue
        parent = purposes.get(text.kind) or services.add_topic(
            name=str(Kind(text.kind).label), kind=text.kind, actor=None
        )
        purposes[text.kind] = found[key] = parent
        if sizes[key] >= SMALLEST_TOPIC and siblings[text.kind] > 1:
            found[key] = services.add_topic(
                name=text.topic, parent_id=parent.pk, actor=None,
                translations=called(text.topic),
            )  # fmt: skip
    return found


def _is_for_all(text: ArticleText) -> bool:
    is_out = text.slug in DRAFTS | IN_REVIEW | set(ARCHIVED)
    return text.audience == "PUBLIC" and not text.translation_of and not is_out


def _write(
    text: ArticleText,
    shelf: Shelf,
    cast: Cast,
    topic: Topic,
    random: np.random.Generator,
) -> None:
    author = cast.users[_author(text)]
    first = _first_published(text.slug, random)
    is_young = text.slug in DRAFTS | IN_REVIEW
    begun = shelf.ago(YOUNG_DAYS_AGO if is_young else first + 3)
    article = services.create_article(
        kind=text.kind, topic_id=topic.pk, language=text.language, actor=author,
        at=begun, title=text.title, summary=text.summary, body=text.body,
        keywords=text.keywords, slug=text.slug,
    )  # fmt: skip
    tiers = CustomerTier.objects.filter(code__in=text.tiers)
    services.change_settings(
        article_id=article.pk,
        actor=cast.users[EDITOR],
        at=begun,
        audience=text.audience,
        tier_ids=[tier.pk for tier in tiers],
        category_ids=[cast.categories[path].pk for path in text.categories],
        is_featured=text.is_featured,
    )
    shelf.articles[text.slug] = article
    if is_young:
        _leave_unpublished(text, article, cast, shelf)
        return
    _publish(text, article, cast, shelf, first)
    reviewed = STALE.get(text.slug) or int(random.integers(*REVIEWED_DAYS_AGO))
    _review(article, cast, shelf.ago(reviewed))


def _author(text: ArticleText) -> str:
    return AUTHORS.get(text.categories[0], OTHERS) if text.categories else OTHERS


def _first_published(slug: str, random: np.random.Generator) -> int:
    drawn = int(random.integers(*FIRST_DAYS_AGO))
    return PUBLISHED_DAYS_AGO.get(slug, max(drawn, STALE.get(slug, 0)))


def _publish(
    text: ArticleText, article: Article, cast: Cast, shelf: Shelf, days_ago: int
) -> None:
    """Publish what readers saw one after another."""
    editions = earlier_editions(text.slug)
    if text.slug != TRIED:
        ago, note = LATEST.get(text.slug, (days_ago, "First version"))
        editions.append(Edition(text.title, text.summary, text.body, note, ago))
    for edition in editions:
        at = shelf.ago(edition.days_ago)
        publish_edition(article, edition, shelf, cast=cast, at=at)


def publish_edition(
    article: Article,
    edition: Edition,
    shelf: Shelf,
    *,
    cast: Cast,
    at: datetime,
) -> ArticleVersion:
    """Save a text and let readers see it from then on."""
    save_edition(article, edition, cast=cast, at=at)
    version = services.publish(
        article_id=article.pk, actor=cast.users[EDITOR], at=at, note=edition.note,
        # The articles it links to come after it.
        broken_links=None,
    )  # fmt: skip
    shelf.lives.setdefault(article.slug, []).append((at, version))
    return version


def save_edition(
    article: Article, edition: Edition, *, cast: Cast, at: datetime
) -> None:
    """Make a text the working copy."""
    row = Article.objects.get(pk=article.pk)
    services.save_working_copy(
        article_id=row.pk, title=edition.title, summary=edition.summary,
        body=edition.body, keywords=row.keywords, revision=row.revision,
        actor=cast.users[EDITOR], at=at,
    )  # fmt: skip


def _review(article: Article, cast: Cast, at: datetime) -> None:
    """Say that it was read, unless it was published since."""
    row = Article.objects.get(pk=article.pk)
    if row.reviewed_at is None or row.reviewed_at < at:
        services.mark_reviewed(article_id=row.pk, actor=cast.users[EDITOR], at=at)


def _leave_unpublished(
    text: ArticleText, article: Article, cast: Cast, shelf: Shelf
) -> None:
    """Keep a draft, or send it to the editor who has not read it yet."""
    if text.slug not in IN_REVIEW:
        return
    article.reviewers.add(cast.users[EDITOR])
    services.send_for_review(
        article_id=article.pk,
        actor=cast.users[_author(text)],
        at=shelf.ago(IN_REVIEW_DAYS),
    )


def _translate(text: ArticleText, shelf: Shelf, cast: Cast) -> None:
    """Write a translation beside its original.

    By rows: a help centre has more languages than the portal, which the service asks.
    """
    original = shelf.articles[text.translation_of]
    at = shelf.ago(TRANSLATED_DAYS_AGO)
    made = Article.objects.create(
        slug=text.slug, language=text.language, translation_of=original,
        topic=original.topic, kind=text.kind, title=text.title, summary=text.summary,
        body=text.body, keywords=list(text.keywords), owner=cast.users[OTHERS],
        created_at=at, changed_at=at, text_changed_at=at,
    )  # fmt: skip
    made.categories.set(original.categories.all())
    version = services.publish(
        article_id=made.pk, actor=cast.users[EDITOR], at=at, note="First version",
        broken_links=None,
    )  # fmt: skip
    key = f"{text.slug}.{text.language}"
    shelf.articles[key] = made
    shelf.lives[key] = [(at, version)]


def _link(text: ArticleText, shelf: Shelf) -> None:
    """Link what belongs together; an archived article leads nowhere."""
    wanted = (
        (ArticleLink.Kind.BEFORE, text.before),
        (ArticleLink.Kind.NEXT, text.next),
        (ArticleLink.Kind.RELATED, text.related),
    )
    article = shelf.articles[text.slug]
    shelf.related[text.slug] = [*text.next, *text.related]
    links = [
        LinkTo(shelf.articles[slug].pk, kind)
        for kind, slugs in wanted
        for slug in slugs
    ]
    if links:
        row = Article.objects.get(pk=article.pk)
        services.set_links(
            article_id=row.pk,
            links=links,
            actor=None,
            at=row.reviewed_at or row.created_at,
        )
