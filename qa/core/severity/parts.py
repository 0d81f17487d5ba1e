"""The connected parts of who was scored by whom, as sums."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """One connected part: how often each agent was scored by whom, and the sums.

    ``counts`` has shape (A, R); ``agent_sums`` (A,) and ``reviewer_sums`` (R,) are of
    scores minus ``centre``, their mean, as is ``squares``, the sum of their squares.
    ``agents`` and ``reviewers`` are ascending positions in the whole.
    """

    agents: Ints
    reviewers: Ints
    counts: Floats
    agent_sums: Floats
    reviewer_sums: Floats
    centre: float
    squares: float

    @property
    def agent_n(self) -> Floats:
        sizes: Floats = self.counts.sum(axis=1)
        return sizes


def connected_parts(scores: Floats, agents: Ints, reviewers: Ints) -> list[Part]:
    """Split reviews into parts that share no agent and no reviewer.

    Parameters
    ----------
    scores : ndarray of float64, shape (n,)
    agents, reviewers : ndarray of int64, shape (n,)
        Positions, every one from 0 up in use.

    Returns
    -------
    list of Part
        Most reviews first; of equal ones the one with the first agent.
    """
    if not scores.size:
        return []
    label = _labels(agents, reviewers)[agents]
    names, number, sizes = np.unique(label, return_inverse=True, return_counts=True)
    rows = np.argsort(number, kind="stable")
    ends = np.cumsum(sizes)
    pieces = [rows[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    order = sorted(range(names.size), key=lambda at: (-sizes[at], names[at]))
    return [
        _part(scores[pieces[at]], agents[pieces[at]], reviewers[pieces[at]])
        for at in order
    ]


def _labels(agents: Ints, reviewers: Ints) -> Ints:
    """Give every agent the lowest agent it is linked to, by passing labels along."""
    width = int(reviewers.max()) + 1
    pairs = np.unique(agents * width + reviewers)
    agent, reviewer = pairs // width, pairs % width
    label = np.arange(int(agents.max()) + 1)
    while True:
        lowest = np.full(width, label.size)
        np.minimum.at(lowest, reviewer, label[agent])
        linked = label.copy()
        np.minimum.at(linked, agent, lowest[reviewer])
        # A label is itself an agent: follow it, so that long chains close quickly.
        linked = linked[linked]
        if np.array_equal(linked, label):
            return label
        label = linked


def _part(scores: Floats, agents: Ints, reviewers: Ints) -> Part:
    agent_ids, agent = np.unique(agents, return_inverse=True)
    reviewer_ids, reviewer = np.unique(reviewers, return_inverse=True)
    shape = (agent_ids.size, reviewer_ids.size)
    cells = agent * shape[1] + reviewer
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).astype(np.float64)
    centre = float(scores.mean())
    away = scores - centre
    return Part(
        agents=agent_ids,
        reviewers=reviewer_ids,
        counts=counts.reshape(shape),
        agent_sums=_summed(agent, away, shape[0]),
        reviewer_sums=_summed(reviewer, away, shape[1]),
        centre=centre,
        squares=float(away @ away),
    )


def _summed(place: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(place, weights=values, minlength=size).astype(np.float64)
