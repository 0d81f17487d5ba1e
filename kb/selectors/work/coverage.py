"""How many of the tickets have an article for what they are about, by category."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from kb.core.gaps import Range, share_range
from kb.selectors.gaps.measured import WINDOW_DAYS
from kb.selectors.gaps.tickets import NOT_ASKED, articles_by_category, covered_by
from tickets.models import Category, Ticket

TARGET, WARNING = 0.80, 0.50


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One category: ``covering`` names whose articles cover it, empty where none do."""

    category: Category | None
    name: str
    tickets: int
    share: float
    articles: int
    covering: str

    @property
    def is_covered(self) -> bool:
        return bool(self.covering)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All categories with tickets, the most tickets first."""

    lines: list[CategoryLine]
    days: int
    tickets: int

    @property
    def covered_tickets(self) -> int:
        return sum(line.tickets for line in self.lines if line.is_covered)

    @property
    def of_tickets(self) -> Range | None:
        if not self.tickets:
            return None
        return share_range(self.covered_tickets, self.tickets)

    @property
    def categories(self) -> int:
        """Categories with tickets: what a ticket without one is about, nobody knows."""
        return sum(line.category is not None for line in self.lines)

    @property
    def covered(self) -> int:
        return sum(line.is_covered for line in self.lines)

    @property
    def of_categories(self) -> float | None:
        return self.covered / self.categories if self.categories else None


def coverage(*, at: datetime, days: int = WINDOW_DAYS) -> Coverage:
    """Return the coverage of the tickets of the ``days`` days before ``at``.

    A category is covered by a published article of its own, or of a category above it.
    """
    rows = (
        Ticket.objects.filter(
            created_at__gte=at - timedelta(days=days),
            created_at__lt=at,
            merged_into__isnull=True,
        )
        .exclude(outcome__in=NOT_ASKED)
        .order_by()
        .values_list("category_id")
        .annotate(n=Count("pk"))
    )
    counted = dict(rows)
    categories = Category.objects.in_bulk()
    articles = articles_by_category()
    covering = covered_by(articles)
    total = sum(counted.values())
    lines = [
        CategoryLine(
            category=categories.get(pk),
            name=str(categories[pk]) if pk in categories else "",
            tickets=tickets,
            share=tickets / total,
            articles=articles[pk] if pk else 0,
            covering=_name(categories, covering.get(pk) if pk else None),
        )
        for pk, tickets in counted.items()
    ]
    lines.sort(key=lambda line: (-line.tickets, line.name))
    return Coverage(lines, days, total)


def _name(categories: dict[int, Category], pk: int | None) -> str:
    return "" if pk is None else str(categories[pk])
