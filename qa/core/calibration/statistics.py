"""How far reviewers agree on the same tickets, and who scores above whom."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.core.agreement import (
    FEW_REVIEWERS,
    UNITS,
    UNITS_AND_REVIEWERS,
    bland_altman,
    bootstrap_interval,
    gwet_ac,
    icc,
)
from qa.core.student import mean_interval

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], float]

MIN_TICKETS = 20
"""Tickets with two ratings or more under which no agreement figure is given.

With a true ICC of .70 and five reviewers, 95 % of estimates from 3 tickets lie between
-.09 and .93, from 20 between .47 and .84.
"""
MIN_BIAS = 3.0
"""Points under which nobody is called harsh or lenient, however sure the figure."""

MIN_IN_CLASS = 5
"""Ratings in the rarer of two classes under which an agreement figure says nothing.

With hardly any critical failure nearly all chance disagreement is gone too: alpha is
then near 0, however rarely two reviewers differ (the prevalence paradox).
"""

NOT_ENOUGH, NO_VARIATION, INCOMPLETE = "not_enough", "no_variation", "incomplete"
RARE = "rare_class"
ON_TWO_CLASSES = ("ALPHA_NOMINAL", "AC1")
CONFIDENCE = 0.95
DRAWS = 1000


@dataclass(frozen=True)
class Ratings:
    """Scores of the same tickets by several reviewers.

    Parameters
    ----------
    reviewers, tickets : tuple of int
        What the rows and the columns are.
    totals : ndarray of float64, shape (r, t)
        Total scores, 0–100; NaN where a reviewer has none.
    failed : ndarray of float64, shape (r, t)
        1 where a critical criterion failed, else 0; NaN where there is no review.
    criteria : mapping of str to ndarray of float64, shape (r, t)
        Points of the chosen level on each criterion.
    scales : mapping of str to tuple of float
        Every value that a criterion can take, also those nobody chose.
    reference : ndarray of float64, shape (t,), optional
        Totals to compare each reviewer with: a baseline's or the agreed ones.
    reference_kind : {"others", "baseline", "consensus"}
        "others" compares each with the mean of all others on the same ticket.
    baseline : int, optional
        The reviewer who is the reference.
    """

    reviewers: tuple[int, ...]
    tickets: tuple[int, ...]
    totals: Floats
    failed: Floats
    criteria: Mapping[str, Floats] = field(default_factory=dict)
    scales: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    reference: Floats | None = None
    reference_kind: str = "others"
    baseline: int | None = None


@dataclass(frozen=True)
class Figure:
    """One agreement figure; without a value, ``note`` says why.

    ``tickets`` counts those with two ratings or more, ``reviewers`` and ``ratings``
    what is on them. ``note`` is "", "not_enough", "no_variation", "incomplete", or
    "rare_class": there is a value then, from which nothing can be concluded.
    """

    method: str
    criterion: str
    tickets: int
    reviewers: int
    ratings: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def resampled(self) -> str:
        return resampled(self.method, self.reviewers)


def resampled(method: str, reviewers: int) -> str:
    """Return what is drawn again for the interval of a figure: "units" or more.

    Where fewer than `FEW_REVIEWERS` stand for a larger pool, reviewers are drawn too.
    That can be done for alpha only, and not with two: half of the draws would hold one
    reviewer twice, who has nobody to agree with.
    """
    is_few = 2 < reviewers < FEW_REVIEWERS
    return UNITS_AND_REVIEWERS if is_few and method.startswith("ALPHA") else UNITS


@dataclass(frozen=True)
class Severity:
    """How far one reviewer lies above (+) or below (-) the reference, in points.

    ``low`` and ``high`` bound ``bias`` (t interval over tickets; None for one ticket).
    The limits of agreement, in which 95 % of differences lie, need `MIN_TICKETS`.
    """

    reviewer: int
    tickets: int
    bias: float | None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None

    @property
    def verdict(self) -> str:
        return verdict(self.bias, self.low, self.high)


def verdict(bias: float | None, low: float | None, high: float | None) -> str:
    """Call a bias "harsh" or "lenient", or nothing.

    Only when its interval excludes 0 and it is at least `MIN_BIAS` points; "unknown"
    without an interval.
    """
    if bias is None or low is None or high is None:
        return "unknown"
    if low <= 0.0 <= high or abs(bias) < MIN_BIAS:
        return ""
    return "lenient" if bias > 0 else "harsh"


def summarise(
    ratings: Ratings, *, threshold: float, seed: int, draws: int = DRAWS
) -> dict[str, Any]:
    """Return every statistic of one calibration, as JSON can hold it.

    Parameters
    ----------
    ratings : Ratings
    threshold : float
        Largest accepted range of a ticket's totals, in points.
    seed : int
        Of the bootstrap, so that the figures can be repeated.
    draws : int, default 1000

    Returns
    -------
    dict
        ``tickets`` (range and SD of each), ``pooled_sd``, ``figures``, ``severity``,
        ``reference``, ``threshold``, ``seed``, ``draws``, ``min_tickets``.
    """
    spreads = ticket_spreads(ratings, threshold)
    sd, degrees = pooled_sd(ratings.totals)
    return {
        "threshold": threshold,
        "tickets": spreads,
        "tickets_over": sum(row["is_over"] for row in spreads),
        "pooled_sd": sd,
        "pooled_degrees": degrees,
        "figures": [
            {**asdict(each), "resampled": each.resampled}
            for each in figures(ratings, seed=seed, draws=draws)
        ],
        "severity": [
            {**asdict(each), "verdict": each.verdict} for each in severities(ratings)
        ],
        "reference": ratings.reference_kind,
        "min_tickets": MIN_TICKETS,
        "seed": seed,
        "draws": draws,
    }


def ticket_spreads(ratings: Ratings, threshold: float) -> list[dict[str, Any]]:
    """Return each ticket's number of totals, their mean, range and SD (n - 1).

    The range is what the threshold is about; it grows with the number of reviewers
    (expected 1.69 SD for three, 2.33 SD for five), so the SD stands beside it.
    """
    rows = []
    for ticket, column in zip(ratings.tickets, ratings.totals.T, strict=True):
        given = column[~np.isnan(column)]
        spread = float(np.ptp(given)) if given.size > 1 else None
        rows.append(
            {
                "ticket": ticket,
                "n": int(given.size),
                "mean": float(given.mean()) if given.size else None,
                "range": spread,
                "sd": float(given.std(ddof=1)) if given.size > 1 else None,
                "is_over": spread is not None and spread > threshold,
            }
        )
    return rows


def pooled_sd(totals: Floats) -> tuple[float | None, int]:
    """Return the pooled SD within tickets, and its degrees of freedom.

    ``sqrt(sum of squared distances from each ticket's mean / sum of (n - 1))`` over the
    tickets with two totals or more; None without any.
    """
    counts = (~np.isnan(totals)).sum(axis=0)
    several = totals[:, counts > 1]
    means = np.nansum(several, axis=0) / counts[counts > 1]
    squares = float(np.nansum((several - means) ** 2))
    degrees = int((counts[counts > 1] - 1).sum())
    return (math.sqrt(squares / degrees) if degrees else None), degrees


def figures(
    ratings: Ratings,
    *,
    seed: int,
    draws: int = DRAWS,
    min_tickets: int = MIN_TICKETS,
) -> list[Figure]:
    """Return the agreement on the total, on critical failures and on each criterion.

    Parameters
    ----------
    ratings : Ratings
    seed, draws
        Of the bootstrap, over tickets or over tickets and reviewers (``resampled``).
    min_tickets : int, default `MIN_TICKETS`

    Returns
    -------
    list of Figure
        Totals: alpha (interval) and ICC(A,1). Critical failures (criterion ""): alpha
        (nominal) and AC1. Each criterion: alpha (ordinal) and AC2 (quadratic).
    """
    plan: list[tuple[str, str, Floats, str | Statistic]] = [
        ("ALPHA_INTERVAL", "", ratings.totals, "interval"),
        ("ICC_A1", "", ratings.totals, _icc),
        ("ALPHA_NOMINAL", "", ratings.failed, "nominal"),
        ("AC1", "", ratings.failed, _ac("unweighted", (0.0, 1.0))),
    ]
    for key, points in ratings.criteria.items():
        plan.append(("ALPHA_ORDINAL", key, points, "ordinal"))
        scale = ratings.scales.get(key)
        plan.append(("AC2", key, points, _ac("quadratic", scale)))
    return [
        _figure(*row, seed=seed, draws=draws, min_tickets=min_tickets) for row in plan
    ]


def pooled_figure(
    ratings: Ratings,
    *,
    seed: int,
    draws: int = DRAWS,
    min_tickets: int = MIN_TICKETS,
) -> Figure:
    """Return the pooled SD of the totals in points, bounded like an agreement figure."""
    return _figure(
        "POOLED_SD",
        "",
        ratings.totals,
        lambda values: pooled_sd(values)[0] or 0.0,
        seed=seed,
        draws=draws,
        min_tickets=min_tickets,
    )


def severities(ratings: Ratings) -> list[Severity]:
    """Compare each reviewer's totals with the reference; a baseline is left out."""
    return [
        _severity(reviewer, *pairs_with_reference(ratings, row))
        for row, reviewer in enumerate(ratings.reviewers)
        if reviewer != ratings.baseline
    ]


def pairs_with_reference(ratings: Ratings, row: int) -> tuple[Floats, Floats]:
    """Return one reviewer's totals and the reference's on the tickets that have both."""
    own = ratings.totals[row]
    if ratings.reference is not None:
        other = ratings.reference
    else:
        rest = np.delete(ratings.totals, row, axis=0)
        counts = (~np.isnan(rest)).sum(axis=0)
        sums = np.nansum(rest, axis=0)
        other = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    both = ~np.isnan(own) & ~np.isnan(other)
    return own[both], other[both]


def _severity(reviewer: int, own: Floats, other: Floats) -> Severity:
    differences = own - other
    found = mean_interval(differences)
    if not found.n:
        return Severity(reviewer, 0, None)
    if not found.is_known:
        return Severity(reviewer, found.n, found.mean)
    limits = bland_altman(own, other) if found.n >= MIN_TICKETS else None
    return Severity(
        reviewer=reviewer,
        tickets=found.n,
        bias=found.mean,
        low=found.low,
        high=found.high,
        sd=found.sd,
        lower_limit=float(limits.lower) if limits else None,
        upper_limit=float(limits.upper) if limits else None,
    )


def _figure(
    method: str,
    criterion: str,
    values: Floats,
    statistic: str | Statistic,
    *,
    seed: int,
    draws: int,
    min_tickets: int,
) -> Figure:
    paired = values[:, (~np.isnan(values)).sum(axis=0) > 1]
    used = paired[(~np.isnan(paired)).any(axis=1)]
    rated = ~np.isnan(used)
    figure = Figure(method, criterion, used.shape[1], used.shape[0], int(rated.sum()))
    note = _why_not(method, used, rated, min_tickets)
    if note:
        return replace(figure, note=note)
    found = bootstrap_interval(
        used,
        statistic,
        seed=seed,
        draws=draws,
        confidence=CONFIDENCE,
        resample=figure.resampled,
    )
    if not math.isfinite(found.value):
        return replace(figure, note=NO_VARIATION)
    return replace(
        figure,
        value=found.value,
        low=_finite(found.low),
        high=_finite(found.high),
        note=RARE if _is_rare(method, used[rated]) else "",
    )


def _is_rare(method: str, given: Floats) -> bool:
    """Whether one of the two classes of critical failure is hardly ever given."""
    failed = int((given > 0).sum())
    return method in ON_TWO_CLASSES and min(failed, given.size - failed) < MIN_IN_CLASS


def _why_not(
    method: str, used: Floats, rated: NDArray[np.bool_], min_tickets: int
) -> str:
    if used.shape[1] < min_tickets:
        return NOT_ENOUGH
    given = used[rated]
    if not given.size or bool((given == given[0]).all()):
        return NO_VARIATION
    return INCOMPLETE if method == "ICC_A1" and not rated.all() else ""


def _icc(values: Floats) -> float:
    return float(icc(values, "A,1"))


def _ac(weights: str, scale: tuple[float, ...] | None) -> Statistic:
    def statistic(values: Floats) -> float:
        return float(gwet_ac(values, weights=weights, categories=scale))

    return statistic


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
