"""What triggers watch: the figure now, its past windows, and when it would have fired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from supportops.metrics import catalogue, display
from supportops.metrics.catalogue import Figure, Grain, Metric, Unit
from supportops.metrics.core.rows import Selected
from supportops.metrics.registry import dimensions
from supportops.metrics.scopes import FactStore, Scope, ScopeInvalid, today
from workforce.capacity.core.triggers import Reading, Rule, firings, standing
from workforce.capacity.models import Trigger
from workforce.capacity.selectors.decisions.narrowing import (
    Filters,
    filters_words,
    fitting,
    scope_words,
)

QUALITY_METRICS = ("qa_score", "csat", "reopen_rate")
"""Metrics that say whether automation harms quality: what a guardrail may watch."""
DIMENSIONS = ("channel", "team", "tier", "priority")
"""What a trigger may be narrowed by. Never a person: decisions are about work."""
TREND_WINDOWS = 12
YEAR = timedelta(days=365)
_OFFSETS = 7
"""A window longer than a week is looked at this often while it passes."""


@dataclass(frozen=True)
class Watched:
    """What a trigger asks of the catalogue: metric, filters, window.

    ``queues`` are those filters that come from the decision's queues.
    """

    metric: Metric
    filters: Filters
    days: int
    queues: Filters = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Say what is counted, where the trigger's own filters do not."""
        is_own = bool(self.filters) and not self.queues
        return "" if is_own else scope_words(self.metric, self.queues)

    def scope(self, start: date, end: date, at: datetime, facts: FactStore) -> Scope:
        """Everything counts, whoever asks: what is decided is the same for all."""
        return Scope(start, end, dict(self.filters), visible=None, at=at, facts=facts)


class CannotWatch(ValueError):  # noqa: N818 -- reads as what it says
    """The metric or a filter of a trigger is not known; the message says which."""


def watched_by(trigger: Trigger, queues: Filters) -> Watched:
    """Read what a trigger watches within the queues of its decision.

    ``queues`` is what ``filters_of`` says of them; what the trigger itself is narrowed by
    counts before it. Raises ``CannotWatch``.
    """
    what = watched(trigger.metric, trigger.filters, trigger.window_days)
    fit = fitting(what.metric, queues)
    held = {name: each for name, each in fit.items() if name not in what.filters}
    return replace(what, filters={**what.filters, **held}, queues=held)


def watched(metric: str, filters: Mapping[str, Sequence[str]], days: int) -> Watched:
    """Read a metric, filters and a window as they are written. Raises ``CannotWatch``."""
    try:
        found = catalogue.get(metric)
    except KeyError as error:
        raise CannotWatch(
            _("“%(code)s” is not in the catalogue of metrics.") % {"code": metric}
        ) from error
    known = dimensions()
    parsed: dict[str, frozenset[int]] = {}
    for name, values in filters.items():
        if name not in DIMENSIONS or name not in known:
            raise CannotWatch(
                _("Figures are not narrowed by “%(name)s”.") % {"name": name}
            )
        parsed[name] = _numbers(name, values)
    return Watched(found, parsed, days)


def _numbers(name: str, values: Sequence[str]) -> frozenset[int]:
    dimension = dimensions()[name]
    try:
        return frozenset().union(*(dimension.parse(str(value)) for value in values))
    except ValueError as error:
        raise CannotWatch(
            _("“%(value)s” is no known %(name)s any more.")
            % {"value": ", ".join(map(str, values)), "name": dimension.label}
        ) from error


def rule_of(trigger: Trigger, figure: Figure, metric: Metric) -> Rule:
    """Return the rule of a trigger for this figure.

    A plain count is its own number of facts: asking for a minimum of them would keep
    “falls below 10” from ever firing.
    """
    return Rule(
        trigger.threshold,
        trigger.direction == Trigger.Direction.ABOVE,
        0 if is_plain_count(metric, figure) else trigger.minimum_n,
    )


def is_plain_count(metric: Metric, figure: Figure) -> bool:
    return metric.unit is Unit.COUNT and (
        figure.value is None or figure.value == figure.n
    )


def reading_of(figure: Figure) -> Reading:
    return Reading(figure.value, figure.n, figure.low, figure.high)


def figure_now(what: Watched, at: datetime, facts: FactStore | None = None) -> Figure:
    """Compute the figure of the window that ends with today. Raises ``CannotWatch``."""
    end = today(at) + timedelta(days=1)
    start = end - timedelta(days=what.days)
    try:
        return what.metric.compute(what.scope(start, end, at, facts or FactStore()))
    except ScopeInvalid as error:
        raise CannotWatch(str(error)) from error


