"""What people search for, by what came of it; and one text with examples."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
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
    """Pages of grouped rows: the count is asked without making the groups."""

    def __init__(self, rows: QuerySet[Any, Any], count: int) -> None:
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
        whole = searches.totals(self.window)
        found = searches.texts(self.window, outcome)
        if "csv" in request.GET:
            rows = searches.text_rows(self.window, outcome, found[:CSV_ROWS], whole)
            return _texts_csv(file_name(f"searches-{outcome}", self.window), rows)
        count = searches.text_count(self.window, outcome)
        page = _Counted(found, count).get_page(request.GET.get("page"))
        return self.page(
            whole=whole,
            has_place=True,
            lists=[
                (each, each.label, whole.hits(each), whole.share(each))
                for each in Outcome
            ],
            outcome=outcome,
            about=ABOUT[outcome],
            rows=searches.text_rows(self.window, outcome, page.object_list, whole),
            page=page,
            **acts(),
        )


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
        page = Paginator(examples, PAGE_SIZE).get_page(request.GET.get("page"))
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
