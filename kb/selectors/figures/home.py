"""Self-service in one card of the home page."""

from dataclasses import dataclass

from kb.core.deflection import Finding
from kb.selectors.figures.holdout import measured
from kb.selectors.figures.readers import without_ticket
from kb.selectors.figures.searches import Outcome, totals
from kb.selectors.figures.shares import Share
from kb.selectors.figures.windows import Window
from supportops.metrics.catalogue import Figure
from supportops.metrics.core.periods import Period


@dataclass(frozen=True)
class Headline:
    """What a card says: judge each figure by the metric of the catalogue it names.

    ``effect`` is the measured deflection in points (``kb_deflection_measured``), ``claimed``
    the usual one (``kb_deflection_rate``); ``success`` is ``kb_search_success`` and
    ``no_result`` is ``kb_zero_results``.
    """

    searches: int
    readers: int
    success: Share
    no_result: Share
    abandoned: Share
    claimed: Share
    effect: Figure
    finding: Finding

    @property
    def is_empty(self) -> bool:
        return not (self.searches or self.readers or self.effect.n)


def headline(period: Period) -> Headline:
    """Return the card's figures: the page “Self-service” of these days says the same."""
    window = Window.of(period)
    whole = totals(window)
    readers = without_ticket(window)
    found = measured(window, readers)
    return Headline(
        searches=whole.searches,
        readers=readers.n,
        success=whole.success,
        no_result=whole.share(Outcome.NO_RESULT),
        abandoned=whole.share(Outcome.ABANDONED),
        claimed=readers,
        effect=found.figure,
        finding=found.result.finding,
    )
