"""The tables of the compliance page as CSV, from the same reads as the page."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.selectors import compliance
from supportops.metrics import display
from supportops.metrics.catalogue import Figure, Metric, Text
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import Scope, ScopeInvalid

RANKED: dict[str, Text] = {
    "team": gettext_lazy("Teams"),
    "category": gettext_lazy("Categories"),
    "agent": gettext_lazy("Agents"),
}

_FIGURE_HEADER = ("value", "low", "high", "n", "kept")


def _numbers(figure: Figure) -> tuple[Any, ...]:
    return (figure.value, figure.low, figure.high, figure.n, figure.hits)


def _headline_table(scope: Scope, metric: Metric) -> tuple[Any, Any]:
    rows = [
        (
            item.metric.code,
            str(item.metric.name),
            item.metric.unit.value,
            item.figure.value,
            item.figure.n,
            item.figure.low,
            item.figure.high,
            display.target_text(item.metric, item.figure),
            item.before.value,
            item.before.n,
        )
        for item in compliance.headline(scope)
    ]
    header = (
        "code", "name", "unit", "value", "n", "low", "high", "target",
        "previous_value", "previous_n",
    )  # fmt: skip
    return header, rows


def _trend_table(scope: Scope, metric: Metric) -> tuple[Any, Any]:
    step, points = compliance.trend(scope, metric)
    rows = [(start.isoformat(), *_numbers(figure)) for start, figure in points]
    return (f"{step.value}_from", *_FIGURE_HEADER), rows


def _matrix_table(scope: Scope, metric: Metric) -> tuple[Any, Any]:
    table = compliance.matrix(scope, metric)
    rows = [
        (priority, tier, *_numbers(figure))
        for _key, priority, figures in table.rows
        for (_tier_key, tier), figure in zip(table.tiers, figures, strict=True)
        if figure
    ]
    return ("priority", "tier", *_FIGURE_HEADER), rows


def _heat_table(scope: Scope, metric: Metric) -> tuple[Any, Any]:
    zone = timezone.get_current_timezone()
    counts = compliance.breaches_by_hour(scope, zone).tolist()
    rows = [(str(WEEKDAYS[day]), *row) for day, row in enumerate(counts)]
    return (f"weekday ({zone})", *(f"{hour:02}:00" for hour in range(24))), rows


def _group_table(code: str) -> Callable[[Scope, Metric], tuple[Any, Any]]:
    def table(scope: Scope, metric: Metric) -> tuple[Any, Any]:
        found = compliance.groups(scope, metric, code)
        return (code, *_FIGURE_HEADER), [(g.name, *_numbers(g.figure)) for g in found]

    return table


TABLES: dict[str, Callable[[Scope, Metric], tuple[Any, Any]]] = {
    "figures": _headline_table,
    "trend": _trend_table,
    "matrix": _matrix_table,
    "hours": _heat_table,
    **{code: _group_table(code) for code in (*RANKED, "channel")},
}


def table_csv(name: str, scope: Scope, metric: Metric) -> HttpResponseBase:
    if name not in TABLES:
        raise ScopeInvalid(
            _("“%(value)s” is no table of this page. Use one of %(known)s.")
            % {"value": name, "known": ", ".join(TABLES)}
        )
    header, rows = TABLES[name](scope, metric)
    return csv_response(
        f"compliance-{name}-{scope.start}-{scope.period.last}", header, rows
    )
