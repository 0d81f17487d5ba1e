"""What people searched for and what came of it, counted by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models import Window as Over
from django.db.models.enums import TextChoices
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from kb.models import Search
from kb.selectors.figures.reading_order import is_sorted, sorted_in
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
# Rows are counted, not their keys: no index holds these, so that PostgreSQL would read
# the whole table for them.
COUNTS = {
    "searches": Count("*"),
    "opened": Count("clicked"),
    "no_result": Count(Value(1), filter=MATCHING[Outcome.NO_RESULT]),
    "refined": Count("refined_by"),
    "abandoned": Count(Value(1), filter=MATCHING[Outcome.ABANDONED]),
    "ticket": Count("ticket"),
}
_HITS = {
    outcome: Count(Value(1), filter=wanted) if wanted else Count("*")
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


def _searches_to_group(window: Window) -> QuerySet[Search]:
    """Return the same as ``searches_in``, read fastest by text."""
    if not is_sorted(window):
        return searches_in(window)
    found: QuerySet[Search] = sorted_in(Search.objects.all(), window, [window.place])
    return found.filter(language=window.language) if window.language else found


def totals(window: Window) -> Totals:
    """Count all searches by what came of them."""
    return Totals(**searches_in(window).aggregate(**COUNTS))


@dataclass(frozen=True)
class Texts:
    """Some texts of a list as rows of counts, and what there is in all.

    ``count`` are the texts of the list, ``whole`` all searches of the window.
    """

    rows: list[dict[str, Any]]
    count: int
    whole: Totals


class _Sum(Func):
    """A sum over the groups of a query: Django's own refuses to add up counts."""

    function = "SUM"
    window_compatible = True
    output_field = IntegerField()


_IN_ALL = {f"all_{name}": Over(_Sum(F(name))) for name in COUNTS}


def texts(window: Window, outcome: str, *, start: int = 0, size: int) -> Texts:
    """Return so many texts of a list, the most frequent first.

    Texts, their number and all searches are counted in one reading of the searches.
    """
    counted: QuerySet[Any, Any] = (
        _searches_to_group(window)
        .values("folded")
        .annotate(hits=_HITS[Outcome(outcome)], **COUNTS)
        .annotate(texts=Over(_Sum(Least(F("hits"), Value(1)))), **_IN_ALL)
        .order_by("-hits", "folded")
    )
    rows = list(counted[start : start + size])
    known = rows[:1] or list(counted[:1])
    if not known:
        return Texts([], 0, Totals(**dict.fromkeys(COUNTS, 0)))
    whole = Totals(**{name: int(known[0][f"all_{name}"]) for name in COUNTS})
    # Texts without a hit are not of the list: they stand last, to be counted in all.
    listed = [row for row in rows if row["hits"]]
    return Texts(listed, int(known[0]["texts"]), whole)


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
        .filter(folded__in=wanted)
        .order_by()
        .values_list("folded")
        .annotate(hits=_HITS[Outcome(outcome)])
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
        .annotate(n=Count("*"))
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
