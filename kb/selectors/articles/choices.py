"""Articles that a text may link to."""

from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When

from kb.models import Article
from kb.selectors.articles.reach import tiers_of
from kb.selectors.articles.sight import articles_visible_to
from workforce.people.models import User

SHOWN = 20
MOST_WORDS = 8


@dataclass(frozen=True)
class Choice:
    """One article, as the list of the editor shows it."""

    slug: str
    title: str
    topic: str
    language: str
    audience: str


def choices_for(article: Article, *, user: User, text: str) -> list[Choice]:
    """Return published articles that the writer and every reader of a text may read.

    Of the text's language first, then of its topic, then by title. Two queries at most.
    """
    rows = (
        reachable_from(article, articles_visible_to(user))
        .filter(_words(text))
        .annotate(
            other_language=_is_not(language=article.language),
            other_topic=_is_not(topic=article.topic_id),
        )
        .select_related("published", "topic")
        .defer("body", "published__body")
        .order_by("other_language", "other_topic", "published__title", "pk")
    )
    return [
        Choice(
            row.slug,
            row.published.title if row.published else row.title,
            row.topic.name,
            row.language,
            row.get_audience_display(),
        )
        for row in rows[:SHOWN]
    ]


def reachable_from(article: Article, rows: QuerySet[Article]) -> QuerySet[Article]:
    """Return those that all readers of an article may follow a link to.

    An address means the article of the text's own language where there is one, so others
    of the same address are left out.
    """
    own = Article.objects.filter(language=article.language).values("slug")
    found = rows.filter(state=Article.State.PUBLISHED).exclude(pk=article.pk)
    found = found.exclude(~Q(language=article.language) & Q(slug__in=own))
    if article.audience == Article.Audience.INTERNAL:
        return found
    rule = Q(audience=Article.Audience.PUBLIC)
    if article.audience == Article.Audience.PLAN:
        rule |= Q(
            audience=Article.Audience.PLAN, pk__in=_of_all_tiers(article).values("pk")
        )
    return found.filter(rule)


def _of_all_tiers(article: Article) -> QuerySet[Article]:
    rows = Article.objects.all()
    for tier in tiers_of(article):
        rows = rows.filter(tiers=tier)
    return rows


def _is_not(**same: object) -> Case:
    return Case(When(**same, then=Value(0)), default=Value(1))


def _words(text: str) -> Q:
    found = Q()
    for word in text.split()[:MOST_WORDS]:
        found &= (
            Q(published__title__icontains=word)
            | Q(slug__icontains=word)
            | Q(published__summary__icontains=word)
            | Q(published__keywords__icontains=word)
        )
    return found
