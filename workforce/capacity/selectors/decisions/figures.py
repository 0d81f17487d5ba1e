"""Live figures of a decision: metrics by their catalogue definitions, for its horizon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from supportops.metrics import catalogue, display
from supportops.metrics.catalogue import GRAIN_NAMES, Figure, Grain, Metric, Verdict
from supportops.metrics.scopes import FactStore, Scope, today
from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions.narrowing import (
    Filters,
    filters_of,
    fitting,
    scope_words,
)

SUGGESTED = ("ticket_volume", "resolution_time", "csat")
"""What a decision about load is judged by; those the catalogue does not know are left out."""
DEFAULT_DAYS = 28
LONGEST = 366


@dataclass(frozen=True)
class Window:
    """Days ``[start, end)`` that figures are read for, and why these."""

    start: date
    end: date
    is_horizon: bool

    def words(self) -> str:
        """Say which days these are, and whether they are the horizon's own."""
        span = {
            "first": day_text(self.start),
            "last": day_text(self.end - timedelta(days=1)),
        }
        if self.is_horizon:
            return _("%(first)s to %(last)s, the horizon so far") % span
        return _("%(first)s to %(last)s: the horizon has not begun") % span


def day_text(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""


def window_of(decision: Decision, at: datetime) -> Window:
    """Return the part of the horizon that has passed, or as many days before today.

    A horizon that has not begun, or is not set, is replaced by the days before: at most
    a year, four weeks without a horizon.
    """
    tomorrow = today(at) + timedelta(days=1)
    first, last = decision.starts_on, decision.ends_on
    if first is not None and first < tomorrow:
        end = min(last + timedelta(days=1), tomorrow) if last else tomorrow
        return Window(max(first, end - timedelta(days=LONGEST)), end, True)
    days = DEFAULT_DAYS
    if first is not None and last is not None:
        days = min((last - first).days + 1, LONGEST)
    return Window(tomorrow - timedelta(days=days), tomorrow, False)


def figure_of(
    metric: Metric,
    filters: Mapping[str, frozenset[int]],
    window: Window,
    *,
    at: datetime,
    facts: FactStore,
) -> tuple[Figure, Filters]:
    """Compute one metric; say by which of the queues' filters it is narrowed."""
    held = fitting(metric, filters)
    scope = Scope(window.start, window.end, held, at=at, facts=facts)
    return metric.compute(scope), held


def metric_rows(decision: Decision, at: datetime) -> list[dict[str, object]]:
    """Return each metric of the decision with definition and live value, ready to show."""
    window, filters = window_of(decision, at), filters_of(decision)
    facts = FactStore()
    rows = []
    for code in decision.metrics:
        try:
            metric = catalogue.get(code)
        except KeyError:
            rows.append({"code": code, "name": code, "is_unknown": True})
            continue
        figure, held = figure_of(metric, filters, window, at=at, facts=facts)
        rows.append(_row(metric, figure, held))
    return rows


def _row(metric: Metric, figure: Figure, held: Filters) -> dict[str, object]:
    css, verdict = display.verdict_of(metric, figure)
    has_verdict = figure.value is None or metric.judge(figure) is not Verdict.NONE
    return {
        "code": metric.code,
        "name": str(metric.name),
        "definition": str(metric.description),
        "formula": str(metric.formula),
        "grain": str(GRAIN_NAMES[metric.grain]),
        "unit": str(display.UNIT_NAMES[metric.unit]),
        "target": display.target_text(metric, figure),
        "value": figure.value,
        "n": figure.n,
        "low": figure.low,
        "high": figure.high,
        "text": display.value_text(
            figure.value, metric.unit, display.time_words(metric)
        ),
        "interval": display.interval_text(
            figure, metric.unit, display.time_words(metric)
        ),
        "facts_text": display.facts_text(metric, figure),
        "chip": css if has_verdict else "",
        "verdict": str(verdict) if has_verdict else "",
        "is_narrowed": bool(held),
        "scope": scope_words(metric, held),
        "is_now": metric.grain is Grain.NOW,
    }
