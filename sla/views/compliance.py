"""The compliance page: did we keep our word, and where not?"""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from sla.core.local_hours import HOURS_A_DAY
from sla.selectors import compliance
from sla.views.compliance_csv import RANKED, table_csv
from supportops.common.pages import StaffPageMixin
from supportops.metrics import display
from supportops.metrics.catalogue import Figure, Metric
from supportops.metrics.core.periods import Preset
from supportops.metrics.registry import dimension
from supportops.metrics.scopes import Scope, ScopeInvalid, scope_from
from supportops.metrics.selectors import count_waiting
from supportops.metrics.views import PRESETS

FILTERS = (
    "metric",
    "priority",
    "tier",
    "team",
    "agent",
    "channel",
    "category",
    "policy",
)
# Which promises a headline figure opens, as address parameters.
DRILLS: dict[str, dict[str, str]] = {
    "response_sla": {"metric": "first_response", "outcome": "missed"},
    "resolution_sla": {"metric": "resolution", "outcome": "missed"},
    "sla_response_time": {"metric": "first_response"},
    "sla_resolution_time": {"metric": "resolution"},
    "breach_count": {"outcome": "missed", "metric": ""},
    "severe_breach_count": {"outcome": "severe", "metric": ""},
}
WORST_SHOWN = 8
# Below this a point of the trend is drawn hollow: chance alone moves it far.
FEW = 20


def parameters(query: QueryDict) -> dict[str, list[str]]:
    return {name: query.getlist(name) for name in query}


