"""Articles by what came of reading them, and what articles cover."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kb.selectors.figures import contents
from kb.selectors.figures.articles import SMALLEST_N, SORTS, ArticleRow, article_rows
from kb.selectors.figures.contents import Coverage
from kb.views.acting import actor_of
from kb.views.figures.frame import FiguresPage
from kb.views.figures.overview import file_name
from supportops.metrics.exports import csv_response

PAGE_SIZE = 25
COLUMNS = {
    "title": _("Article"),
    "readers": _("Readers"),
    "readings": _("Readings"),
    "helpful": _("Helpful"),
    "votes": _("Votes"),
    "tickets": _("Ticket afterwards"),
    "reviewed": _("Reviewed"),
}


class ArticlesView(FiguresPage):
    """Every article, sorted by any column."""

    title = _("Articles in figures")
    template_name = "kb/figures/articles.html"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get("sort", "-readers")
        sort = asked.removeprefix("-")
        is_upward = not asked.startswith("-")
        if sort not in SORTS:
            sort, is_upward = "readers", False
        rows = article_rows(
            self.window,
            actor_of(request),
            at=self.now,
            sort=sort,
            is_upward=is_upward,
        )
        if "csv" in request.GET:
            return _articles_csv(file_name("articles", self.window), rows)
        return self.page(
            columns=[
                (
                    name,
                    label,
                    _next(name, sort, is_upward),
                    _state(name, sort, is_upward),
                )
                for name, label in COLUMNS.items()
            ],
            page=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            smallest_n=SMALLEST_N,
            has_votes=any(row.helpful.n for row in rows),
        )


def _next(name: str, sort: str, is_upward: bool) -> str:
    """What the heading of a column sorts by: the other way where it is sorted."""
    if name != sort:
        return name if name == "title" else f"-{name}"
    return f"-{name}" if is_upward else name


def _state(name: str, sort: str, is_upward: bool) -> str:
    if name != sort:
        return "none"
    return "ascending" if is_upward else "descending"


def _articles_csv(name: str, rows: list[ArticleRow]) -> HttpResponseBase:
    header = (
        "article", "title", "language", "topic", "readers", "readings", "helpful",
        "helpful_low", "helpful_high", "votes", "ticket_afterwards", "ticket_low",
        "ticket_high", "readers_with_ticket", "reviewed_at",
    )  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            article, helpful, tickets = row.article, row.helpful, row.tickets
            liked = (helpful.value, helpful.low, helpful.high)
            reviewed = article.reviewed_at
            yield (
                article.pk, article.title, article.language, article.topic.name,
                row.readers, row.readings,
                *(liked if row.has_enough_votes else (None, None, None)), helpful.n,
                tickets.value, tickets.low, tickets.high, tickets.hits,
                reviewed and reviewed.isoformat(timespec="seconds"),
            )  # fmt: skip

    return csv_response(name, header, lines())


class CoverageView(FiguresPage):
    """Which kinds of tickets have an article."""

    title = _("Coverage")
    template_name = "kb/figures/coverage.html"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        found = contents.coverage(self.window)
        if "csv" in request.GET:
            return _coverage_csv(file_name("coverage", self.window), found)
        page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page"))
        return self.page(
            found=found,
            page=page,
            fresh=contents.freshness(self.now, self.window.language),
        )


def _coverage_csv(name: str, found: Coverage) -> HttpResponseBase:
    rows = (
        (
            row.category.path,
            row.tickets,
            row.articles,
            row.is_covered,
            row.covering.path if row.covering else "",
        )
        for row in found.rows
    )
    header = ("category", "tickets", "articles", "covered", "covered_by")
    return csv_response(name, header, rows)
