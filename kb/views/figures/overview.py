"""Seven metrics, deflection, and the way through the results."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kb.selectors.figures import searches
from kb.selectors.figures.holdout import Measured
from kb.selectors.figures.searches import Outcome
from kb.selectors.figures.seven import MEASURED, Counted
from kb.selectors.figures.shares import Share
from kb.selectors.figures.windows import Window
from kb.views.figures import charts, words
from kb.views.figures.frame import FiguresPage
from supportops.metrics import catalogue, display
from supportops.metrics.catalogue import Figure, Metric, Unit
from supportops.metrics.exports import csv_response


@dataclass(frozen=True)
class Card:
    """One metric; ``link`` is the page that tells more, with ``extra`` of its filters."""

    metric: Metric
    figure: Figure
    before: Figure
    link: str = ""
    extra: str = ""

    @property
    def is_time(self) -> bool:
        """Answers take seconds: these are written, not “under 1 min”."""
        return self.metric.unit is Unit.SECONDS

    @property
    def is_census(self) -> bool:
        """All were counted: there is no sample, and no interval."""
        return self.metric.code in CENSUS and self.figure.value is not None


LINKS = {
    MEASURED: "",
    "kb_deflection_rate": "kb:figures-value",
    "kb_helpfulness": "kb:figures-articles",
    "kb_search_success": "kb:figures-searches",
    "kb_zero_results": "kb:figures-searches",
    "kb_coverage": "kb:figures-coverage",
    "kb_freshness": "kb:figures-articles",
    "kb_time_to_answer": "",
}
EXTRA = {"kb_zero_results": f"&list={Outcome.NO_RESULT}"}
OF_NOW = "kb_freshness"
CENSUS = frozenset({"kb_coverage", OF_NOW})
NEVER = Figure(None, 0)


class OverviewView(FiguresPage):
    """How self-service does, in one look."""

    title = _("Self-service")
    template_name = "kb/figures/overview.html"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        counted = Counted(self.window, self.now)
        before = Counted(self.window.previous(), self.now)
        found = counted.measured
        cards = [
            _card(
                code,
                counted.figure(code),
                NEVER if code == OF_NOW else before.figure(code),
            )
            for code in LINKS
        ]
        match request.GET.get("csv"):
            case None:
                return self.page(
                    **_deflection(found),
                    cards=cards,
                    has_measured=found.figure.value is not None,
                    counted=counted,
                    ranks=searches.click_through(counted.ranks),
                    is_empty=not (
                        counted.totals.searches or counted.readers.n or found.visitors
                    ),
                )
            case "deflection":
                return _deflection_csv(self.window, found)
            case "ranks":
                return _ranks_csv(self.window, counted.ranks)
            case _:
                return _cards_csv(self.window, cards)


def _card(code: str, figure: Figure, before: Figure) -> Card:
    return Card(catalogue.get(code), figure, before, LINKS[code], EXTRA.get(code, ""))


def _deflection(found: Measured) -> dict[str, Any]:
    return {
        "found": found,
        "finding": words.heading(found),
        "finding_css": words.CHIPS[found.result.finding],
        "known": words.known(found),
        "power": words.power(found),
        "split": words.split(found),
        "group_lines": charts.group_lines(found),
        "effect_line": charts.effect_line(found),
    }


def _cards_csv(window: Window, cards: list[Card]) -> HttpResponseBase:
    header = (
        "code", "name", "value", "low", "high", "n", "before", "target", "warning",
    )  # fmt: skip
    rows = (
        (
            card.metric.code, card.metric.name, card.figure.value, card.figure.low,
            card.figure.high, card.figure.n, card.before.value,
            display.target_text(card.metric, card.figure),
            display.warning_text(card.metric.warning, card.metric.unit),
        )
        for card in cards
    )  # fmt: skip
    return csv_response(file_name("self-service", window), header, rows)


def _deflection_csv(window: Window, found: Measured) -> HttpResponseBase:
    result = found.result
    header = ("row", "sent", "visitors", "value", "low", "high")
    rows = (
        ("with suggestions", *_parts(found.shown)),
        ("held out", *_parts(found.held_out)),
        ("difference", "", found.visitors, result.effect, result.lower, result.upper),
        (
            "tickets prevented", "", result.shown_forms, result.prevented,
            result.prevented_lower, result.prevented_upper,
        ),
        ("claimed: readers without a ticket", result.claimed, "", result.claimed_rate),
    )  # fmt: skip
    return csv_response(file_name("deflection", window), header, rows)


def _ranks_csv(window: Window, ranks: searches.Ranks) -> HttpResponseBase:
    header = ("rank", "opened", "shown", "share", "low", "high")
    rows = ((each.rank, *_parts(each.clicks)) for each in searches.click_through(ranks))
    return csv_response(file_name("click-through", window), header, rows)


def _parts(found: Share) -> tuple[Any, ...]:
    return found.hits, found.n, found.value, found.low, found.high


def file_name(what: str, window: Window) -> str:
    """Return what a table is called when it is saved."""
    language = f"-{window.language}" if window.language else ""
    return f"{what}-{window.start}-{window.period.last}{language}"