def address(query: QueryDict, **changes: str) -> str:
    """The query string with some values replaced; an empty one is left out."""
    changed = query.copy()
    for name in ("csv", "page"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"?{changed.urlencode()}"


class ScopedPage(StaffPageMixin, TemplateView):
    """A page about one scope; an address that cannot be read says why, with 400."""

    permission = "sla.view_compliance"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        try:
            scope = scope_from(parameters(request.GET), user=request.user, at=now)
            return self.answer(scope)
        except ScopeInvalid as refusal:
            scope = scope_from({}, user=request.user, at=now)
            context = self.get_context_data(
                **self.frame(scope, QueryDict()), problem=str(refusal)
            )
            return self.render_to_response(context, status=400)

    def answer(self, scope: Scope) -> HttpResponseBase:
        raise NotImplementedError

    def frame(self, scope: Scope, query: QueryDict) -> dict[str, Any]:
        """What the filter bar shows."""
        custom = query.get("from") or query.get("to")
        return {
            "scope": scope,
            "presets": [
                (
                    key,
                    name,
                    audience,
                    address(query, period=key, **{"from": "", "to": ""}),
                )
                for key, (name, audience) in PRESETS.items()
            ],
            "chosen": "" if custom else query.get("period") or Preset.DAYS_30,
            "filters": [self._filter(scope, code, query) for code in FILTERS],
            "is_filtered": any(query.get(code) for code in FILTERS),
            "clear": address(query, **dict.fromkeys(FILTERS, "")),
            "own_only": scope.visible is not None,
            "zone": timezone.get_current_timezone_name(),
            "waiting_days": count_waiting(scope.start, scope.end),
        }

    def _filter(self, scope: Scope, code: str, query: QueryDict) -> dict[str, Any]:
        options = compliance.options(scope, code)
        value = query.get(code, "")
        if value and value not in dict(options):
            value = self._listed(scope, code, value, options)
        return {
            "code": code,
            "label": dimension(code).label,
            "options": options,
            "value": value,
        }

    def _listed(
        self, scope: Scope, code: str, value: str, options: list[tuple[str, str]]
    ) -> str:
        """Return the option that stands for a value which the list does not have.

        One category without what is beneath it has no option of its own. Where nothing
        is beneath it, the category's option says the same.
        """
        found = dimension(code)
        chosen = scope.filters.get(code, frozenset())
        for key in chosen:
            if (
                found.write(key) in dict(options)
                and found.parse(found.write(key)) == chosen
            ):
                return found.write(key)
        names = ", ".join(found.names(chosen).values())
        options.append((value, _("%(names)s alone") % {"names": names}))
        return value


class ComplianceView(ScopedPage):
    title = _("Compliance")
    template_name = "sla/compliance/page.html"

    def answer(self, scope: Scope) -> HttpResponseBase:
        metric = compliance.share_metric(self.request.GET.get("metric", ""))
        table = self.request.GET.get("csv")
        if table is not None:
            return table_csv(table, scope, metric)
        return self.render_to_response(
            self.get_context_data(
                **self.frame(scope, self.request.GET) | self._figures(scope, metric)
            )
        )

    def _figures(self, scope: Scope, metric: Metric) -> dict[str, Any]:
        whole = metric.compute(scope)
        left_out = compliance.excluded(scope)
        if not whole.n and not left_out.value:
            latest = self._latest()
            # After a first import of old tickets the days that wait may be any.
            days = {} if latest else {"waiting_days": count_waiting()}
            return {"is_empty": True, "latest": latest, **days}
        query = self.request.GET
        return {
            "metric": metric,
            "whole": whole,
            "figures": [
                (item, address(query, **DRILLS[item.metric.code]))
                for item in compliance.headline(scope)
            ],
            "excluded_count": int(left_out.value or 0),
            "excluded_address": address(query, outcome="excluded"),
            "previous": scope.period.previous(),
            **self._trend(scope, metric),
            **self._matrix(scope, metric),
            **self._heat(scope),
            "rankings": [
                (name, code, self._ranked(scope, metric, code))
                for code, name in RANKED.items()
            ],
            "channels": [
                (group, address(query, channel=group.key))
                for group in compliance.groups(scope, metric, "channel")
            ],
        }

    def _latest(self) -> str:
        """The address of the last 30 days that have anything, whatever the filters."""
        span = compliance.latest_period()
        if span is None:
            return ""
        last = span[1]
        first = max(span[0], last - timedelta(days=29))
        return f"?from={first.isoformat()}&to={last.isoformat()}"

    def _trend(self, scope: Scope, metric: Metric) -> dict[str, Any]:
        step, points = compliance.trend(scope, metric)
        ends = [start for start, _figure in points[1:]] + [scope.end]
        target = metric.target.at_least
        return {
            "step": step,
            "trend": [
                (start, figure, self._days_address(start, end))
                for (start, figure), end in zip(points, ends, strict=True)
            ],
            "trend_chart": {
                "labels": [start.isoformat() for start, _figure in points],
                "values": [_percent(figure.value) for _start, figure in points],
                "n": [figure.n for _start, figure in points],
                "target": _percent(target),
                "name": str(metric.name),
                "target_name": str(_("Target")),
                "count_name": str(_("promises")),
                "few": FEW,
                "few_name": str(_("○ fewer than %(few)d promises") % {"few": FEW})
                if any(0 < figure.n < FEW for _start, figure in points)
                else "",
            },
        }

    def _days_address(self, start: date, end: date) -> str:
        last = (end - timedelta(days=1)).isoformat()
        days = {"from": start.isoformat(), "to": last, "period": ""}
        return address(self.request.GET, outcome="missed", **days)

    def _matrix(self, scope: Scope, metric: Metric) -> dict[str, Any]:
        table = compliance.matrix(scope, metric)
        query = self.request.GET
        return {
            "tiers": [name for _key, name in table.tiers],
            "matrix": [
                (
                    name,
                    [
                        _cell(metric, figure)
                        | {
                            "tier": tier_name,
                            "address": address(
                                query, outcome="missed", priority=priority, tier=tier
                            ),
                        }
                        for (tier, tier_name), figure in zip(
                            table.tiers, figures, strict=True
                        )
                    ],
                )
                for priority, name, figures in table.rows
            ],
        }

    def _heat(self, scope: Scope) -> dict[str, Any]:
        counts = compliance.breaches_by_hour(scope, timezone.get_current_timezone())
        most = int(counts.max())
        base = address(self.request.GET, outcome="missed", slot="")
        return {
            "hours": range(HOURS_A_DAY),
            "heat_total": int(counts.sum()),
            "heat": [
                (
                    WEEKDAYS[weekday],
                    [
                        {
                            "hour": hour,
                            "count": count,
                            "shade": -(-4 * count // most) if most else 0,
                            "address": f"{base}&slot={HOURS_A_DAY * weekday + hour}",
                        }
                        for hour, count in enumerate(row)
                    ],
                )
                for weekday, row in enumerate(counts.tolist())
            ],
        }

    def _ranked(
        self, scope: Scope, metric: Metric, code: str
    ) -> list[tuple[compliance.Group, str]]:
        return [
            (group, address(self.request.GET, outcome="missed", **{code: group.key}))
            for group in compliance.worst(scope, metric, code, limit=WORST_SHOWN)
        ]


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 2)


def _cell(metric: Metric, figure: Figure | None) -> dict[str, Any]:
    """One cell of the matrix: its colour, and how far it is from the target."""
    if figure is None or figure.value is None:
        return {"figure": None}
    goal = metric.target.at_least
    distance = 0.0 if goal is None else figure.value - goal
    could_be_chance = (
        goal is not None
        and figure.low is not None
        and figure.high is not None
        and figure.low <= goal <= figure.high
    )
    return {
        "figure": figure,
        "css": display.verdict_of(metric, figure)[0],
        "distance": display.signed(100 * distance, 1),
        "unsure": could_be_chance,
    }
