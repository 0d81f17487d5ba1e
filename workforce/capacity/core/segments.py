"""Capacity shared out among segments of customers: commitments first, then by score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
VALUE, RISK = "value", "risk"
_NONE_LEFT = 1e-12


@dataclass(frozen=True, slots=True)
class Claim:
    """A segment's claim.

    Attributes
    ----------
    name : str
    value : float
        Lifetime value of one customer, at least 0.
    risk : float
        Chance that a customer leaves within a year, 0 to 1.
    demand, commitment : float
        Contacts a week that come, and that contracts promise to serve; at least 0.
    """

    name: str
    value: float
    risk: float
    demand: float
    commitment: float = 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """What a segment gets.

    Attributes
    ----------
    value_part, risk_part, score : float
        Value and risk over the largest among the segments, and their weighted mean.
    due : float
        What is served before anything is shared: the commitment, as far as it is asked.
    served, unserved : float
    """

    name: str
    value_part: float
    risk_part: float
    score: float
    demand: float
    due: float
    served: float

    @property
    def unserved(self) -> float:
        return max(0.0, self.demand - self.served)


class CommitmentsExceedCapacity(ValueError):  # noqa: N818 -- reads as what it says
    """Contracts promise more than there is; nothing is shared out.

    Attributes
    ----------
    due, capacity, short : float
    """

    def __init__(self, due: float, capacity: float) -> None:
        self.due, self.capacity, self.short = due, capacity, due - capacity
        super().__init__(f"{due:g} promised, {capacity:g} there")


def scores(
    claims: Sequence[Claim], weights: Mapping[str, float]
) -> list[tuple[float, float, float]]:
    """Return (value part, risk part, score) of each claim, all 0 to 1.

    ``score = (w_value × value ÷ largest value + w_risk × risk ÷ largest risk)
    ÷ (w_value + w_risk)``; a part is 0 where no segment has any.

    Parameters
    ----------
    claims : sequence of Claim
    weights : mapping
        ``value`` and ``risk``, at least 0, not both 0.

    Raises
    ------
    ValueError
        For weights out of range.
    """
    value_weight, risk_weight = weights.get(VALUE, 0.0), weights.get(RISK, 0.0)
    total = value_weight + risk_weight
    if value_weight < 0 or risk_weight < 0 or total <= 0:
        raise ValueError(f"weights must be at least 0 and not both 0: {dict(weights)}")
    values = _over_largest([claim.value for claim in claims])
    risks = _over_largest([claim.risk for claim in claims])
    return [
        (value, risk, (value_weight * value + risk_weight * risk) / total)
        for value, risk in zip(values, risks, strict=True)
    ]


def _over_largest(numbers: Sequence[float]) -> list[float]:
    largest = max(numbers, default=0.0)
    return [number / largest if largest > 0 else 0.0 for number in numbers]


def allocate(
    claims: Sequence[Claim], capacity: float, weights: Mapping[str, float]
) -> list[Share]:
    """Share capacity out: commitments first, the rest in proportion to the scores.

    A segment never gets more than its demand; what it does not need goes to the others
    in the same proportion. Segments with score 0 get what is then left, by demand.

    Parameters
    ----------
    claims : sequence of Claim
    capacity : float
        Contacts a week there are people for, at least 0.
    weights : mapping
        See `scores`.

    Returns
    -------
    list of Share
        In the order of ``claims``; what is served adds up to the smaller of capacity
        and demand.

    Raises
    ------
    CommitmentsExceedCapacity
        When the commitments cannot all be kept; none is cut silently.
    ValueError
        For a negative or infinite number.
    """
    amounts = [capacity, *(n for c in claims for n in (c.demand, c.commitment))]
    if any(not 0 <= amount < np.inf for amount in amounts):
        raise ValueError("capacity, demand and commitments must be at least 0")
    due = [min(claim.demand, claim.commitment) for claim in claims]
    if sum(due) > capacity * (1 + 1e-12) + 1e-9:
        raise CommitmentsExceedCapacity(sum(due), capacity)
    found = scores(claims, weights)
    room = np.array([claim.demand for claim in claims]) - due
    rest = max(0.0, capacity - sum(due))
    first = fill(room, np.array([each[2] for each in found]), rest)
    left = max(0.0, rest - float(first.sum()))
    last = fill(room - first, room - first, left)
    return [
        Share(claim.name, *parts, claim.demand, owed, owed + float(one + two))
        for claim, parts, owed, one, two in zip(
            claims, found, due, first, last, strict=True
        )
    ]


def fill(room: Floats, weights: Floats, amount: float) -> Floats:
    """Pour an amount into rooms at speeds ``weights`` until it or the room is used up.

    Parameters
    ----------
    room, weights : ndarray, shape (n,)
        At least 0; a room without weight stays empty.
    amount : float

    Returns
    -------
    ndarray of float64, shape (n,)
        ``min(room, level × weight)`` with the level at which the amount is gone: the
        allocation whose ratios to the weights are max-min fair.
    """
    result = np.zeros(len(room))
    open_ones = [i for i in range(len(room)) if weights[i] > 0 and room[i] > 0]
    open_ones.sort(key=lambda i: room[i] / weights[i])
    rate = float(sum(weights[i] for i in open_ones))
    left = amount
    for place in open_ones:
        if left <= _NONE_LEFT or rate <= 0:
            break
        poured = min(float(room[place]), left * float(weights[place]) / rate)
        result[place] = poured
        left -= poured
        rate -= float(weights[place])
    return result
