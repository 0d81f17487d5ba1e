"""Agents' levels with their reviewers' severity taken out, and how sure they are.

Everyday reviews are sparse: most tickets are scored once, each agent mostly by the same
few reviewers. Who drew a harsh one then looks worse than he is. The additive model

    score = mean + agent + reviewer + rest

tells the two apart as far as agents share reviewers, and pulls what rests on few reviews
towards the mean, as far as the data say that agents differ at all.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.core.severity.grid import Grid, Solved, fitted_grid, solve
from qa.core.severity.moments import (
    NEGLIGIBLE,
    PartFacts,
    averaged_facts,
    plain_facts,
)
from qa.core.severity.parts import Part, connected_parts
from qa.core.student import t_cdfs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ReviewerShare(NamedTuple):
    """What one reviewer's severity does to one agent's adjusted level.

    ``n`` reviews by somebody ``bias`` points above the others move the level by
    ``contribution`` points: ``-bias · n / all reviews of the agent``.
    """

    reviewer_id: int
    n: int
    bias: float
    contribution: float


@dataclass(frozen=True)
class SeverityModel:
    """Levels of agents and biases of reviewers, in the points of the scores.

    An agent's level is what the agent's work would score on average with every reviewer
    of the same component taking an equal share. ``agent_raw`` is the plain mean;
    ``agent_adjusted`` the level; ``agent_low`` and ``agent_high`` bound it, allowing for
    luck of the draw, for the reviewers' biases and for how unsure the three spreads are
    themselves. ``agent_shrinkage`` (0–1) is the weight of the agent's own reviews
    against the mean of the component; 1 for the only agent of one.

    ``reviewer_bias`` is centred on 0 within its component, positive for a lenient
    reviewer, and shrunken like the levels; ``reviewer_se`` its standard error.

    Where nothing can be said, bounds are -inf and inf and ``reviewer_se`` is inf, never
    NaN: all scores of a component set equal or no repetition at all (``is_known`` is
    False), or the only reviewer of a component, whose bias is 0 by definition.

    Components count from 0, most reviews first: neither levels nor biases may be
    compared across them, as no chain of shared reviewers links them.

    ``mean`` is the reviews' average level of the components; ``agent_sd``,
    ``reviewer_sd`` and ``residual_sd`` are the estimated spreads, NaN where there is
    nothing to compare (one agent or one reviewer in every component; no repetition).
    """

    n: int
    confidence: float
    is_known: bool
    agent_ids: Ints
    agent_n: Ints
    agent_component: Ints
    agent_raw: Floats
    agent_adjusted: Floats
    agent_low: Floats
    agent_high: Floats
    agent_shrinkage: Floats
    reviewer_ids: Ints
    reviewer_n: Ints
    reviewer_component: Ints
    reviewer_bias: Floats
    reviewer_se: Floats
    reviewer_low: Floats
    reviewer_high: Floats
    component_mean: Floats
    mean: float
    agent_sd: float
    reviewer_sd: float
    residual_sd: float
    _parts: list[Part] = field(repr=False, default_factory=list)
    _solved: list[Solved] = field(repr=False, default_factory=list)
    _grid: Grid | None = field(repr=False, default=None)

    @property
    def components(self) -> int:
        """How many groups of people cannot be compared with each other."""
        return self.component_mean.size

    def itemise(self, agent_id: int) -> list[ReviewerShare]:
        """Break the step from raw to adjusted down by reviewer.

        ``agent_raw + Σ contribution + pull(agent_id) = agent_adjusted``.

        Parameters
        ----------
        agent_id : int

        Returns
        -------
        list of ReviewerShare
            The agent's reviewers, largest contribution first.

        Raises
        ------
        KeyError
            If the agent has no review here.
        """
        row, part, inside = self._place(agent_id)
        counts = part.counts[inside]
        shares = [
            ReviewerShare(
                int(self.reviewer_ids[reviewer]),
                int(count),
                float(self.reviewer_bias[reviewer]),
                float(-self.reviewer_bias[reviewer] * count / self.agent_n[row]),
            )
            for reviewer, count in zip(part.reviewers, counts, strict=True)
            if count
        ]
        return sorted(shares, key=lambda share: -abs(share.contribution))

    def pull(self, agent_id: int) -> float:
        """Return the points by which few reviews are pulled towards the mean.

        Parameters
        ----------
        agent_id : int

        Returns
        -------
        float
            Adjusted level minus raw mean minus the reviewers' contributions.

        Raises
        ------
        KeyError
            If the agent has no review here.
        """
        row, _, _ = self._place(agent_id)
        moved = sum(share.contribution for share in self.itemise(agent_id))
        return float(self.agent_adjusted[row] - self.agent_raw[row] - moved)

    def prob_above(self, a: int, b: int) -> float:
        """Return the probability that agent ``a`` is truly above agent ``b``.

        Parameters
        ----------
        a, b : int
            Agents' ids.

        Returns
        -------
        float
            0.5 where nothing tells them apart, an agent against itself included; NaN if
            no chain of reviewers links the two.

        Raises
        ------
        KeyError
            If either has no review here.
        """
        row_a, part, inside_a = self._place(a)
        row_b, _, inside_b = self._place(b)
        if self.agent_component[row_a] != self.agent_component[row_b]:
            return math.nan
        if row_a == row_b or self._grid is None:
            return 0.5
        grid = self._grid
        solved = self._solved[int(self.agent_component[row_a])]
        pair = np.array([inside_a, inside_b])
        gaps, spreads, weighed = [], [], []
        for i, weights in enumerate(grid.weights):
            if weights.sum() < NEGLIGIBLE:
                continue
            inverse = float(grid.agent_inverse[i])
            gap, unit = solved.difference_at(part, inverse, i, pair)
            gaps.append(gap)
            spreads.append(unit * grid.variance[i])
            weighed.append(weights)
        away = np.concatenate(gaps) / np.sqrt(np.concatenate(spreads))
        return float(np.average(t_cdfs(away, grid.df), weights=np.concatenate(weighed)))

    def _place(self, agent_id: int) -> tuple[int, Part, int]:
        row = int(np.searchsorted(self.agent_ids, agent_id))
        if row == self.agent_ids.size or self.agent_ids[row] != agent_id:
            raise KeyError(agent_id)
        part = self._parts[int(self.agent_component[row])]
        return row, part, int(np.searchsorted(part.agents, row))


def fit(
    scores: ArrayLike,
    agents: ArrayLike,
    reviewers: ArrayLike,
    *,
    confidence: float = 0.95,
) -> SeverityModel:
    """Estimate agents' levels and reviewers' biases from everyday reviews.

    The three variances are not known, and small teams barely show them. So they are not
    set to one best guess: every pair of ratios on a grid is solved exactly and weighted
    by its restricted likelihood (`qa.core.severity.grid.fitted_grid`). Levels, biases
    and their variances are averages over the grid, so that the bounds widen by what is
    not known of the variances. `benchmarks.bench_severity` measures how often they hold
    the truth.

    Parameters
    ----------
    scores : array_like of float, shape (n,)
        Only reviews drawn at random measure a level. Any unit; may be empty.
    agents, reviewers : array_like of int, shape (n,)
        Ids, whatever they are.
    confidence : float, default 0.95
        Of the two-sided bounds, strictly between 0 and 1.

    Returns
    -------
    SeverityModel
        Agents and reviewers ascending by id.

    Raises
    ------
    ValueError
        If the shapes differ, a score is not finite or ``confidence`` is out of range.

    References
    ----------
    .. [1] G. K. Robinson, "That BLUP is a good thing: the estimation of random
       effects", Stat. Sci. 6 (1), 15-32, 1991.
    .. [2] R. N. Kackar, D. A. Harville, "Approximations for standard errors of
       estimators of fixed and random effects in mixed linear models",
       J. Am. Stat. Assoc. 79 (388), 853-862, 1984.

    Examples
    --------
    >>> model = fit([80, 84, 70, 74], [1, 2, 1, 2], [7, 7, 8, 8])
    >>> [round(share.bias, 1) for share in model.itemise(1)]
    [3.8, -3.8]
    """
    values, agent_keys, reviewer_keys = _checked(scores, agents, reviewers, confidence)
    agent_ids, agent_at = np.unique(agent_keys, return_inverse=True)
    reviewer_ids, reviewer_at = np.unique(reviewer_keys, return_inverse=True)
    parts = connected_parts(values, agent_at, reviewer_at)
    grid = _grid_of(values, parts)
    solved, facts = _solved_on(grid, parts, confidence)
    agent_rows = [part.agents for part in parts]
    reviewer_rows = [part.reviewers for part in parts]
    sizes = np.array([part.counts.sum() for part in parts])
    means = np.array([fact.mean for fact in facts])
    agent_n = np.bincount(agent_at, minlength=agent_ids.size)
    sums = np.bincount(agent_at, weights=values, minlength=agent_ids.size)
    adjusted = _spread_out(agent_rows, [fact.levels for fact in facts])
    reach = _spread_out(agent_rows, [fact.level_reach for fact in facts])
    bias = _spread_out(reviewer_rows, [fact.biases for fact in facts])
    bias_reach = _spread_out(reviewer_rows, [fact.bias_reach for fact in facts])
    agent_sd, reviewer_sd, residual_sd = _spreads(values, parts, grid)
    return SeverityModel(
        n=values.size,
        confidence=confidence,
        is_known=grid is not None,
        agent_ids=agent_ids,
        agent_n=agent_n,
        agent_component=_numbers(agent_rows),
        agent_raw=sums / agent_n,
        agent_adjusted=adjusted,
        agent_low=adjusted - reach,
        agent_high=adjusted + reach,
        agent_shrinkage=_spread_out(agent_rows, [fact.shrinkage for fact in facts]),
        reviewer_ids=reviewer_ids,
        reviewer_n=np.bincount(reviewer_at, minlength=reviewer_ids.size),
        reviewer_component=_numbers(reviewer_rows),
        reviewer_bias=bias,
        reviewer_se=_spread_out(reviewer_rows, [fact.bias_se for fact in facts]),
        reviewer_low=bias - bias_reach,
        reviewer_high=bias + bias_reach,
        component_mean=means,
        mean=float(means @ sizes / values.size) if values.size else math.nan,
        agent_sd=agent_sd,
        reviewer_sd=reviewer_sd,
        residual_sd=residual_sd,
        _parts=parts,
        _solved=solved,
        _grid=grid,
    )


def _checked(
    scores: ArrayLike, agents: ArrayLike, reviewers: ArrayLike, confidence: float
) -> tuple[Floats, Ints, Ints]:
    values = np.asarray(scores, dtype=np.float64)
    agent_keys = np.asarray(agents, dtype=np.int64)
    reviewer_keys = np.asarray(reviewers, dtype=np.int64)
    shapes = {values.shape, agent_keys.shape, reviewer_keys.shape}
    if len(shapes) > 1 or values.ndim != 1:
        raise ValueError(
            f"scores, agents and reviewers need one equal shape (n,): {shapes}"
        )
    if not np.isfinite(values).all():
        raise ValueError("every score must be a finite number")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    return values, agent_keys, reviewer_keys


def _grid_of(values: Floats, parts: list[Part]) -> Grid | None:
    """Weigh the variances; None where the scores cannot show any."""
    rounding = 1e-20 * float(np.square(values).sum())
    squares = sum(part.squares for part in parts)
    if values.size <= len(parts) or squares <= rounding:
        return None
    return fitted_grid(parts)


def _solved_on(
    grid: Grid | None, parts: list[Part], confidence: float
) -> tuple[list[Solved], list[PartFacts]]:
    if grid is None:
        return [], [plain_facts(part) for part in parts]
    solved = [solve(part, grid.agent_inverse, grid.reviewer_inverse) for part in parts]
    pairs = zip(parts, solved, strict=True)
    return solved, [averaged_facts(part, at, grid, confidence) for part, at in pairs]


def _spread_out(rows: list[Ints], pieces: list[Floats]) -> Floats:
    """Put the parts' figures at their places in the whole."""
    if not rows:
        return np.zeros(0)
    whole = np.empty(sum(row.size for row in rows))
    whole[np.concatenate(rows)] = np.concatenate(pieces)
    return whole


