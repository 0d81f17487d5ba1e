"""Reads of the quality page: the seven figures, weekly means, bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from qa.core.group_means import GroupMeans, group_means
from qa.core.weekly_limits import Limits, weekly_limits
from qa.metrics.segments import HUNDREDTHS, REVIEWS
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Figure, Metric
from supportops.metrics.core.intervals import share_interval
from supportops.metrics.core.periods import Step, bucket_starts
from supportops.metrics.scopes import Scope

HEADLINE = (
    "qa_score",
    "qa_score_share_on_target",
    "qa_calibration_range",
    "qa_coverage",
    "qa_critical_fails",
    "qa_improvement",
    "qa_csat_correlation",
)
UNCUT = frozenset({"qa_calibration_range"})
"""Figures of all reviewers together: only a scorecard narrows them."""
BANDS = (90, 80, 70, 60, 0)
TREND = timedelta(weeks=13)


@dataclass(frozen=True)
class Headline:
    """One figure beside that of the period before."""

    metric: Metric
    figure: Figure
    before: Figure


@dataclass(frozen=True)
class Band:
    """Random reviews with scores of ``low`` and more, below ``high``."""

    low: int
    high: int
    hits: int
    n: int
    share: float
    least: float
    most: float


@dataclass(frozen=True)
class Week:
    """One week's mean score with what chance alone would leave it between."""

    start: date
    n: int
    value: float | None
    low: float | None
    high: float | None
    lower: float | None
    upper: float | None
    is_signal: bool


@dataclass(frozen=True)
class Trend:
    """Weeks up to the end of a period; ``centre`` is the mean of all their reviews."""

    weeks: tuple[Week, ...]
    centre: float | None
    has_run: bool


def headline(scope: Scope) -> list[Headline]:
    """The seven QA metrics, with the period before."""
    previous = scope.period.previous()
    return [
        Headline(
            metric,
            _figure(metric, scope),
            _figure(metric, scope.over(previous.start, previous.end)),
        )
        for metric in map(catalogue.get, HEADLINE)
    ]


def _figure(metric: Metric, scope: Scope) -> Figure:
    if metric.code in UNCUT:
        scope = scope.without(*(set(scope.filters) - {"scorecard"}))
    return metric.compute(scope)


def random_scores(scope: Scope) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scores of the random reviews in a scope, in points."""
    rows = scope.select(REVIEWS)
    chosen = rows["random"] != 0
    return np.asarray(rows["score"][chosen] / HUNDREDTHS, dtype=np.float64)


def bands(scope: Scope) -> list[Band]:
    """How many random reviews lie in each band, best first, with Wilson intervals."""
    scores = random_scores(scope)
    tops = (101, *BANDS[:-1])
    hits = [
        int(((scores >= low) & (scores < top)).sum())
        for low, top in zip(BANDS, tops, strict=True)
    ]
    n = int(scores.size)
    if not n:
        return []
    bounds = share_interval(hits, [n] * len(hits)).tolist()
    return [
        Band(low, min(top, 100), hit, n, hit / n, least, most)
        for low, top, hit, (least, most) in zip(BANDS, tops, hits, bounds, strict=True)
    ]


def trend_scope(scope: Scope) -> Scope:
    """The same question over 13 weeks from a Monday at least: fewer show no trend."""
    start = min(scope.start, scope.end - TREND)
    return scope.over(start - timedelta(days=start.weekday()), scope.end)


def trend(scope: Scope) -> Trend:
    """Weekly mean of random reviews with control limits."""
    longer = trend_scope(scope)
    rows = longer.select(REVIEWS)
    chosen = rows["random"] != 0
    starts = bucket_starts(longer.start, longer.end, Step.WEEK)
    edges = np.array([start.toordinal() for start in starts])
    week = np.searchsorted(edges, rows["day"][chosen], side="right") - 1
    found = group_means(random_scores(longer), week.astype(np.intp), len(starts))
    limits = weekly_limits(found.n, found.value, found.sd)
    return Trend(
        weeks=tuple(_weeks(starts, found, limits)),
        centre=_known(limits.centre),
        has_run=bool(limits.run.any()),
    )


def _weeks(starts: Sequence[date], found: GroupMeans, limits: Limits) -> list[Week]:
    return [
        Week(
            start=start,
            n=int(found.n[place]),
            value=_known(found.value[place]),
            low=_known(found.low[place]),
            high=_known(found.high[place]),
            lower=_known(limits.lower[place]),
            upper=_known(limits.upper[place]),
            is_signal=bool(limits.beyond[place] or limits.run[place]),
        )
        for place, start in enumerate(starts)
    ]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
