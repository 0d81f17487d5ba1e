"""Reads of the compliance page: figures, where promises were missed, and the promises.

Everything is cut from the same day segments through the metric catalogue, so that a
figure here, its export, the API's and the list behind it are one and the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from sla.core.attainment import worst_first
from sla.core.local_hours import local_slots, week_counts
from sla.metrics.kpis import counted, missed, severe
from sla.metrics.segments import PROMISES
from sla.models import SlaClock
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Figure, Metric
from supportops.metrics.core.periods import Step, step_for
from supportops.metrics.core.rows import Selected
from supportops.metrics.registry import dimension
from supportops.metrics.scopes import Scope
from supportops.metrics.selectors import days_with_facts
from tickets.selectors import tickets_visible_to
from workforce.people.models import User

HEADLINE = (
    "response_sla",
    "resolution_sla",
    "sla_response_time",
    "sla_resolution_time",
    "breach_count",
    "severe_breach_count",
)
# Which KPI the breakdowns show for the promise chosen; all four kinds without one.
SHARE_OF = {
    "first_response": "response_sla",
    "next_reply": "next_reply_sla",
    "periodic_update": "update_sla",
    "resolution": "resolution_sla",
}
OUTCOMES = ("kept", "missed", "severe", "excluded")


@dataclass(frozen=True)
class Headline:
    """One figure beside its predecessor."""

    metric: Metric
    figure: Figure
    before: Figure


@dataclass(frozen=True)
class Group:
    """One value of a dimension with its figure, and its name in addresses."""

    key: str
    name: str
    figure: Figure


@dataclass(frozen=True)
class Matrix:
    """Figures by priority (rows) and tier (columns); a cell may be missing."""

    tiers: list[tuple[str, str]]
    rows: list[tuple[str, str, list[Figure | None]]]


def share_metric(promise: str) -> Metric:
    """The KPI that trend, matrix and rankings show."""
    return catalogue.get(SHARE_OF.get(promise, "promises_kept"))


def headline(scope: Scope) -> list[Headline]:
    """The six figures of the seed's dashboard, with the period before."""
    whole = scope.without("metric")
    previous = scope.period.previous()
    before = whole.over(previous.start, previous.end)
    return [
        Headline(metric, metric.compute(whole), metric.compute(before))
        for metric in map(catalogue.get, HEADLINE)
    ]


def excluded(scope: Scope) -> Figure:
    return catalogue.get("excluded_promises").compute(scope)


def trend(scope: Scope, metric: Metric) -> tuple[Step, list[tuple[date, Figure]]]:
    step = step_for(scope.period.days)
    return step, metric.trend(scope, step)


def matrix(scope: Scope, metric: Metric) -> Matrix:
    """Figures of every priority and tier that occur; those without one come last."""
    cells = {
        key: figure
        for key, figure in metric.by(scope, "priority", "tier").items()
        if figure.n
    }
    tiers = sorted({tier for _p, tier in cells}, key=lambda t: (t == 0, t))
    priorities = sorted({priority for priority, _t in cells}, key=lambda p: (p == 0, p))
    tier_names = dimension("tier").names(tiers)
    priority_names = dimension("priority").names(priorities)
    return Matrix(
        tiers=[(dimension("tier").write(t), tier_names.get(t, str(t))) for t in tiers],
        rows=[
            (
                dimension("priority").write(priority),
                priority_names[priority],
                [cells.get((priority, tier)) for tier in tiers],
            )
            for priority in priorities
        ],
    )


def breaches_by_hour(scope: Scope, zone: tzinfo) -> NDArray[np.int64]:
    """Missed promises by weekday and hour of the viewer's zone, shape (7, 24)."""
    rows = scope.select(PROMISES)
    late = rows["judged_at"][missed(rows)]
    return week_counts(local_slots(late, zone))


