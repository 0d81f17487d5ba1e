"""Whether a reviewer scores differently from how he used to: bias in time, with limits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.core.control_charts import ewma
from qa.core.severity import SeverityModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PERIOD_DAYS = 14
BASELINE_PERIODS = 6
"""Periods from which a reviewer's usual bias is taken: a quarter."""
WIDTH = 3.0
WEIGHT = 0.3


@dataclass(frozen=True)
class Drift:
    """One reviewer's bias against the others, period by period.

    Attributes
    ----------
    starts : ndarray of int64, shape (t,)
        First day of each period, as a proleptic ordinal.
    n : ndarray of int64, shape (t,)
        The reviewer's reviews in it.
    bias : ndarray of float64, shape (t,)
        Mean residual of the reviewer minus that of the others who do not drift; NaN
        without either.
    points, lower, upper : ndarray of float64, shape (t,)
        The smoothed bias and its limits around ``centre``.
    centre : float
        The usual bias: that of the first `BASELINE_PERIODS` with reviews.
    beyond : ndarray of bool, shape (t,)
        Points outside the limits.
    """

    starts: Ints
    n: Ints
    bias: Floats
    points: Floats
    lower: Floats
    upper: Floats
    centre: float
    beyond: NDArray[np.bool_]

    @property
    def is_drifting(self) -> bool:
        """Whether the newest point lies outside the limits."""
        return bool(self.beyond.size and self.beyond[-1])

    @property
    def excess(self) -> float:
        """How far the newest point is from the centre, in widths of the limits."""
        return float(
            abs(self.points[-1] - self.centre) / (self.upper[-1] - self.centre)
        )


def drifts(
    scores: Floats,
    agents: Ints,
    reviewers: Ints,
    days: Ints,
    model: SeverityModel,
    *,
    first_day: int,
    last_day: int,
    period_days: int = PERIOD_DAYS,
) -> Mapping[int, Drift]:
    """Chart each reviewer's bias from period to period.

    A residual is a score minus the level of its agent. In each period a reviewer's mean
    residual is compared with that of the others, so that what moves everybody (a hard
    release, better agents) moves nobody's line. Who drifts is left out of "the others". The line is smoothed (EWMA); its limits
    allow for the noise of both means and for how unsure the usual bias itself is.

    Parameters
    ----------
    scores, agents, reviewers, days : ndarray, shape (n,)
        One everyday review each; days as ordinals.
    model : SeverityModel
        Fitted on the same reviews.
    first_day, last_day : int
        Ordinals of ``[first_day, last_day)``; periods end with ``last_day``.
    period_days : int, default 14

    Returns
    -------
    mapping of reviewer id to Drift
        Only those with reviews in more than `BASELINE_PERIODS` periods; empty when the
        noise of a score is not known.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4 (EWMA).
    """
    if not model.is_known or not math.isfinite(model.residual_sd):
        return {}
    count = (last_day - first_day) // period_days
    start = last_day - count * period_days
    inside = (days >= start) & (days < last_day)
    period = (days[inside] - start) // period_days
    level = model.agent_adjusted[np.searchsorted(model.agent_ids, agents[inside])]
    ids, row = np.unique(reviewers[inside], return_inverse=True)
    n, total = np.zeros((ids.size, count)), np.zeros((ids.size, count))
    np.add.at(n, (row, period), 1.0)
    np.add.at(total, (row, period), scores[inside] - level)
    starts = start + period_days * np.arange(count)
    # Whoever drifts moves the mean that the others are held against: taken out of it,
    # the furthest first, as long as more than half are left to compare with.
    trusted = np.ones(ids.size, dtype=bool)
    while True:
        found = _charts(starts, n, total, trusted, model.residual_sd)
        worst = max(
            (row for row, each in found.items() if trusted[row] and each.is_drifting),
            key=lambda row: found[row].excess,
            default=None,
        )
        if worst is None or 2 * (trusted.sum() - 1) <= ids.size:
            return {int(ids[row]): each for row, each in found.items()}
        trusted[worst] = False


def _charts(
    starts: Ints, n: Floats, total: Floats, trusted: NDArray[np.bool_], sd: float
) -> dict[int, Drift]:
    """Chart each row against the trusted other rows."""
    found: dict[int, Drift] = {}
    for row in range(n.shape[0]):
        others = trusted.copy()
        others[row] = False
        drift = _drift(
            starts, n[row], total[row], n[others].sum(0), total[others].sum(0), sd
        )
        if drift is not None:
            found[row] = drift
    return found


def _drift(
    starts: Ints,
    n: Floats,
    total: Floats,
    other_n: Floats,
    other_total: Floats,
    sd: float,
) -> Drift | None:
    known = (n > 0) & (other_n > 0)
    if known.sum() <= BASELINE_PERIODS:
        return None
    bias = np.full(n.shape, np.nan)
    variance = np.full(n.shape, np.nan)
    bias[known] = total[known] / n[known] - other_total[known] / other_n[known]
    variance[known] = sd**2 * (1 / n[known] + 1 / other_n[known])
    base = np.flatnonzero(known)[:BASELINE_PERIODS]
    weights = 1 / variance[base]
    centre = float(weights @ bias[base] / weights.sum())
    spread = np.sqrt(np.nan_to_num(variance, nan=0.0))
    chart = ewma(bias, centre=centre, sd=spread, weight=WEIGHT, width=WIDTH)
    reach = np.sqrt((chart.upper - centre) ** 2 + WIDTH**2 / weights.sum())
    beyond = np.abs(chart.points - centre) > reach + 1e-9
    return Drift(
        starts,
        n.astype(np.int64),
        bias,
        chart.points,
        centre - reach,
        centre + reach,
        centre,
        beyond,
    )
