"""What suggestions in the ticket form prevent: measured on forms that show none."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_ARM = 30
"""Forms each group needs before its rate is called a finding."""

Floats = NDArray[np.float64]


class Finding(StrEnum):
    """What can be said about suggestions, in one word."""

    NO_FORMS = "NO_FORMS"
    NO_HOLD_OUT = "NO_HOLD_OUT"
    TOO_FEW = "TOO_FEW"
    FEWER_TICKETS = "FEWER_TICKETS"
    NO_DIFFERENCE_SEEN = "NO_DIFFERENCE_SEEN"
    MORE_TICKETS = "MORE_TICKETS"


@dataclass(frozen=True)
class Deflection:
    """Tickets prevented by suggestions, beside the figure that is usually claimed.

    Rates are shares 0 to 1, ``None`` for a group without forms. ``effect`` is the rate
    of sending held out less the rate with suggestions: positive is good. ``prevented``
    is in tickets, over the forms that showed suggestions. The claimed figure counts each
    view without a ticket afterwards, whether or not a ticket would have come.
    """

    finding: Finding
    shown_forms: int
    held_out_forms: int
    shown_rate: float | None
    held_out_rate: float | None
    effect: float | None
    lower: float | None
    upper: float | None
    prevented: float | None
    prevented_lower: float | None
    prevented_upper: float | None
    claimed: int
    claimed_rate: float | None


def differences(
    sent: ArrayLike,
    forms: ArrayLike,
    other_sent: ArrayLike,
    other_forms: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Floats:
    """Return the first rate less the second one, with its interval, group by group.

    Newcombe's hybrid score interval: each side takes its width from the Wilson intervals
    of the two rates. Unlike the plain interval it has a width at rates of 0 and 1, and
    stays in [-1, 1].

    Parameters
    ----------
    sent, forms, other_sent, other_forms : array_like of int, shape (n,) or scalar
        Counts of two independent groups; they are broadcast against each other.
    confidence : float, default 0.95
        Two-sided coverage, strictly between 0 and 1.

    Returns
    -------
    ndarray of float64, shape (n, 3)
        Difference, lower and upper bound. An empty group gives ``(nan, -1, 1)``.

    Raises
    ------
    ValueError
        If more were sent than there were forms, or ``confidence`` is out of range.

    References
    ----------
    .. [1] R. G. Newcombe, "Interval estimation for the difference between independent
       proportions: comparison of eleven methods", Statistics in Medicine 17 (1998),
       873-890, method 10.

    Examples
    --------
    >>> differences(56, 70, 48, 80).round(4)
    array([[0.2   , 0.0524, 0.3339]])
    """
    counts = [np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (sent, forms)]
    counts += [
        np.atleast_1d(np.asarray(x, dtype=np.float64))
        for x in (other_sent, other_forms)
    ]
    hits, n, other_hits, other_n = np.broadcast_arrays(*counts)
    z = _two_sided_z(confidence)
    rate, low, high = _wilson(hits, n, z)
    other, other_low, other_high = _wilson(other_hits, other_n, z)
    difference = rate - other
    lower = difference - np.hypot(rate - low, other_high - other)
    upper = difference + np.hypot(high - rate, other - other_low)
    known = ~np.isnan(difference)
    return np.column_stack(
        [difference, np.where(known, lower, -1.0), np.where(known, upper, 1.0)]
    )


def _wilson(hits: Floats, n: Floats, z: float) -> tuple[Floats, Floats, Floats]:
    """Return rate, lower and upper bound (Wilson 1927); the rate of nothing is nan."""
    if np.any(hits < 0) or np.any(hits > n):
        raise ValueError("every group needs 0 <= sent <= forms")
    rate = np.divide(hits, n, out=np.full_like(n, np.nan), where=n > 0)
    centre = hits + z**2 / 2
    spread = z * np.sqrt(hits * (1 - np.nan_to_num(rate)) + z**2 / 4)
    low, high = (centre - spread) / (n + z**2), (centre + spread) / (n + z**2)
    # At 0 and 1 the bound is the rate itself, but for rounding.
    low = np.where(hits == 0, 0.0, low)
    return rate, low, np.where(hits == n, 1.0, high)


def _two_sided_z(confidence: float) -> float:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def measure(
    *,
    shown_sent: int,
    shown_forms: int,
    held_out_sent: int,
    held_out_forms: int,
    views: int = 0,
    views_without_ticket: int = 0,
    confidence: float = 0.95,
) -> Deflection:
    """Return what suggestions prevented, from the forms of both groups.

    A visitor is in one group for good, so a visitor who opens the form often should be
    counted once: several forms of one visitor are not independent, and the interval
    would be too narrow.

    Parameters
    ----------
    shown_sent, shown_forms, held_out_sent, held_out_forms : int
        Forms sent and opened, with suggestions and without.
    views, views_without_ticket : int, optional
        Of articles, for the claimed figure.

    Raises
    ------
    ValueError
        If a count exceeds the one it is a part of.
    """
    if not 0 <= views_without_ticket <= views:
        raise ValueError(f"needs 0 <= without a ticket <= views: {views}")
    effect, lower, upper = differences(
        held_out_sent, held_out_forms, shown_sent, shown_forms, confidence=confidence
    )[0]
    known = bool(shown_forms and held_out_forms)
    in_tickets = [
        float(x) * shown_forms if known else None for x in (effect, lower, upper)
    ]
    return Deflection(
        finding=_finding(shown_forms, held_out_forms, lower, upper),
        shown_forms=shown_forms,
        held_out_forms=held_out_forms,
        shown_rate=_share(shown_sent, shown_forms),
        held_out_rate=_share(held_out_sent, held_out_forms),
        effect=float(effect) if known else None,
        lower=float(lower) if known else None,
        upper=float(upper) if known else None,
        prevented=in_tickets[0],
        prevented_lower=in_tickets[1],
        prevented_upper=in_tickets[2],
        claimed=views_without_ticket,
        claimed_rate=_share(views_without_ticket, views),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _finding(shown: int, held_out: int, lower: float, upper: float) -> Finding:
    if not shown:
        return Finding.NO_FORMS
    if not held_out:
        return Finding.NO_HOLD_OUT
    if min(shown, held_out) < SMALLEST_ARM:
        return Finding.TOO_FEW
    if lower > 0:
        return Finding.FEWER_TICKETS
    return Finding.MORE_TICKETS if upper < 0 else Finding.NO_DIFFERENCE_SEEN


def forms_needed(
    effect: ArrayLike,
    *,
    base_rate: float,
    holdout: float,
    confidence: float = 0.95,
    power: float = 0.8,
) -> NDArray[np.int64]:
    """Return how many forms, of both groups together, would show an effect.

    Parameters
    ----------
    effect : array_like of float, shape (n,) or scalar
        Difference of rates to be seen, 0 to 1 (0.05 is five points), not 0.
    base_rate : float
        Rate of sending without suggestions, strictly between 0 and 1.
    holdout : float
        Share of forms without suggestions, strictly between 0 and 1.
    confidence, power : float
        Of the two-sided interval, and the share of such measurements that see it.

    Returns
    -------
    ndarray of int64, shape (n,)
        The fewer in the smaller group, the more are needed in all.

    Raises
    ------
    ValueError
        If an effect is 0 or leaves no rate between 0 and 1, or a share is out of range.

    References
    ----------
    .. [1] J. L. Fleiss, B. Levin, M. C. Paik, *Statistical Methods for Rates and
       Proportions*, 3rd ed., Wiley 2003, section 4.3 (unequal groups, without the
       correction for continuity).

    Examples
    --------
    >>> forms_needed([0.05, 0.1], base_rate=0.6, holdout=0.1)
    array([8550, 2156])
    """
    effects = np.atleast_1d(np.asarray(effect, dtype=np.float64))
    for share in (base_rate, holdout, power):
        if not 0 < share < 1:
            raise ValueError(f"shares lie strictly between 0 and 1: {share}")
    rates = base_rate - effects
    if np.any(effects == 0) or np.any(rates < 0) or np.any(rates > 1):
        raise ValueError("an effect is not 0 and leaves a rate between 0 and 1")
    pooled = holdout * base_rate + (1 - holdout) * rates
    under_none = np.sqrt(pooled * (1 - pooled) * (1 / holdout + 1 / (1 - holdout)))
    under_effect = np.sqrt(
        base_rate * (1 - base_rate) / holdout + rates * (1 - rates) / (1 - holdout)
    )
    z_power = NormalDist().inv_cdf(power)
    wanted = _two_sided_z(confidence) * under_none + z_power * under_effect
    return np.ceil((wanted / effects) ** 2).astype(np.int64)


def smallest_effect(
    forms: int,
    *,
    base_rate: float,
    holdout: float,
    confidence: float = 0.95,
    power: float = 0.8,
) -> float | None:
    """Return the smallest drop in the rate of sending that so many forms would show.

    Returns
    -------
    float or None
        Share 0 to 1, to a ten-thousandth; ``None`` when even a drop to nothing would go
        unseen.
    """

    def is_seen(effect: float) -> bool:
        needed = forms_needed(
            effect,
            base_rate=base_rate,
            holdout=holdout,
            confidence=confidence,
            power=power,
        )
        return int(needed[0]) <= forms

    return _first_true(is_seen, base_rate)


def _first_true(holds: Callable[[float], bool], largest: float) -> float | None:
    """Halve [0, largest] down to a ten-thousandth."""
    if not holds(largest):
        return None
    low, high = 0.0, largest
    for _ in range(math.ceil(math.log2(1e4))):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
