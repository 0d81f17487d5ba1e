"""What the articles cover, and how fresh they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from kb.models import Article
from kb.selectors.figures.shares import Share, share
from kb.selectors.figures.windows import Window
from kb.selectors.gaps.tickets import NOT_ASKED, articles_by_category, covered_by
from tickets.models import Category, Ticket

FRESH_FOR = timedelta(days=183)
"""Half a year: the seed's “reviewed in 6 months”."""


@dataclass(frozen=True)
class CategoryRow:
    """A ticket category of the window and the articles that customers find for it.

    ``articles`` are its own. ``covering`` is the category whose articles cover it: itself,
    or one above it; nothing where none do.
    """

    category: Category
    tickets: int
    share: float
    articles: int
    covering: Category | None

    @property
    def is_covered(self) -> bool:
        return self.covering is not None


@dataclass(frozen=True)
class Coverage:
    """Of the categories with a ticket, and of those tickets.

    Tickets without a category belong to neither; ``uncategorised`` counts them.
    """

    categories: Share
    volume: Share
    uncategorised: int
    rows: list[CategoryRow]


def coverage(window: Window) -> Coverage:
    """Return which categories of the window's tickets have an article for customers.

    The articles are those of now; one for staff only answers no customer. Duplicates and
    what nobody supports count as little as they do in the worklist of gaps.
    """
    tickets = _tickets(window)
    uncategorised = tickets.pop(None, 0)
    written = articles_by_category(window.language)
    covering = covered_by(written)
    categories = Category.objects.in_bulk() if tickets else {}
    total = sum(tickets.values())
    rows = [
        CategoryRow(
            category=categories[pk],
            tickets=counted,
            share=counted / total,
            articles=written[pk],
            covering=categories.get(covering[pk] or 0),
        )
        for pk, counted in tickets.items()
    ]
    rows.sort(key=lambda row: (-row.tickets, row.category.path))
    covered = [row for row in rows if row.is_covered]
    return Coverage(
        categories=share(len(covered), len(rows)),
        volume=share(sum(r.tickets for r in covered), sum(r.tickets for r in rows)),
        uncategorised=uncategorised,
        rows=rows,
    )


def _tickets(window: Window) -> dict[Any, int]:
    counted = (
        Ticket.objects.filter(
            created_at__gte=window.starts_at,
            created_at__lt=window.ends_at,
            merged_into__isnull=True,
        )
        .exclude(outcome__in=NOT_ASKED)
        .order_by()
        .values_list("category")
        .annotate(n=Count("pk"))
    )
    return dict(counted)


def fresh_since(at: datetime) -> datetime:
    """Return from when on a review counts as recent."""
    return at - FRESH_FOR


def freshness(at: datetime, language: str = "") -> Share:
    """Return the share of published articles that were reviewed in the last half year."""
    articles = Article.objects.filter(state=Article.State.PUBLISHED)
    if language:
        articles = articles.filter(language=language)
    counted = articles.aggregate(
        n=Count("pk"),
        fresh=Count("pk", filter=Q(reviewed_at__gte=fresh_since(at))),
    )
    return share(counted["fresh"], counted["n"])
