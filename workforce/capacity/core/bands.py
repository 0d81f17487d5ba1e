"""Expected values with their ranges, and what the range of a sum is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

NAMES = ("mean", "low80", "high80", "low95", "high95")
"""The five columns of every forecast, in the order they are written."""

# Two-sided normal quantiles of 80 and 95 %.
Z80, Z95 = 1.2815515655446004, 1.959963984540054

SMALLEST = 0.05
"""Variance that the bands of single intervals never fall below."""


@dataclass(frozen=True, slots=True)
class Band:
    """Means with 80 and 95 % ranges; all five f8 of one shape."""

    mean: np.ndarray
    low80: np.ndarray
    high80: np.ndarray
    low95: np.ndarray
    high95: np.ndarray


@dataclass(frozen=True, slots=True)
class Total:
    """One expected sum with its ranges, over ``n`` days."""

    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    n: int

    def plus(self, actual: float) -> "Total":
        """Return the total with what has already come, which is not uncertain."""
        return replace(self, **{name: getattr(self, name) + actual for name in NAMES})


def total(band: Band) -> Total:
    """Return the sum of a band's values with ranges for the sum.

    A day misses for two reasons. Pure chance (a Poisson count varies by the root of its
    mean) is new each day and evens out over many; a wrong level or trend hits every day
    alike. What a range holds beyond chance is therefore taken to go together over the
    whole sum: the result is at least as wide as it should be, and never as wide as
    adding the ends.

    Parameters
    ----------
    band : Band
        f8[n]; values that are not a number count as missing days.

    Returns
    -------
    Total
        Zeros for no day.

    Notes
    -----
    With half-width ``h`` of a day at quantile ``z``, the shared part is
    ``sqrt(max(0, h² - z²·mean))``; a sum over days has half-width
    ``sqrt(z²·Σ mean + (Σ shared)²)``, on either side by itself. One day alone keeps its
    own range; where that is narrower than chance, all of it counts as chance.

    Means of less than a contact are another matter: their upper ends are as far off as
    the next whole count and their lower ends are cut off at 0, whatever the level. Both
    are chance, and the sum is as uncertain as a count of its own mean.
    """
    known = np.isfinite(band.mean)
    mean = band.mean[known]
    middle = float(mean.sum())

    def half(ends: np.ndarray, z: float) -> float:
        width = np.abs(ends[known] - mean)
        if len(mean) == 1:
            return float(width[0])
        usual = z * z * mean
        next_count = np.ceil(mean + z * np.sqrt(mean + SMALLEST)) - mean
        by_chance = np.where(mean < 1, np.maximum(usual, next_count**2), usual)
        shared = np.sqrt(np.maximum(width * width - by_chance, 0.0))
        chance = np.where(mean < 1, usual, np.minimum(usual, width * width))
        return math.sqrt(float(chance.sum()) + float(shared.sum()) ** 2)

    return Total(
        mean=middle,
        low80=max(0.0, middle - half(band.low80, Z80)),
        high80=middle + half(band.high80, Z80),
        low95=max(0.0, middle - half(band.low95, Z95)),
        high95=middle + half(band.high95, Z95),
        n=int(known.sum()),
    )


def joined(totals: Sequence[Total]) -> Total:
    """Return the sum of several queues' totals, taken to miss together.

    What moves one queue (a release, an outage) tends to move the others: ends are added,
    so the range is at least as wide as it should be.
    """
    sums = {name: sum(getattr(each, name) for each in totals) for name in NAMES}
    return Total(**sums, n=max((each.n for each in totals), default=0))
