"""Each article by what came of reading it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Value

from kb.models import Article
from kb.selectors.articles.sight import not_hidden_from
from kb.selectors.figures.contents import fresh_since
from kb.selectors.figures.readers import readings_to_group, votes_in
from kb.selectors.figures.shares import Share, shares
from kb.selectors.figures.windows import Window
from workforce.people.models import User

SMALLEST_N = 5
"""Votes that a helpful share needs before it is shown."""

SORTS = ("readers", "readings", "helpful", "votes", "tickets", "reviewed", "title")


@dataclass(frozen=True)
class ArticleRow:
    """One article. ``tickets`` is of readers; ``helpful`` is of votes."""

    article: Article
    readings: int
    readers: int
    helpful: Share
    tickets: Share
    is_fresh: bool

    @property
    def has_enough_votes(self) -> bool:
        return self.helpful.n >= SMALLEST_N


def article_rows(
    window: Window,
    user: User,
    *,
    at: datetime,
    sort: str = "readers",
    is_upward: bool = False,
) -> list[ArticleRow]:
    """Return what is published or was read in the window and somebody sees, sorted."""
    read = _readings(window)
    votes = _votes(window)
    articles = Article.objects.filter(
        Q(state=Article.State.PUBLISHED) | Q(pk__in=list(read)), not_hidden_from(user)
    ).select_related("topic")
    if window.language:
        articles = articles.filter(language=window.language)
    found = list(articles.defer("body", "summary").order_by("pk"))
    counts = [read.get(article.pk, (0, 0, 0)) for article in found]
    since = fresh_since(at)
    rows = [
        ArticleRow(
            article,
            readings,
            readers,
            helpful,
            tickets,
            article.reviewed_at is not None and article.reviewed_at >= since,
        )
        for article, (readings, readers, _sent), helpful, tickets in zip(
            found,
            counts,
            shares([votes.get(article.pk, (0, 0)) for article in found]),
            shares([(sent, readers) for _readings, readers, sent in counts]),
            strict=True,
        )
    ]
    return _sorted(rows, sort, is_upward)


def _readings(window: Window) -> dict[int, tuple[int, int, int]]:
    counted = (
        readings_to_group(window)
        .order_by()
        .values_list("article")
        .annotate(
            readings=Count("*"),
            readers=Count("visitor", distinct=True),
            sent=Count("visitor", distinct=True, filter=Q(ticket__isnull=False)),
        )
    )
    return {pk: (readings, readers, sent) for pk, readings, readers, sent in counted}


def _votes(window: Window) -> dict[int, tuple[int, int]]:
    counted = (
        votes_in(window)
        .order_by()
        .values_list("article")
        .annotate(helpful=Count(Value(1), filter=Q(is_helpful=True)), n=Count("*"))
    )
    return {pk: (helpful, n) for pk, helpful, n in counted}


def _sorted(rows: list[ArticleRow], sort: str, is_upward: bool) -> list[ArticleRow]:
    """Sort by a column; what has no value stands last either way."""
    if sort == "title":
        return sorted(
            rows, key=lambda row: row.article.title.casefold(), reverse=not is_upward
        )

    def value(row: ArticleRow) -> float | None:
        match sort:
            case "helpful":
                return row.helpful.value if row.has_enough_votes else None
            case "votes":
                return row.helpful.n
            case "tickets":
                return row.tickets.value
            case "reviewed":
                reviewed = row.article.reviewed_at
                return reviewed.timestamp() if reviewed else None
            case "readings":
                return row.readings
            case _:
                return row.readers

    known = [row for row in rows if value(row) is not None]
    unknown = [row for row in rows if value(row) is None]
    known.sort(key=lambda row: value(row) or 0.0, reverse=not is_upward)
    return known + unknown
