"""The equations under `qa.core.severity`: additive mixed model over a grid of variances.

In one connected part of the agents-reviewers graph, with A agents and R reviewers,

    score = m + agent + reviewer + rest,   agent ~ N(0, γ·σ²), reviewer ~ N(0, δ·σ²)

with one m per part and γ, δ and σ² shared by all. The agents are absorbed one by one,
the mean next, and the R × R matrix that is left is diagonalised once per γ; every δ then
costs R operations. Nothing of the size of the reviews or of A × A is ever built.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.core.severity.parts import Part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# In logits of the share of a typical person's mean that is noise: 0.0001 to 0.9999.
_REACH = 9.0
_POINTS = 19
_PASSES = 3
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Grid:
    """Points of the two variance ratios and how well each explains the scores.

    ``agent_inverse`` (Ka,) is 1/γ, ``reviewer_inverse`` (Kr,) is 1/δ, ``weights``
    (Ka, Kr) sum to 1, ``variance`` (Ka, Kr) is σ² there, ``df`` its degrees of freedom.
    """

    agent_inverse: Floats
    reviewer_inverse: Floats
    weights: Floats
    variance: Floats
    df: int


@dataclass(frozen=True)
class Solved:
    """One part at every grid point, in a form from which all moments follow.

    For one 1/γ: ``kept`` (Ka, A) is 1/(n + 1/γ), ``weight`` (Ka,) and ``level`` (Ka,)
    belong to the mean, ``tilt`` (Ka, R) says how it leans on the reviewers; ``axes``
    (Ka, R, R) and ``loads`` (Ka, R) are the reviewers' own axes, and ``spread``
    (Ka, Kr, R) their inverse eigenvalues, 0 along the direction that is the mean's.
    ``misfit`` and ``log_size`` (Ka, Kr) make the likelihood.
    """

    kept: Floats
    weight: Floats
    level: Floats
    tilt: Floats
    axes: Floats
    loads: Floats
    spread: Floats
    misfit: Floats
    log_size: Floats

    def reviewers_at(self, i: int) -> Floats:
        """Centred reviewer effects, shape (Kr, R), at the i-th 1/γ."""
        along: Floats = (self.spread[i] * self.loads[i]) @ self.axes[i].T
        return along

    def leans(self, part: Part, inverse: float, i: int, rows: Ints) -> Floats:
        """How the levels of some agents hang on the reviewers' axes: (rows, R)."""
        kept = self.kept[i, rows, np.newaxis]
        hung = -(inverse * kept) * self.tilt[i] - kept * part.counts[rows]
        leaning: Floats = hung @ self.axes[i]
        return leaning

    def levels_at(
        self, part: Part, inverse: float, i: int, rows: Ints
    ) -> tuple[Floats, Floats]:
        """Levels of some agents and their variance over σ², both (rows, Kr)."""
        kept = self.kept[i, rows]
        leaning = self.leans(part, inverse, i, rows)
        base = inverse * kept * self.level[i] + kept * part.agent_sums[rows]
        means = base[:, np.newaxis] + leaning @ (self.spread[i] * self.loads[i]).T
        alone = kept + (inverse * kept) ** 2 / self.weight[i]
        return means, alone[:, np.newaxis] + leaning**2 @ self.spread[i].T

    def difference_at(
        self, part: Part, inverse: float, i: int, pair: Ints
    ) -> tuple[Floats, Floats]:
        """First level minus second and its variance over σ², both (Kr,)."""
        means, _ = self.levels_at(part, inverse, i, pair)
        first, second = self.leans(part, inverse, i, pair)
        kept = self.kept[i, pair]
        alone = kept.sum() + (inverse * (kept[0] - kept[1])) ** 2 / self.weight[i]
        return means[0] - means[1], alone + self.spread[i] @ (first - second) ** 2


