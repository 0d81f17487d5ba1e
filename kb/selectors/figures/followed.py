"""One text that was searched for: examples, and what people did next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from kb.models import Article, Search
from kb.selectors.figures.searches import COUNTS, Totals, searches_in
from kb.selectors.figures.windows import Window

SHOWN = 10
Groups = Sequence[dict[str, Any]]
"""Counts by language and article opened: all but two of the answers are in these."""


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
    counted: QuerySet[Any, Any] = found.values("language", "clicked")
    groups = list(counted.annotate(**COUNTS))
    return Followed(
        totals=Totals(**{name: sum(row[name] for row in groups) for name in COUNTS}),
        opened=_opened(groups),
        searched=_most(found.filter(refined_by__isnull=False), "refined_by__folded"),
        categories=_most(found.filter(ticket__isnull=False), "ticket__category__path"),
        languages=_first(groups, "language"),
    )


def examples(window: Window, text: str) -> QuerySet[Search]:
    """Return the searches for one text, the newest first, with what they led to."""
    return (
        searches_for(window, text)
        .select_related("clicked", "refined_by")
        .order_by("-at", "-pk")
    )


def _opened(groups: Groups) -> list[Opened]:
    most = _first([row for row in groups if row["clicked"]], "clicked")
    articles = Article.objects.in_bulk([pk for pk, _n in most])
    return [Opened(articles[pk], n) for pk, n in most if pk in articles]


def _first(groups: Groups, column: str) -> list[tuple[Any, int]]:
    """Return the values of a column with most searches."""
    counted: Counter[Any] = Counter()
    for row in groups:
        counted[row[column]] += row["searches"]
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]


def _most(found: QuerySet[Search], column: str) -> list[tuple[str, int]]:
    counted = found.values_list(column).annotate(n=Count("*"))
    return [(name or "", n) for name, n in counted.order_by("-n", column)[:SHOWN]]
