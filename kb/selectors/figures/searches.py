"""What people searched for and what came of it, counted by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from kb.models import Search
from kb.selectors.figures.shares import Share, share
from kb.selectors.figures.windows import Window


class Outcome(TextChoices):
    """The lists of the searches page."""

    TOP = "top", _("Top searches")
    NO_RESULT = "no-result", _("No result")
    REFINED = "refined", _("Searched again")
    ABANDONED = "abandoned", _("Given up")
    TICKET = "ticket", _("Ticket afterwards")


# Given up: opened nothing, searched for nothing else and sent no ticket.
MATCHING = {
    Outcome.TOP: Q(),
    Outcome.NO_RESULT: Q(results=0),
    Outcome.REFINED: Q(refined_by__isnull=False),
    Outcome.ABANDONED: Q(
        clicked__isnull=True, refined_by__isnull=True, ticket__isnull=True
    ),
    Outcome.TICKET: Q(ticket__isnull=False),
}
COUNTS = {
    "searches": Count("pk"),
    "opened": Count("clicked"),
    "no_result": Count("pk", filter=MATCHING[Outcome.NO_RESULT]),
    "refined": Count("refined_by"),
    "abandoned": Count("pk", filter=MATCHING[Outcome.ABANDONED]),
    "ticket": Count("ticket"),
}
_HITS = {
    outcome: Count("pk", filter=wanted) if wanted else Count("pk")
    for outcome, wanted in MATCHING.items()
}


@dataclass(frozen=True)
class Totals:
    """All searches of a window by what came of them; one may be several of these."""

    searches: int
    opened: int
    no_result: int
    refined: int
    abandoned: int
    ticket: int

    def hits(self, outcome: str) -> int:
        if outcome == Outcome.TOP:
            return self.searches
        found: int = getattr(self, str(outcome).replace("-", "_"))
        return found

    def share(self, outcome: str) -> Share:
        return share(self.hits(outcome), self.searches)

    @property
    def success(self) -> Share:
        return share(self.opened, self.searches)


@dataclass(frozen=True)
class TextRow:
    """One text that was searched for.

    ``share`` is of all searches in the list of top ones, otherwise of the searches for
    this text. ``before`` is its count in the period before.
    """

    text: str
    hits: int
    before: int
    totals: Totals
    share: Share


def searches_in(window: Window) -> QuerySet[Search]:
    """Return the searches of a window, in no order."""
    found = Search.objects.filter(
        place=window.place, at__gte=window.starts_at, at__lt=window.ends_at
    )
    return found.filter(language=window.language) if window.language else found


def totals(window: Window) -> Totals:
    """Count all searches by what came of them."""
    return Totals(**searches_in(window).aggregate(**COUNTS))


def texts(window: Window, outcome: str) -> QuerySet[Any, Any]:
    """Return the texts of a list, the most frequent first, one row of counts each."""
    counted = (
        searches_in(window)
        .values("folded")
        .annotate(hits=_HITS[Outcome(outcome)], **COUNTS)
    )
    return counted.filter(hits__gt=0).order_by("-hits", "folded")


def text_count(window: Window, outcome: str) -> int:
    """Count the texts of a list."""
    matching = searches_in(window).filter(MATCHING[Outcome(outcome)])
    found: int = matching.aggregate(n=Count("folded", distinct=True))["n"]
    return found


def text_rows(
    window: Window, outcome: str, rows: Iterable[dict[str, Any]], whole: Totals
) -> list[TextRow]:
    """Return rows of ``texts`` with their shares and the counts of the period before."""
    found = list(rows)
    before = _before(window, outcome, [str(row["folded"]) for row in found])
    out = []
    for row in found:
        counts = Totals(**{name: int(row[name]) for name in COUNTS})
        hits = int(row["hits"])
        n = whole.searches if outcome == Outcome.TOP else counts.searches
        text = str(row["folded"])
        out.append(TextRow(text, hits, before.get(text, 0), counts, share(hits, n)))
    return out


def _before(window: Window, outcome: str, wanted: list[str]) -> dict[str, int]:
    counted = (
        searches_in(window.previous())
        .filter(MATCHING[Outcome(outcome)], folded__in=wanted)
        .values_list("folded")
        .annotate(hits=Count("pk"))
    )
    return dict(counted)


@dataclass(frozen=True)
class Rank:
    """A place in the list of results: how often it was there, and opened."""

    rank: int
    clicks: Share


Ranks = Mapping[tuple[int, int | None], int]
"""How many searches showed so many results and had that place opened, if any."""


def opened_ranks(window: Window) -> Ranks:
    """Count searches by how many results they showed and which one was opened."""
    counted = (
        searches_in(window)
        .order_by()
        .values_list("results", "clicked_rank")
        .annotate(n=Count("pk"))
    )
    return {(results, rank): n for results, rank, n in counted}


def click_through(ranks: Ranks) -> list[Rank]:
    """Return how often each place of the results was opened when it was filled."""
    groups = [(results, rank, n) for (results, rank), n in ranks.items()]
    last = max((max(results, rank or 0) for results, rank, _n in groups), default=0)
    return [
        Rank(
            rank,
            share(
                sum(n for _results, at, n in groups if at == rank),
                # Opened is shown, whatever the count of results says.
                sum(n for results, at, n in groups if results >= rank or at == rank),
            ),
        )
        for rank in range(1, min(last, 10) + 1)
    ]
