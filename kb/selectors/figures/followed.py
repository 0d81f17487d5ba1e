"""One text that was searched for: examples, and what people did next."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from kb.models import Article, Search
from kb.selectors.figures.searches import COUNTS, Totals, searches_in
from kb.selectors.figures.windows import Window

SHOWN = 10


@dataclass(frozen=True)
class Opened:
    """An article that was opened from this search."""

    article: Article
    n: int


@dataclass(frozen=True)
class Followed:
    """What people did after searching for one text."""

    totals: Totals
    opened: list[Opened]
    searched: list[tuple[str, int]]
    categories: list[tuple[str, int]]
    languages: list[tuple[str, int]]


def searches_for(window: Window, text: str) -> QuerySet[Search]:
    """Return the searches for one text."""
    return searches_in(window).filter(folded=text)


def followed(window: Window, text: str) -> Followed:
    """Return what came of the searches for one text."""
    found = searches_for(window, text).order_by()
    return Followed(
        totals=Totals(**found.aggregate(**COUNTS)),
        opened=_opened(found),
        searched=_most(found, "refined_by__folded"),
        categories=_most(found.filter(ticket__isnull=False), "ticket__category__path"),
        languages=_most(found, "language"),
    )


def examples(window: Window, text: str) -> QuerySet[Search]:
    """Return the searches for one text, the newest first, with what they led to."""
    return (
        searches_for(window, text)
        .select_related("clicked", "refined_by")
        .order_by("-at", "-pk")
    )


def _opened(found: QuerySet[Search]) -> list[Opened]:
    counted = (
        found.filter(clicked__isnull=False)
        .values_list("clicked")
        .annotate(n=Count("pk"))
        .order_by("-n", "clicked")[:SHOWN]
    )
    groups = list(counted)
    articles = Article.objects.in_bulk([pk for pk, _n in groups])
    return [Opened(articles[pk], n) for pk, n in groups if pk in articles]


def _most(found: QuerySet[Search], column: str) -> list[tuple[str, int]]:
    if column == "refined_by__folded":
        found = found.filter(refined_by__isnull=False)
    counted = found.values_list(column).annotate(n=Count("pk"))
    return [(name or "", n) for name, n in counted.order_by("-n", column)[:SHOWN]]
