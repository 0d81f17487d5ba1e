"""What people search for, by what came of it; and one text with examples."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kb.models import Search
from kb.selectors.figures import followed, searches
from kb.selectors.figures.searches import Outcome, TextRow
from kb.views.figures.frame import FiguresPage, address
from kb.views.figures.overview import file_name
from supportops.metrics.exports import csv_response

PAGE_SIZE = 25
DIGITS = 6
"""A page number with more is of no page."""

CSV_ROWS = 5000
"""So many texts a file holds: the most frequent ones."""

ABOUT = {
    Outcome.TOP: _("Are these covered by articles? The share is of all searches."),
    Outcome.NO_RESULT: _(
        "Nothing was shown: an article is missing, or it uses other words."
    ),
    Outcome.REFINED: _(
        "Nothing was opened and another search followed within ten minutes."
    ),
    Outcome.ABANDONED: _(
        "Nothing was opened, nothing else searched for, no ticket sent."
    ),
    Outcome.TICKET: _("A ticket came after the search, within a day."),
}


class _Counted(Paginator):
    """Pages of rows whose number is known: it is not asked again."""

    def __init__(self, rows: Any, count: int) -> None:
        super().__init__(rows, PAGE_SIZE)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


class SearchesView(FiguresPage):
    """The five lists of searches."""

    title = _("Searches")
    template_name = "kb/figures/searches.html"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get("list", Outcome.TOP)
        outcome = Outcome(asked) if asked in Outcome.values else Outcome.TOP
        if "csv" in request.GET:
            found = searches.texts(self.window, outcome, size=CSV_ROWS)
            return _texts_csv(
                file_name(f"searches-{outcome}", self.window),
                searches.text_rows(self.window, outcome, found.rows, found.whole),
            )
        page, found = self._texts(outcome, request.GET.get("page", ""))
        whole = found.whole
        return self.page(
            whole=whole,
            has_place=True,
            lists=[
                (each, each.label, whole.hits(each), whole.share(each))
                for each in Outcome
            ],
            outcome=outcome,
            about=ABOUT[outcome],
            rows=searches.text_rows(self.window, outcome, found.rows, whole),
            page=page,
            **acts(),
        )

    def _texts(self, outcome: Outcome, asked: str) -> tuple[Page, searches.Texts]:
        """Read the page that is asked for; where there is none, the one that is meant."""
        is_number = asked.isdecimal() and len(asked) <= DIGITS
        number = max(1, int(asked)) if is_number else 1
        found = self._stretch(outcome, number)
        page = _Counted(found.rows, found.count).get_page(asked)
        if page.number != number:
            found = self._stretch(outcome, page.number)
        return page, found

    def _stretch(self, outcome: Outcome, number: int) -> searches.Texts:
        start = PAGE_SIZE * (number - 1)
        return searches.texts(self.window, outcome, start=start, size=PAGE_SIZE)


def acts() -> dict[str, str]:
    """Where a search leads on to: a synonym, the worklist."""
    return {
        "synonym_address": address("kb:synonym-new"),
        "worklist_address": address("kb:work"),
    }


def _texts_csv(name: str, rows: list[TextRow]) -> HttpResponseBase:
    header = (
        "text", "count", "before", "share", "low", "high", "searches", "opened",
        "no_result", "refined", "abandoned", "ticket",
    )  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            whole, part = row.totals, row.share
            yield (
                row.text, row.hits, row.before, part.value, part.low, part.high,
                whole.searches, whole.opened, whole.no_result, whole.refined,
                whole.abandoned, whole.ticket,
            )  # fmt: skip

    return csv_response(name, header, lines())


class SearchView(FiguresPage):
    """One text: what people did next, and examples."""

    template_name = "kb/figures/search.html"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        text = request.GET.get("text", "").strip()
        if not text:
            return redirect("kb:figures-searches")
        found = followed.followed(self.window, text)
        examples = followed.examples(self.window, text)
        if "csv" in request.GET:
            return _examples_csv(file_name("search", self.window), examples)
        count = found.totals.searches
        page = _Counted(examples, count).get_page(request.GET.get("page"))
        links = acts()
        return self.page(
            title=f"“{text}”",
            text=text,
            has_place=True,
            found=found,
            outcomes=[
                (each.label, found.totals.share(each))
                for each in Outcome
                if each is not Outcome.TOP
            ],
            page=page,
            synonym_query=urlencode({"term": text, "language": _language(found)}),
            worklist_query=urlencode({"q": text, "state": ""}),
            **links,
        )


def _language(found: followed.Followed) -> str:
    return found.languages[0][0] if found.languages else "en"


def _examples_csv(name: str, examples: QuerySet[Search]) -> HttpResponseBase:
    header = (
        "at", "text", "language", "understood_as", "results", "opened", "rank",
        "searched_again_as", "ticket",
    )  # fmt: skip
    rows = (
        (
            row.at.isoformat(timespec="seconds"), row.text, row.language,
            row.corrected, row.results, row.clicked and row.clicked.title,
            row.clicked_rank, row.refined_by and row.refined_by.text,
            bool(row.ticket_id),
        )
        for row in examples[:CSV_ROWS]
    )  # fmt: skip
    return csv_response(name, header, rows)
