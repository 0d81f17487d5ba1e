"""Whether reviews and customers agree: scores against survey answers of one ticket."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.core.correlation import Correlation, ceiling, spearman
from qa.core.student import t_quantile
from qa.metrics.segments import HUNDREDTHS, REVIEWS
from qa.models import ReliabilityFigure
from supportops.metrics.core.intervals import share_interval
from supportops.metrics.scopes import Scope

UNHAPPY, HAPPY = 2, 4
"""One or two stars, against four or five."""
FEW = 100
"""Matched tickets below which a correlation says little."""


@dataclass(frozen=True)
class Gap:
    """Mean score of happy customers' tickets minus that of unhappy ones'."""

    value: float
    low: float | None
    high: float | None
    happy: int
    unhappy: int


@dataclass(frozen=True)
class Satisfaction:
    """Scores and stars of the tickets that have both.

    ``picked`` of them were chosen for a reason: flagging unhappy customers makes the
    two go together more than they do. ``highest`` is the largest correlation that the
    reviewers' own agreement allows; None where that is not known.
    """

    correlation: Correlation
    gap: Gap | None
    reviews: int
    answered: int
    share: float | None
    share_low: float | None
    share_high: float | None
    picked: int
    highest: float | None

    @property
    def n(self) -> int:
        return self.correlation.n

    @property
    def is_few(self) -> bool:
        return self.n < FEW


def satisfaction(
    scope: Scope, *, scorecard_id: int | None = None
) -> Satisfaction | None:
    """Match counted reviews with surveys; None as long as nobody has answered one."""
    rows = scope.select(REVIEWS)
    stars = rows["satisfaction"]
    answered = np.flatnonzero(stars)
    if not answered.size:
        return None
    scores = rows["score"][answered].astype(np.float64) / HUNDREDTHS
    given = stars[answered].astype(np.float64)
    low, high = share_interval([answered.size], [rows.size])[0].tolist()
    return Satisfaction(
        correlation=spearman(scores, given),
        gap=_gap(scores[given >= HAPPY], scores[given <= UNHAPPY]),
        reviews=rows.size,
        answered=int(answered.size),
        share=answered.size / rows.size,
        share_low=low,
        share_high=high,
        picked=int((rows["random"][answered] == 0).sum()),
        highest=_highest(scorecard_id),
    )


def _gap(happy: NDArray[np.float64], unhappy: NDArray[np.float64]) -> Gap | None:
    """Difference of two means with Welch's interval."""
    if not happy.size or not unhappy.size:
        return None
    value = float(happy.mean() - unhappy.mean())
    if min(happy.size, unhappy.size) < 2:
        return Gap(value, None, None, happy.size, unhappy.size)
    parts = [float(side.var(ddof=1)) / side.size for side in (happy, unhappy)]
    error = math.sqrt(sum(parts))
    if not error:
        return Gap(value, value, value, happy.size, unhappy.size)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (side.size - 1)
        for part, side in zip(parts, (happy, unhappy), strict=True)
    )
    half = t_quantile(0.975, freedom) * error
    return Gap(value, value - half, value + half, happy.size, unhappy.size)


def _highest(scorecard_id: int | None) -> float | None:
    """The ceiling from the newest ICC of total scores; surveys count as reliable."""
    known = ReliabilityFigure.objects.filter(
        method=ReliabilityFigure.Method.ICC_A1, criterion_key="", value__isnull=False
    )
    if scorecard_id is not None:
        known = known.filter(scorecard_id=scorecard_id)
    value = known.order_by("-ends_on", "-pk").values_list("value", flat=True).first()
    return None if value is None else ceiling(value, math.nan)
