"""Hours that closing a gap would save a month, with every term and its uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

Z = 1.959963984540054
"""Of the normal distribution, for 95 %."""

MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with its 95 % interval, or with a low and high guess."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise ValueError(f"0 ≤ low ≤ likely ≤ high does not hold: {self}")

    def times(self, factor: float) -> "Range":
        return Range(self.low * factor, self.likely * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Term:
    """One factor of the formula.

    ``n`` is what it was measured on; 0 says that it is an assumption.
    """

    code: str
    value: Range
    n: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hours a month, and the terms they are made of, in the order of the formula."""

    hours: Range
    terms: tuple[Term, ...]


def count_range(count: int, days: float, *, per_days: float = MONTH_DAYS) -> Range:
    """Return a count of ``days`` as one of a month, with its interval.

    Parameters
    ----------
    count : int
        What happened in ``days`` days, at least 0; taken as Poisson.
    days : float
        Above 0.
    per_days : float
        Length of the period asked for.

    Notes
    -----
    Byar's approximation of the exact interval (Breslow and Day 1987, *Statistical
    Methods in Cancer Research* II, p. 69); within 0.02 of it from one event on.
    """
    if count < 0 or days <= 0:
        raise ValueError("count must be at least 0 and days above 0")
    low = 0.0
    if count:
        low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3
    up = count + 1
    high = up * (1 - 1 / (9 * up) + Z / (3 * sqrt(up))) ** 3
    return Range(max(0.0, low), count, high).times(per_days / days)


def share_range(part: float, whole: float) -> Range:
    """Return a share with its Wilson interval; ``whole`` above 0, fractions allowed."""
    if not 0 <= part <= whole or whole <= 0:
        raise ValueError("0 ≤ part ≤ whole and whole > 0 must hold")
    share = part / whole
    centre = (share + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    half = (
        Z
        / (1 + Z * Z / whole)
        * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    )
    return Range(
        min(share, max(0.0, centre - half)), share, max(share, min(1.0, centre + half))
    )


def shrunk_share(part: int, whole: int, *, prior: float, weight: float) -> Range:
    """Return a share drawn towards ``prior`` as if that came from ``weight`` more cases.

    So three tickets after four searches do not count as 75 % when all searches that
    failed ended in a ticket 6 times of 100.
    """
    return share_range(part + prior * weight, whole + weight)


def mean_range(values: Sequence[float]) -> Range:
    """Return a mean of positive values with its normal interval.

    Raises
    ------
    ValueError
        For fewer than two values: there is no interval.
    """
    n = len(values)
    if n < 2:
        raise ValueError("a mean with its interval needs two values")
    mean = sum(values) / n
    spread = sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
    half = Z * spread / sqrt(n)
    return Range(max(0.0, mean - half), mean, mean + half)


def avoided_share(
    *, answered: int, answered_tickets: int, failed: int, failed_tickets: int
) -> Range | None:
    """Return how much rarer tickets are after searches that led to an article.

    One less the ratio of the two shares of searches with a ticket afterwards.

    Returns
    -------
    Range or None
        ``None`` where it cannot be told: no tickets on a side, or no fewer after an
        article than without one (the ratio's lower limit at 1 or above).

    Notes
    -----
    Katz's log interval (Katz et al. 1978, *Biometrics* 34:469). It compares people who
    found something with people who did not, not the same people with and without the
    article: an upper guess rather than an effect.
    """
    if not (answered and failed and answered_tickets and failed_tickets):
        return None
    ratio = (answered_tickets / answered) / (failed_tickets / failed)
    variance = 1 / answered_tickets - 1 / answered + 1 / failed_tickets - 1 / failed
    spread = exp(Z * sqrt(max(0.0, variance)))
    if ratio >= 1:
        return None
    return Range(max(0.0, 1 - ratio * spread), 1 - ratio, 1 - ratio / spread)


def estimate(
    *,
    after_searches: tuple[Term, Term] | None,
    other_tickets: tuple[Term, Term] | None,
    avoided: Term,
    minutes: Term,
) -> Estimate:
    """Value a gap: tickets a month that an article would avoid, times what one takes.

    ``hours = (searches × tickets a search + tickets × share that looks first) × avoided
    × minutes / 60``.

    Parameters
    ----------
    after_searches : pair of Term, optional
        Searches in vain a month, and tickets for each.
    other_tickets : pair of Term, optional
        Further tickets a month, and the share that an article can reach.
    avoided, minutes : Term
        Share of the tickets reached that are avoided; handling minutes of one ticket.

    Notes
    -----
    The terms are taken as independent: for products the squares of their deviations on
    the logarithmic scale add up, for the sum those on the plain one.
    """
    pairs = [pair for pair in (after_searches, other_tickets) if pair]
    parts = [_product([count.value, share.value]) for count, share in pairs]
    hours = _product([_sum(parts), avoided.value, minutes.value.times(1 / 60)])
    terms = tuple(term for pair in pairs for term in pair)
    return Estimate(hours, (*terms, avoided, minutes))


def _sum(ranges: Sequence[Range]) -> Range:
    likely = sum(one.likely for one in ranges)
    below = sqrt(sum((one.likely - one.low) ** 2 for one in ranges))
    above = sqrt(sum((one.high - one.likely) ** 2 for one in ranges))
    return Range(max(0.0, likely - below), likely, likely + above)


def _product(ranges: Sequence[Range]) -> Range:
    likely = 1.0
    for one in ranges:
        likely *= one.likely
    if likely == 0:
        # Nothing seen: at most what the highest guess for each unseen term gives.
        high = 1.0
        for one in ranges:
            high *= one.likely or one.high
        return Range(0, 0, high)
    above = sqrt(sum(log(one.high / one.likely) ** 2 for one in ranges))
    high = max(likely, likely * exp(above))
    if any(one.low == 0 for one in ranges):
        return Range(0, likely, high)
    below = sqrt(sum(log(one.likely / one.low) ** 2 for one in ranges))
    return Range(min(likely, likely * exp(-below)), likely, high)