def _numbers(rows: list[Ints]) -> Ints:
    numbers = [np.full(row.size, float(at)) for at, row in enumerate(rows)]
    return _spread_out(rows, numbers).astype(np.int64)


def _spreads(
    values: Floats, parts: list[Part], grid: Grid | None
) -> tuple[float, float, float]:
    """Agents', reviewers' and the rest's standard deviations, NaN where untold."""
    agent_sd = reviewer_sd = math.nan
    if grid is None:
        # All alike: no spread at all, where there was a chance to see one.
        return agent_sd, reviewer_sd, 0.0 if values.size > len(parts) else math.nan
    rest = np.sqrt(grid.variance)
    if any(part.agents.size > 1 for part in parts):
        by_agent = rest / np.sqrt(grid.agent_inverse)[:, np.newaxis]
        agent_sd = _median(by_agent, grid.weights)
    if any(part.reviewers.size > 1 for part in parts):
        by_reviewer = rest / np.sqrt(grid.reviewer_inverse)
        reviewer_sd = _median(by_reviewer, grid.weights)
    return agent_sd, reviewer_sd, _median(rest, grid.weights)


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, axis=None)
    below = np.cumsum(weights.ravel()[order])
    return float(values.ravel()[order][np.searchsorted(below, below[-1] / 2)])
