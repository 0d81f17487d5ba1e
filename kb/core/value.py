"""What self-service saves: visits, the share that needed no ticket, and a ticket's cost."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """Tickets that were not sent, and what they would have cost, in the same period."""

    deflected: float
    saved: float


def value(visits: float, rate: float, cost: float) -> Value:
    """Return visits × rate, and that × cost.

    Parameters
    ----------
    visits : float
        Of the period, 0 or more.
    rate : float
        Tickets prevented per visit, at most 1. Below 0 it costs tickets.
    cost : float
        Of one ticket, in money, 0 or more.

    Raises
    ------
    ValueError
        For a value outside these limits, or one that is no number.

    Examples
    --------
    >>> value(10_000, 0.35, 15.0)
    Value(deflected=3500.0, saved=52500.0)
    """
    if not all(map(math.isfinite, (visits, rate, cost))):
        raise ValueError(f"three numbers are needed: {visits}, {rate}, {cost}")
    if visits < 0 or cost < 0 or not -1 <= rate <= 1:
        raise ValueError(f"visits and cost are 0 or more, a rate at most 1: {rate}")
    deflected = visits * rate
    return Value(deflected=deflected, saved=deflected * cost)