def past_windows(
    what: Watched,
    *,
    end: date,
    count: int,
    at: datetime,
    facts: FactStore | None = None,
) -> list[tuple[date, Figure]]:
    """Return the figure of each of ``count`` windows before ``end``, oldest first.

    Windows follow each other without overlap; each is named by its last day. Empty for
    a metric that knows no past. Raises ``CannotWatch``.
    """
    metric = what.metric
    if metric.measure is None:
        return []
    start = end - timedelta(days=what.days * count)
    scope = what.scope(start, end, at, facts or FactStore())
    try:
        rows = scope.select(metric.segment)
    except ScopeInvalid as error:
        raise CannotWatch(str(error)) from error

    def window_of_each(selected: Selected) -> Any:
        since = np.asarray(selected["day"]) - start.toordinal()
        return (since // what.days).astype(np.intp)

    totals = metric.measure(rows, window_of_each(rows), count)
    figures = [
        Figure(
            value=_number(totals.value[index]),
            n=int(totals.n[index]),
            low=_number(totals.low[index]),
            high=_number(totals.high[index]),
        )
        for index in range(count)
    ]
    last_days = [
        start + timedelta(days=what.days * (index + 1) - 1) for index in range(count)
    ]
    return list(zip(last_days, figures, strict=True))


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True)
class Preview:
    """When a trigger would have fired in the last twelve months."""

    first_day: date
    days: list[date]
    step_days: int
    readings: int


def would_have_fired(trigger: Trigger, at: datetime, queues: Filters) -> Preview | None:
    """Look a trigger up in the last twelve months; ``None`` for a figure without past.

    Windows are read as they passed, at most seven times a window, and not before the
    first day that has a fact. Raises ``CannotWatch``.
    """
    what = watched_by(trigger, queues)
    if what.metric.measure is None:
        return None
    facts = FactStore()
    step = -(-what.days // _OFFSETS)
    end = today(at) + timedelta(days=1)
    count = max(1, YEAR.days // what.days)
    found: dict[date, Figure] = {}
    for offset in range(0, what.days, step):
        found |= past_windows(
            what, end=end - timedelta(days=offset), count=count, at=at, facts=facts
        )
    days = sorted(found)
    while days and not found[days[0]].n:
        days.pop(0)
    if not days:
        return Preview(end, [], step, 0)
    rule = rule_of(trigger, found[days[-1]], what.metric)
    fired = firings(rule, [reading_of(found[day]) for day in days])
    return Preview(days[0], [days[i] for i in fired], step, len(days))


# In words ---------------------------------------------------------------------------------


def filter_words(filters: Mapping[str, Sequence[str]]) -> str:
    """Write filters out: “channel: Chat, Phone; team: Billing”."""
    known = dimensions()
    parts = []
    for name, values in sorted(filters.items()):
        if name not in known or not values:
            continue
        try:
            parts.append(filters_words({name: _numbers(name, values)}))
        except CannotWatch:
            parts.append(f"{known[name].label}: {', '.join(map(str, values))}")
    return "; ".join(parts)


def rule_words(trigger: Trigger) -> str:
    """Write when a trigger fires: “Reopen rate rises above 8 % over 7 days”."""
    try:
        metric: Metric | None = catalogue.get(trigger.metric)
    except KeyError:
        metric = None
    bound = str(trigger.threshold)
    if metric is not None:
        bound = threshold_text(trigger.threshold, metric)
    words = _("%(metric)s %(direction)s %(bound)s over %(days)d days") % {
        "metric": metric.name if metric else trigger.metric,
        "direction": Trigger.Direction(trigger.direction).label,
        "bound": bound,
        "days": trigger.window_days,
    }
    if metric is not None and metric.grain is Grain.NOW:
        words = _("%(metric)s %(direction)s %(bound)s at the moment") % {
            "metric": metric.name,
            "direction": Trigger.Direction(trigger.direction).label,
            "bound": bound,
        }
    only = filter_words(trigger.filters)
    return f"{words} ({only})" if only else words


def threshold_text(value: float, metric: Metric) -> str:
    return display.value_text(value, metric.unit, display.time_words(metric))


def stored_figure(trigger: Trigger) -> Figure:
    """The figure as the last check left it."""
    return Figure(
        value=trigger.last_value,
        n=trigger.last_n or 0,
        low=trigger.last_low,
        high=trigger.last_high,
    )


def stored_standing(trigger: Trigger) -> str:
    """Say how the last checked figure stands; ``UNKNOWN`` before the first check."""
    figure = stored_figure(trigger)
    try:
        metric = catalogue.get(trigger.metric)
    except KeyError:
        return standing(Rule(0, above=True), Reading(None)).value
    return standing(rule_of(trigger, figure, metric), reading_of(figure)).value