def solve(part: Part, agent_inverse: Floats, reviewer_inverse: Floats) -> Solved:
    """Solve one part at every pair of variance ratios.

    Parameters
    ----------
    part : Part
    agent_inverse : ndarray of float64, shape (Ka,)
        1/γ, above 0.
    reviewer_inverse : ndarray of float64, shape (Kr,)
        1/δ, above 0.

    Returns
    -------
    Solved

    References
    ----------
    .. [1] C. R. Henderson, "Best linear unbiased estimation and prediction under a
       selection model", Biometrics 31 (2), 423-447, 1975.
    """
    n, counts, sums = part.agent_n, part.counts, part.agent_sums
    inverse = agent_inverse[:, np.newaxis]
    kept = 1 / (n + inverse)
    weight = inverse[:, 0] * (kept @ n)
    level = inverse[:, 0] * (kept @ sums) / weight
    lean = inverse * (kept @ counts)
    among = -((counts.T * kept[:, np.newaxis, :]) @ counts)
    among -= lean[:, :, np.newaxis] * (lean / weight[:, np.newaxis])[:, np.newaxis, :]
    among += np.diag(counts.sum(axis=0))
    right = part.reviewer_sums - (kept * sums) @ counts - lean * level[:, np.newaxis]
    sizes, axes = np.linalg.eigh(among)
    # All reviewers up by one and the mean down by one is the same: an exact 0, first.
    sizes = np.clip(sizes, 0.0, None)
    sizes[:, 0] = 0.0
    loads = np.einsum("krq,kr->kq", axes, right)
    ridge = reviewer_inverse[np.newaxis, :, np.newaxis]
    spread = 1 / (sizes[:, np.newaxis, :] + ridge)
    spread[:, :, 0] = 0.0
    unexplained = part.squares - kept @ sums**2 - weight * level**2
    misfit = unexplained[:, np.newaxis] - np.einsum("kdq,kq->kd", spread, loads**2)
    log_size = np.log1p(sizes[:, np.newaxis, :] / ridge).sum(axis=2)
    log_size += (np.log(weight) + np.log1p(n / inverse).sum(axis=1))[:, np.newaxis]
    tilt = lean / weight[:, np.newaxis] - 1 / counts.shape[1]
    return Solved(kept, weight, level, tilt, axes, loads, spread, misfit, log_size)


def fitted_grid(parts: list[Part]) -> Grid:
    """Weigh the variance ratios by how well they explain the scores.

    The weight of a point is the restricted likelihood, with the mean of every part and
    σ² integrated out, times a prior: between two scores of different agents by one
    reviewer (and of one agent by different reviewers) any share of the variance, 0 to 1,
    may be theirs, all alike. Priors that favour small variances left the bounds of six
    reviewers' biases too narrow (91 % held). The grid is narrowed twice to where the
    weight lies.

    Parameters
    ----------
    parts : list of Part
        More reviews than parts, and not all scores of each part equal.

    Returns
    -------
    Grid

    References
    ----------
    .. [1] M. J. Daniels, "A prior for the variance in hierarchical models",
       Can. J. Stat. 27 (3), 567-578, 1999.
    .. [2] H. D. Patterson, R. Thompson, "Recovery of inter-block information when
       block sizes are unequal", Biometrika 58 (3), 545-554, 1971.
    """
    typical_agent = float(np.median(np.concatenate([p.agent_n for p in parts])))
    reviews = [part.counts.sum(axis=0) for part in parts]
    typical_reviewer = float(np.median(np.concatenate(reviews)))
    df = int(sum(part.counts.sum() for part in parts)) - len(parts)
    agents = reviewers = np.linspace(-_REACH, _REACH, _POINTS)
    # One reviewer everywhere leaves nothing to weigh.
    if all(part.counts.shape[1] == 1 for part in parts):
        reviewers = np.zeros(1)
    for _ in range(_PASSES):
        inverse_a = np.exp(agents) * typical_agent
        inverse_r = np.exp(reviewers) * typical_reviewer
        log_weight, misfit = _log_likelihood(parts, inverse_a, inverse_r, df)
        log_weight += _log_prior(inverse_a)[:, np.newaxis] + _log_prior(inverse_r)
        weights = np.exp(log_weight - log_weight.max())
        weights /= weights.sum()
        found = Grid(inverse_a, inverse_r, weights, misfit / df, df)
        agents = _narrowed(agents, weights.max(axis=1))
        reviewers = _narrowed(reviewers, weights.max(axis=0))
    return found


def _log_likelihood(
    parts: list[Part], inverse_a: Floats, inverse_r: Floats, df: int
) -> tuple[Floats, Floats]:
    misfit = np.zeros((inverse_a.size, inverse_r.size))
    log_size = np.zeros_like(misfit)
    for part in parts:
        solved = solve(part, inverse_a, inverse_r)
        misfit += solved.misfit
        log_size += solved.log_size
    # Scores that the model explains without a rest would have an endless likelihood.
    floor = 1e-12 * sum(part.squares for part in parts)
    misfit = np.maximum(misfit, floor)
    return -0.5 * log_size - 0.5 * df * np.log(misfit), misfit


def _log_prior(inverse: Floats) -> Floats:
    """Uniform for γ/(1 + γ), as a density of log γ: γ/(1 + γ)²."""
    log_density: Floats = np.log(inverse) - 2 * np.log1p(inverse)
    return log_density


def _narrowed(axis: Floats, heights: Floats) -> Floats:
    """Lay the points again over where the weight is, a step more on either side."""
    if axis.size == 1:
        return axis
    step = axis[1] - axis[0]
    high = axis[heights > _NEGLIGIBLE * heights.max()]
    low_end = max(high[0] - step, -_REACH)
    return np.linspace(low_end, min(high[-1] + step, _REACH), _POINTS)
