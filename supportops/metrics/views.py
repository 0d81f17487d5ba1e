"""The catalogue page: every metric, what it means, and how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from supportops.metrics import catalogue, display
from supportops.metrics.catalogue import (
    GRAIN_NAMES,
    Area,
    Figure,
    Grain,
    Metric,
    Text,
)
from supportops.metrics.core.periods import Preset, step_for
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import Scope, ScopeInvalid, scope_from
from supportops.metrics.selectors import count_waiting

# Each preset with the audience whose report it is (the seed's reporting cadence).
PRESETS: dict[Preset, tuple[Text, Text]] = {
    Preset.TODAY: (_("Today"), _("live: agents and leads")),
    Preset.YESTERDAY: (_("Yesterday"), _("daily: managers")),
    Preset.DAYS_7: (_("7 days"), _("weekly: directors")),
    Preset.DAYS_30: (_("30 days"), _("rolling month")),
    Preset.DAYS_90: (_("90 days"), _("rolling quarter")),
    Preset.LAST_MONTH: (_("Last month"), _("monthly: VP and executives")),
    Preset.LAST_QUARTER: (_("Last quarter"), _("quarterly: C-level and board")),
    Preset.MONTHS_12: (_("12 months"), _("whole months")),
}
AREA_NAMES: dict[Area, Text] = {
    Area.PROMISES: _("Promises"),
    Area.SPEED: _("Speed"),
    Area.QUALITY: _("Quality"),
    Area.FLOW: _("Flow"),
    Area.QUEUE: _("Queue"),
    Area.CAPACITY: _("Capacity"),
    Area.SELF_SERVICE: _("Self-service"),
}


@dataclass(frozen=True)
class Entry:
    """One metric of the page, with its figure and the line of its period."""

    metric: Metric
    figure: Figure
    trend: list[Figure]

    @property
    def grain(self) -> Text:
        return GRAIN_NAMES[self.metric.grain]

    @property
    def stages(self) -> list[tuple[Text, str]]:
        return display.stage_text(self.metric)


def entries(scope: Scope) -> Iterator[Entry]:
    """Compute every metric of the catalogue for one scope."""
    step = step_for(scope.period.days)
    for metric in catalogue.all():
        trend = metric.trend(scope, step) if metric.has_groups else []
        yield Entry(metric, metric.compute(scope), [figure for _day, figure in trend])


class CatalogueView(StaffPageMixin, TemplateView):
    permission = "metrics.view_catalogue"
    title = _("Metrics")
    template_name = "metrics/catalogue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        period = {"period": request.GET.getlist("period")}
        try:
            scope = scope_from(period, user=request.user, at=now)
        except ScopeInvalid as refusal:
            scope = scope_from({}, user=request.user, at=now)
            return self._page(scope, str(refusal), status=400)
        if "csv" in request.GET:
            return _as_csv(scope)
        return self._page(scope)

    def _page(self, scope: Scope, problem: str = "", status: int = 200) -> HttpResponse:
        chosen = self.request.GET.get("period") or Preset.DAYS_30
        sections = [
            (AREA_NAMES[area], list(members))
            for area, members in groupby(entries(scope), key=lambda e: e.metric.area)
        ]
        context = self.get_context_data(
            sections=sections,
            scope=scope,
            presets=PRESETS.items(),
            chosen=Preset.DAYS_30 if problem else chosen,
            problem=problem,
            waiting_days=count_waiting(scope.start, scope.end),
            now_grain=Grain.NOW,
        )
        return self.render_to_response(context, status=status)


def _as_csv(scope: Scope) -> Any:
    header = (
        "code", "name", "formula", "unit", "value", "low", "high", "n",
        "target", "warning",
    )  # fmt: skip
    rows = (
        (
            e.metric.code,
            e.metric.name,
            e.metric.formula,
            e.metric.unit.value,
            e.figure.value,
            e.figure.low,
            e.figure.high,
            e.figure.n,
            display.target_text(e.metric, e.figure),
            display.warning_text(e.metric.warning, e.metric.unit),
        )
        for e in entries(scope)
    )
    return csv_response(f"metrics-{scope.start}-{scope.period.last}", header, rows)
