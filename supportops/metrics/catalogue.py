"""Every KPI, defined once. Pages, exports, alerts and the API ask ``get(code)``."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from supportops.metrics.core.measures import Totals
from supportops.metrics.core.periods import Step, bucket_starts
from supportops.metrics.core.rows import Selected, encode
from supportops.metrics.scopes import Scope

Text = str | Promise
Measure = Callable[[Selected, NDArray[np.intp], int], Totals]


class Unit(StrEnum):
    """What a value counts. Shares are fractions below the template."""

    SHARE = "share"
    SECONDS = "seconds"
    COUNT = "count"
    RATIO = "ratio"
    POINTS = "points"
    MONEY = "money"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    WITHIN = "within"


class Grain(StrEnum):
    """What one fact under a figure is, and the day it counts for."""

    PROMISE = "promise"
    CREATED = "ticket_created"
    RESOLVED = "ticket_resolved"
    NOW = "open_ticket"
    REVIEW = "review"
    AGENT_WEEK = "agent_week"
    RATED_TWICE = "ticket_rated_twice"
    AGENT_DAY = "agent_day"
    QUEUE_DAY = "queue_day"
    INTERVAL = "interval"
    CALCULATION = "calculation"
    SEARCH = "search"
    READER = "reader"
    FORM_VISITOR = "form_visitor"
    VOTE = "vote"
    ANSWER = "answer"
    ARTICLE = "article"
    TICKET_CATEGORY = "ticket_category"


GRAIN_NAMES: dict[Grain, Text] = {
    Grain.PROMISE: _("Promises, on the day each was kept or came due unkept"),
    Grain.CREATED: _("Tickets, on the day each was created"),
    Grain.RESOLVED: _("Tickets, on the day each was resolved"),
    Grain.NOW: _("Tickets open at this moment; the period does not matter"),
    Grain.REVIEW: _("Reviews, on the day each was released to the agent"),
    Grain.AGENT_WEEK: _("Agents with a resolved ticket, in each week"),
    Grain.RATED_TWICE: _(
        "Tickets scored by two or more, on the day the last score came"
    ),
    Grain.AGENT_DAY: _("Agents with a resolved ticket, on each day"),
    Grain.QUEUE_DAY: _("Days of queues that were forecast before they came"),
    Grain.INTERVAL: _("Intervals in which a queue needs somebody"),
    Grain.CALCULATION: _("One calculation with its inputs of now"),
    Grain.SEARCH: _("Searches in the help centre, on the day of each"),
    Grain.READER: _("Visitors who opened an article in the period"),
    Grain.FORM_VISITOR: _("Visitors of the ticket form, by their first visit"),
    Grain.VOTE: _("Votes on articles, on the day of each"),
    Grain.ANSWER: _("Searches that ended with an article, on the day of each"),
    Grain.ARTICLE: _("Published articles, as they are at this moment"),
    Grain.TICKET_CATEGORY: _("Categories of tickets created in the period"),
}


class Area(StrEnum):
    """Chapters of the catalogue page."""

    PROMISES = "promises"
    SPEED = "speed"
    QUALITY = "quality"
    FLOW = "flow"
    QUEUE = "queue"
    CAPACITY = "capacity"
    SELF_SERVICE = "self_service"


class Verdict(StrEnum):
    MET = "met"
    NEAR = "near"
    WARNING = "warning"
    # Beyond a target without a warning level: nothing says how far is far.
    MISSED = "missed"
    NONE = "none"


@dataclass(frozen=True)
class Level:
    """A bound on a value from below, from above, or both. Bounds themselves pass."""

    at_least: float | None = None
    at_most: float | None = None

    def __bool__(self) -> bool:
        return self.at_least is not None or self.at_most is not None

    def holds(self, value: float) -> bool:
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True)
class Figure:
    """A metric's value for one scope.

    ``n`` is the number of facts under it, ``hits`` a share's numerator, ``low`` and
    ``high`` its 95 % interval where one is defined. ``target`` replaces the metric's
    own where the facts bring theirs (a mean against what was promised).
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    target: Level = Level()
    hits: int | None = None


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One KPI: what it means, what is good, and how it is computed.

    Most count the rows of a segment with ``measure`` and can be cut by any dimension of
    it; the others give ``of_scope``. A level in ``warning`` is what still passes: a
    value outside it is a warning.
    """

    code: str
    name: Text
    description: Text
    formula: Text
    unit: Unit
    better: Better
    grain: Grain
    area: Area
    target: Level = Level()
    warning: Level = Level()
    target_note: Text = ""
    benchmarks: Mapping[str, Level] = field(default_factory=dict)
    segment: str = ""
    measure: Measure | None = None
    of_scope: Callable[[Scope], Figure] | None = None

    def compute(self, scope: Scope) -> Figure:
        """Return the one figure of ``scope``: the only way to it anywhere."""
        if self.of_scope is not None:
            return self.of_scope(scope)
        groups = np.zeros(scope.select(self.segment).size, dtype=np.intp)
        return self._figures(scope, groups, 1)[0]

    @property
    def has_groups(self) -> bool:
        return self.measure is not None

    def by(self, scope: Scope, *columns: str) -> dict[tuple[int, ...], Figure]:
        """Return the figure of each combination of values that occurs."""
        scope.check_cut(self.segment, *columns)
        rows = scope.select(self.segment)
        if len(columns) == 1:
            values, groups = encode(rows[columns[0]])
            figures = self._figures(scope, groups, values.size)
            return dict(
                zip(((value,) for value in values.tolist()), figures, strict=True)
            )
        codes = np.zeros(rows.size, dtype=np.intp)
        parts: list[NDArray[np.int64]] = []
        for column in columns:
            keys, places = encode(rows[column])
            codes = codes * max(1, keys.size) + places
            parts.append(keys)
        present, groups = encode(codes)
        names = []
        for code in present.tolist():
            key: list[int] = []
            for keys in reversed(parts):
                code, place = divmod(code, keys.size)
                key.insert(0, int(keys[place]))
            names.append(tuple(key))
        return dict(zip(names, self._figures(scope, groups, present.size), strict=True))

    def trend(self, scope: Scope, step: Step) -> list[tuple[date, Figure]]:
        """Return the figure of each bucket of the period; empty ones have n = 0."""
        starts = bucket_starts(scope.start, scope.end, step)
        if not self.has_groups:
            ends = [*starts[1:], scope.end]
            return [
                (start, self.compute(scope.over(start, end)))
                for start, end in zip(starts, ends, strict=True)
            ]

        def bucket_of_each(rows: Selected) -> NDArray[np.intp]:
            edges = np.array([start.toordinal() for start in starts])
            places = np.searchsorted(edges, rows["day"], side="right") - 1
            return places.astype(np.intp)

        rows = scope.select(self.segment)
        groups = rows.derive(f"bucket by {step}", bucket_of_each)
        figures = self._figures(scope, groups, len(starts))
        return list(zip(starts, figures, strict=True))

    def judge(self, figure: Figure) -> Verdict:
        """Say how the figure stands to its target and warning."""
        target = figure.target or self.target
        if figure.value is None or not (target or self.warning):
            return Verdict.NONE
        if target and target.holds(figure.value):
            return Verdict.MET
        if not self.warning:
            return Verdict.MISSED
        return Verdict.NEAR if self.warning.holds(figure.value) else Verdict.WARNING

    def _figures(
        self, scope: Scope, groups: NDArray[np.intp], size: int
    ) -> list[Figure]:
        if self.measure is None:
            raise TypeError(f"{self.code} cannot be cut into groups")
        totals = self.measure(scope.select(self.segment), groups, size)
        return [_figure(totals, index) for index in range(size)]


def _figure(totals: Totals, index: int) -> Figure:
    target = _number(totals.target[index])
    return Figure(
        value=_number(totals.value[index]),
        n=int(totals.n[index]),
        low=_number(totals.low[index]),
        high=_number(totals.high[index]),
        target=Level(at_most=target),
        hits=None if totals.hits is None else int(totals.hits[index]),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


_metrics: dict[str, Metric] = {}


def register(metric: Metric) -> Metric:
    """Add a metric to the catalogue. A code means one thing only."""
    held = _metrics.get(metric.code)
    if held is not None and held != metric:
        raise ValueError(f"two metrics claim the code {metric.code!r}")
    _metrics[metric.code] = metric
    return metric


def get(code: str) -> Metric:
    """Return the metric, or raise ``KeyError`` naming the code."""
    return _metrics[code]


def all() -> list[Metric]:  # noqa: A001 -- read as catalogue.all()
    """Every metric, in the order of the catalogue page."""
    order = list(Area)
    return sorted(_metrics.values(), key=lambda metric: order.index(metric.area))
