"""What a sample says of all tickets: means and how exact they are, by the design."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean of all tickets, estimated from ``n`` of them.

    ``variance`` is in squared points; NaN where the sample cannot tell it.
    """

    mean: float
    variance: float
    n: int

    @property
    def standard_error(self) -> float:
        return math.sqrt(self.variance)


def stratified_mean(
    scores: ArrayLike, strata: Sequence[str], sizes: Mapping[str, int]
) -> Estimate:
    """Estimate the mean of all tickets from a simple random sample in each stratum.

    Parameters
    ----------
    scores : array_like of float, shape (n,)
        Points.
    strata : sequence of str, length n
        The stratum of each score.
    sizes : mapping of str to int
        Tickets of the frame in each stratum.

    Returns
    -------
    Estimate
        ``sum W_h mean_h``, with variance ``sum W_h^2 (1 - n_h/N_h) s_h^2 / n_h``. A
        stratum with one score and more tickets has no spread of its own: it takes the
        pooled one of the others.

    Raises
    ------
    ValueError
        If a stratum has no score (use `weighted_mean`), or more than tickets.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley 1977, section 5.3-5.4.
    """
    given = np.asarray(scores, dtype=np.float64)
    labels = np.asarray(strata, dtype=object)
    groups = {name: given[labels == name] for name in sizes}
    for name, group in groups.items():
        if not 0 < group.size <= sizes[name]:
            raise ValueError(f"stratum {name!r}: {group.size} scores of {sizes[name]}")
    if sum(group.size for group in groups.values()) != given.size:
        raise ValueError("a score belongs to no stratum of the frame")
    total = sum(sizes.values())
    pooled = _pooled_variance(list(groups.values()))
    mean = variance = 0.0
    for name, group in groups.items():
        share, held = sizes[name] / total, sizes[name]
        mean += share * float(group.mean())
        if group.size < held:
            own = float(group.var(ddof=1)) if group.size > 1 else pooled
            variance += share**2 * (1 - group.size / held) * own / group.size
    return Estimate(mean, variance, int(given.size))


def weighted_mean(scores: ArrayLike, probabilities: ArrayLike) -> Estimate:
    """Estimate the mean of all tickets from random ones with unequal chances (Hájek).

    Parameters
    ----------
    scores : array_like of float, shape (n,)
        Points.
    probabilities : array_like of float, shape (n,)
        Inclusion probability of each, in (0, 1].

    Returns
    -------
    Estimate
        Each score counts ``1 / probability``. The variance is Hájek's for samples of a
        fixed size, of the linearised mean; it needs no joint probabilities, is the usual
        one for a simple random sample, and slightly too large where strata help. NaN
        for one score that was not certain to be drawn.

    Raises
    ------
    ValueError
        Without scores, with unequal lengths, or a probability outside (0, 1].

    References
    ----------
    .. [1] J. Hájek, "Asymptotic theory of rejective sampling with varying probabilities
       from a finite population", Ann. Math. Statist. 35 (1964) 1491-1523.
    """
    given = np.asarray(scores, dtype=np.float64)
    chances = np.asarray(probabilities, dtype=np.float64)
    if given.shape != chances.shape or given.ndim != 1 or not given.size:
        raise ValueError(f"one probability a score: {given.shape}, {chances.shape}")
    if (chances <= 0).any() or (chances > 1).any():
        raise ValueError("a probability lies in (0, 1]")
    weights = 1 / chances
    mean = float(np.average(given, weights=weights))
    return Estimate(mean, _hajek_variance(given - mean, chances), given.size)


def _hajek_variance(
    residuals: NDArray[np.float64], chances: NDArray[np.float64]
) -> float:
    uncertain = 1 - chances
    if not uncertain.any():
        return 0.0
    n = residuals.size
    if n < 2:
        return math.nan
    parts = residuals / chances / (1 / chances).sum()
    centre = float(np.average(parts, weights=uncertain))
    return float(n / (n - 1) * (uncertain * (parts - centre) ** 2).sum())


def _pooled_variance(groups: Sequence[NDArray[np.float64]]) -> float:
    """Return the variance within groups; NaN when none has two scores."""
    several = [group for group in groups if group.size > 1]
    freedom = sum(group.size - 1 for group in several)
    if not freedom:
        return math.nan
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in several)
    return squares / freedom
