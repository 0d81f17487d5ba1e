"""How many will leave: chance, at a rate that is only known on average."""

from math import exp

SHARE = 0.80


def leavers_interval(expected: float, share: float = SHARE) -> tuple[int, int]:
    """Return between how many leavers the number lies, with at least this probability.

    Leavers come one by one and independently, so their number is Poisson about what is
    expected. The tails beyond the bounds hold at most ``(1 − share) / 2`` each.

    Raises
    ------
    ValueError
        For an expectation below 0 or a share that is not between 0 and 1.
    """
    if expected < 0 or not 0 < share < 1:
        raise ValueError("expected is not negative, share lies between 0 and 1")
    tail = (1 - share) / 2
    return _quantile(expected, tail), _quantile(expected, 1 - tail)


def _quantile(expected: float, probability: float) -> int:
    """Return the least number with at least this probability of not being passed."""
    if expected > _LARGE:
        return _large(expected, probability)
    number, chance = 0, exp(-expected)
    reached = chance
    while reached < probability:
        number += 1
        chance *= expected / number
        reached += chance
    return number


_LARGE = 500.0


def _large(expected: float, probability: float) -> int:
    """Return the quantile by scipy, where the sum above would start from nothing."""
    # Here, not above: only teams that lose hundreds need it.
    from scipy.special import pdtr

    number = int(expected)
    while pdtr(number, expected) < probability:
        number += 1
    while number > 0 and pdtr(number - 1, expected) >= probability:
        number -= 1
    return number
