"""KPIs of self-service: the framework's seven, and deflection as it is measured."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kb.selectors.figures.seven import Counted
from kb.selectors.figures.windows import Window
from supportops.metrics import catalogue
from supportops.metrics.catalogue import (
    Area,
    Better,
    Figure,
    Grain,
    Level,
    Metric,
    Unit,
)
from supportops.metrics.scopes import Scope, ScopeInvalid

VIEW = "kb.view_search"


def _compute(code: str, scope: Scope) -> Figure:
    """Nothing for who may not see self-service."""
    if scope.filters:
        raise ScopeInvalid(
            _now("Figures of self-service are of all visitors: take the filters away.")
        )
    asker: Any = scope.asker
    if asker is not None and not asker.has_perm(VIEW):
        return Figure(value=None, n=0)
    if scope.at is None:
        raise TypeError("the freshness of articles needs to know which day it is")
    at = scope.at
    window = Window(scope.start, scope.end)
    counted: Counted = scope.facts.once(
        ("self-service", scope.key, at), lambda: Counted(window, at)
    )
    return counted.figure(code)


def _register(code: str, **fields: Any) -> None:
    metric = Metric(
        code=code,
        area=Area.SELF_SERVICE,
        of_scope=lambda scope: _compute(code, scope),
        **fields,
    )
    catalogue.register(metric)


_register(
    "kb_deflection_rate",
    name=_("Deflection rate, claimed"),
    description=_(
        "Readers who sent no ticket. Most of them would have sent none anyway: measured "
        "deflection says what suggestions prevent. Shown to who may see self-service."
    ),
    formula=_("Readers of an article without a ticket afterwards ÷ readers"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    grain=Grain.READER,
    target=Level(at_least=0.30),
    warning=Level(at_least=0.20),
    target_note=_("30 to 50 % is usual"),
)
_register(
    "kb_deflection_measured",
    name=_("Deflection, measured"),
    description=_(
        "Suggestions are hidden from a drawn share of visitors of the ticket form. In "
        "points of the share that sends a ticket; each visitor counts once, by the first "
        "visit."
    ),
    formula=_(
        "Share that sends a ticket without suggestions − share that sends one with them"
    ),
    unit=Unit.POINTS,
    better=Better.HIGHER,
    grain=Grain.FORM_VISITOR,
)
_register(
    "kb_helpfulness",
    name=_("Article helpfulness"),
    description=_("Answers to “Was this helpful?” under articles."),
    formula=_("Votes “yes” ÷ votes"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    grain=Grain.VOTE,
    target=Level(at_least=0.80),
    warning=Level(at_least=0.60),
)
_register(
    "kb_search_success",
    name=_("Search success"),
    description=_("Searches in the help centre from which an article was opened."),
    formula=_("Searches with an article opened ÷ searches"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    grain=Grain.SEARCH,
    target=Level(at_least=0.60),
    warning=Level(at_least=0.40),
)
_register(
    "kb_zero_results",
    name=_("Searches without a result"),
    description=_("What customers look for and nobody wrote, or in other words."),
    formula=_("Searches that showed no article ÷ searches"),
    unit=Unit.SHARE,
    better=Better.LOWER,
    grain=Grain.SEARCH,
    target=Level(at_most=0.10),
    warning=Level(at_most=0.20),
)
_register(
    "kb_coverage",
    name=_("Article coverage"),
    description=_(
        "Of the ticket categories that came up in the period, those with a published "
        "article that customers may read."
    ),
    formula=_("Categories with an article ÷ categories with a ticket"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    grain=Grain.TICKET_CATEGORY,
    target=Level(at_least=0.80),
    warning=Level(at_least=0.50),
)
_register(
    "kb_freshness",
    name=_("Content freshness"),
    description=_("Reviewed in the last 183 days, as of now; the period is ignored."),
    formula=_("Published articles reviewed in 6 months ÷ published articles"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    grain=Grain.ARTICLE,
    target=Level(at_least=0.90),
    warning=Level(at_least=0.70),
)
_register(
    "kb_time_to_answer",
    name=_("Time to answer"),
    description=_(
        "From the first search to the article that no search followed within ten "
        "minutes, and no ticket. The median: a tab left open would spoil a mean."
    ),
    formula=_("Median time from search to answer"),
    unit=Unit.SECONDS,
    better=Better.LOWER,
    grain=Grain.ANSWER,
    target=Level(at_most=120),
    warning=Level(at_most=300),
)
