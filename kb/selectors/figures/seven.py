"""The seven metrics of a knowledge base, and what is measured beside them."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import cached_property

from kb.selectors.figures import contents, readers, searches
from kb.selectors.figures.answers import AnswerTime, summary
from kb.selectors.figures.contents import Coverage
from kb.selectors.figures.days import Found, found_in
from kb.selectors.figures.holdout import Measured, measured
from kb.selectors.figures.searches import Outcome, Ranks, Totals
from kb.selectors.figures.shares import Share
from kb.selectors.figures.windows import Window
from supportops.metrics.catalogue import Figure


class Counted:
    """What figures are made of, each part counted once, when it is asked for first.

    ``at`` is the present moment: articles are fresh or not as of it.
    """

    def __init__(self, window: Window, at: datetime) -> None:
        self.window, self.at = window, at

    @cached_property
    def totals(self) -> Totals:
        return searches.totals(self.window)

    @cached_property
    def readers(self) -> Share:
        return readers.without_ticket(self.window)

    @cached_property
    def helpful(self) -> Share:
        return readers.helpfulness(self.window)

    @cached_property
    def coverage(self) -> Coverage:
        return contents.coverage(self.window)

    @cached_property
    def freshness(self) -> Share:
        return contents.freshness(self.at, self.window.language)

    @cached_property
    def measured(self) -> Measured:
        return measured(self.window, self.readers)

    @property
    def time(self) -> AnswerTime:
        return summary(self._found.seconds)

    @property
    def ranks(self) -> Ranks:
        return self._found.ranks

    @cached_property
    def _found(self) -> Found:
        return found_in(self.window, searches=self.totals.searches)

    def figure(self, code: str) -> Figure:
        """Return a metric's figure by its code in the catalogue."""
        return FIGURES[code](self)


def _time(counted: Counted) -> Figure:
    time = counted.time
    return Figure(time.median, time.n, time.median_low, time.median_high)


MEASURED = "kb_deflection_measured"
"""Not one of the seven: what they claim, tried out."""

FIGURES: dict[str, Callable[[Counted], Figure]] = {
    "kb_deflection_rate": lambda counted: counted.readers.figure,
    MEASURED: lambda counted: counted.measured.figure,
    "kb_helpfulness": lambda counted: counted.helpful.figure,
    "kb_search_success": lambda counted: counted.totals.success.figure,
    "kb_zero_results": lambda counted: counted.totals.share(Outcome.NO_RESULT).figure,
    "kb_coverage": lambda counted: counted.coverage.categories.census,
    "kb_freshness": lambda counted: counted.freshness.census,
    "kb_time_to_answer": _time,
}
