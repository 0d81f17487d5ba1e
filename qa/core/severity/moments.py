"""Levels and biases of one part, averaged over what the variances may be."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.core.severity.grid import Grid, Solved
from qa.core.severity.parts import Part
from qa.core.student import t_quantiles

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class PartFacts:
    """Figures of one part: of its agents (A,), of its reviewers (R,), and its mean.

    A ``reach`` is half the width of the bounds, inf where nothing bounds the figure.
    """

    levels: Floats
    level_reach: Floats
    shrinkage: Floats
    biases: Floats
    bias_se: Floats
    bias_reach: Floats
    mean: float


def plain_facts(part: Part) -> PartFacts:
    """Levels as plain means and biases 0, with nothing bounded.

    Parameters
    ----------
    part : Part

    Returns
    -------
    PartFacts
    """
    unbounded = np.full(part.reviewers.size, math.inf)
    return PartFacts(
        levels=part.centre + part.agent_sums / part.agent_n,
        level_reach=np.full(part.agents.size, math.inf),
        shrinkage=np.ones(part.agents.size),
        biases=np.zeros(part.reviewers.size),
        bias_se=unbounded,
        bias_reach=unbounded,
        mean=part.centre,
    )


def averaged_facts(
    part: Part, solved: Solved, grid: Grid, confidence: float
) -> PartFacts:
    """Average a part's figures over the grid.

    Parameters
    ----------
    part : Part
    solved : Solved
        Of this part, on this grid.
    grid : Grid
    confidence : float

    Returns
    -------
    PartFacts
    """
    levels, biases = _Mixture([], [], []), _Mixture([], [], [])
    everybody = np.arange(part.agents.size)
    reviewers = part.reviewers.size
    centring = np.eye(reviewers) - 1 / reviewers
    shrinkage, mean = np.zeros(part.agents.size), 0.0
    for i, weights in enumerate(grid.weights):
        if weights.sum() < NEGLIGIBLE:
            continue
        means, unit = solved.levels_at(part, float(grid.agent_inverse[i]), i, everybody)
        levels.add(weights, means, unit * grid.variance[i])
        effects = solved.reviewers_at(i)
        unit = (centring @ solved.axes[i]) ** 2 @ solved.spread[i].T
        biases.add(weights, effects.T, unit * grid.variance[i])
        shrinkage += weights.sum() * part.agent_n * solved.kept[i]
        mean += float(weights @ (solved.level[i] - effects @ solved.tilt[i]))
    found, _, reach = levels.summary(grid.df, confidence)
    bias, bias_se = np.zeros(1), np.full(1, math.inf)
    bias_reach = bias_se
    if reviewers > 1:
        bias, bias_se, bias_reach = biases.summary(grid.df, confidence)
    if part.agents.size == 1:
        shrinkage = np.ones(1)
    return PartFacts(
        levels=part.centre + found,
        level_reach=reach,
        shrinkage=np.minimum(shrinkage, 1.0),
        biases=bias,
        bias_se=bias_se,
        bias_reach=bias_reach,
        mean=part.centre + mean,
    )


@dataclass(frozen=True)
class _Mixture:
    """Weighted t distributions, one mixture a row, gathered block by block."""

    weights: list[Floats]
    means: list[Floats]
    variances: list[Floats]

    def add(self, weights: Floats, means: Floats, variances: Floats) -> None:
        telling = weights > NEGLIGIBLE * 1e-2
        self.weights.append(weights[telling])
        self.means.append(means[:, telling])
        self.variances.append(variances[:, telling])

    def summary(self, df: int, confidence: float) -> tuple[Floats, Floats, Floats]:
        """Mean, scale and half width of the central bounds, each (rows,).

        A mixture has heavier tails than its parts: the quantile is that of the t with
        the mixture's own variance and kurtosis.
        """
        weights = np.concatenate(self.weights)
        weights = weights / weights.sum()
        means = np.concatenate(self.means, axis=1)
        variances = np.concatenate(self.variances, axis=1)
        mean = means @ weights
        away = (means - mean[:, np.newaxis]) ** 2
        square = (variances + away) @ weights
        fourth = (3 * variances**2 + 6 * variances * away + away**2) @ weights
        square = np.maximum(square, np.finfo(np.float64).tiny)
        excess = np.maximum(fourth / square**2 - 3, 1e-9)
        heavy = 4 + 6 / excess
        quantile = t_quantiles(0.5 + confidence / 2, 1 / (1 / df + 1 / heavy))
        sd = np.sqrt(square)
        return mean, sd, sd * np.sqrt((heavy - 2) / heavy) * quantile
