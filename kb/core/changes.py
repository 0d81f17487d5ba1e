"""Whether a figure changed by more than chance, from one period to the next."""

from collections.abc import Mapping
from math import ceil, floor, hypot, inf, sqrt
from statistics import NormalDist
from typing import NamedTuple

FEWEST_FOR_MEDIAN = 6
"""Of fewer values not even the smallest and the largest hold the median 95 times of 100."""

_Z = NormalDist().inv_cdf(0.975)


class Bounded(NamedTuple):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_noise(self) -> bool:
        """Whether nothing at all fits what was seen."""
        return self.low <= 0 <= self.high

    @property
    def margin(self) -> float:
        """Half the width of the interval: what stands behind ±."""
        return (self.high - self.low) / 2


def difference(now: Bounded, before: Bounded) -> Bounded:
    """Return the difference of two independent figures with its interval.

    Parameters
    ----------
    now, before : Bounded
        Each with its own 95 % interval, in the same unit.

    Returns
    -------
    Bounded
        For two shares with Wilson intervals this is Newcombe's method 10 (1998), as in
        `deflection.differences`; for other figures the same idea, MOVER.

    References
    ----------
    .. [1] G. Y. Zou, A. Donner, "Construction of confidence limits about effect
       measures: a general approach", Statistics in Medicine 27 (2008), 1693-1702.

    Examples
    --------
    >>> found = difference(Bounded(0.8, 0.6925, 0.8772), Bounded(0.6, 0.4904, 0.7000))
    >>> [round(part, 2) for part in found]
    [0.2, 0.05, 0.33]
    """
    value = now.value - before.value
    return Bounded(
        value,
        value - hypot(now.value - now.low, before.high - before.value),
        value + hypot(now.high - now.value, before.value - before.low),
    )


def growth(now: int, before: int) -> Bounded | None:
    """Return by which share a count grew between two periods of the same length.

    Parameters
    ----------
    now, before : int
        Independent counts (Poisson), 0 or more.

    Returns
    -------
    Bounded or None
        0.5 is half as many again; -1 is none left. Given both counts, ``now`` is
        binomial, so the interval is Wilson's of ``now / (now + before)``, turned into a
        ratio of rates. ``None`` where ``before`` is 0. The upper bound may be infinite.

    References
    ----------
    .. [1] J. Przyborowski, H. Wilenski, "Homogeneity of results in testing samples from
       Poisson series", Biometrika 31 (1940), 313-323.

    Examples
    --------
    >>> [round(part, 2) for part in growth(30, 20)]
    [0.5, -0.14, 1.62]
    """
    if not before:
        return None
    total = now + before
    share = now / total
    centre = (now + _Z**2 / 2) / (total + _Z**2)
    spread = _Z * sqrt(now * (1 - share) + _Z**2 / 4) / (total + _Z**2)
    return Bounded(
        now / before - 1,
        _odds(max(0.0, centre - spread) if now else 0.0) - 1,
        _odds(centre + spread) - 1,
    )


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def median_range(counts: Mapping[int, int]) -> tuple[float, float] | None:
    """Return the 95 % interval of a median by its order statistics.

    Parameters
    ----------
    counts : mapping of int to int
        How often each value occurred.

    Returns
    -------
    (low, high) or None
        Two of the values; nothing is assumed of how they are spread. ``None`` of fewer
        than `FEWEST_FOR_MEDIAN`.

    References
    ----------
    .. [1] W. J. Conover, *Practical Nonparametric Statistics*, 3rd ed., 1999, 3.2
       (normal approximation of the ranks).

    Examples
    --------
    >>> median_range({value: 1 for value in range(1, 101)})
    (40, 61)
    """
    n = sum(counts.values())
    if n < FEWEST_FOR_MEDIAN:
        return None
    spread = _Z * sqrt(n) / 2
    first = max(1, floor(n / 2 - spread))
    last = min(n, ceil(n / 2 + spread) + 1)
    return _ranked(counts, first), _ranked(counts, last)


def _ranked(counts: Mapping[int, int], rank: int) -> int:
    """The value of a rank, from 1."""
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= rank:
            return value
    raise IndexError(rank)