def groups(scope: Scope, metric: Metric, code: str) -> list[Group]:
    """The figure of each value of one dimension, largest groups first."""
    figures = {key[0]: f for key, f in metric.by(scope, code).items() if f.n}
    order = sorted(figures, key=lambda key: (-figures[key].n, key))
    return _named(code, order, figures)


def worst(scope: Scope, metric: Metric, code: str, *, limit: int) -> list[Group]:
    """The groups that most surely keep too little, by the upper end of the interval."""
    figures = {key[0]: f for key, f in metric.by(scope, code).items() if f.n}
    keys = list(figures)
    order = worst_first(
        [figures[key].hits or 0 for key in keys], [figures[key].n for key in keys]
    )
    return _named(code, [keys[place] for place in order[:limit].tolist()], figures)


def _named(
    code: str, order: Iterable[int], figures: Mapping[int, Figure]
) -> list[Group]:
    kept = list(order)
    names = dimension(code).names(kept)
    return [
        Group(
            dimension(code).write_exactly(key), names.get(key, f"#{key}"), figures[key]
        )
        for key in kept
    ]


def options(scope: Scope, code: str) -> list[tuple[str, str]]:
    """Values that occur in the period whatever else is filtered, by name."""
    rows = Scope(scope.start, scope.end, visible=scope.visible, facts=scope.facts)
    present = np.flatnonzero(np.bincount(rows.select(PROMISES)[code].astype(np.intp)))
    found = dimension(code)
    chosen = scope.filters.get(code, frozenset())
    names = found.names({*present.tolist(), *chosen})
    return [
        (found.write(key), name)
        for key, name in sorted(names.items(), key=lambda item: item[1].casefold())
    ]


def promise_ids(
    scope: Scope,
    *,
    outcome: str = "",
    slot: int | None = None,
    zone: tzinfo | None = None,
) -> NDArray[np.int64]:
    """Clocks behind a figure, latest first: the rows that it counted.

    ``outcome`` is one of `OUTCOMES` or empty for every promise judged; ``slot`` (24 ×
    weekday + hour in ``zone``) is a cell of the heat map.
    """
    rows = scope.select(PROMISES)
    rows = rows.where(_outcome(rows, outcome))
    if slot is not None and zone is not None:
        rows = rows.where(local_slots(rows["judged_at"], zone) == slot)
    clocks = rows["clock"].astype(np.int64)
    judged = rows["judged_at"].astype(np.int64)
    return clocks[np.lexsort((-clocks, -judged))]


def ticket_count(scope: Scope, *, outcome: str) -> int:
    """How many different tickets those promises are of."""
    rows = scope.select(PROMISES)
    return int(np.unique(rows["ticket"][_outcome(rows, outcome)]).size)


def _outcome(rows: Selected, outcome: str) -> NDArray[np.bool_]:
    if outcome == "excluded":
        return ~counted(rows)
    if outcome == "missed":
        return missed(rows)
    if outcome == "severe":
        return severe(rows)
    judged = counted(rows)
    return judged & (rows["kept"] != 0) if outcome == "kept" else judged


def promises(ids: Iterable[int], user: User) -> list[SlaClock]:
    """Read the clocks with these ids, in their order, as far as ``user`` may see them.

    The segments may be half a minute old; what a person sees is judged on the tickets.
    """
    wanted = list(ids)
    found = {clock.pk: clock for clock in _shown(wanted, user)}
    return [found[pk] for pk in wanted if pk in found]


def _shown(ids: list[int], user: User) -> QuerySet[SlaClock]:
    return SlaClock.objects.filter(
        pk__in=ids, ticket__in=tickets_visible_to(user)
    ).select_related(
        "ticket__organisation__tier",
        "ticket__team",
        "ticket__assignee",
        "ticket__category",
        "policy_version__policy",
    )


def latest_period() -> tuple[date, date] | None:
    """First and last day with promises, for a page that has none to show."""
    return days_with_facts(PROMISES)
