"""What a number of reviews buys: how exactly an agent's mean is known, and how many it takes."""

import math

from qa.core.student import t_quantile


def half_width(
    spread: float, n: int, population: float = math.inf, *, confidence: float = 0.95
) -> float:
    """Return how far an agent's mean may be off, either way.

    Parameters
    ----------
    spread : float
        Standard deviation of the agent's scores, in points.
    n : int
        Reviews of randomly drawn tickets.
    population : float
        Tickets that they were drawn from; ``inf`` where these go on.
    confidence : float
        Strictly between 0 and 1.

    Returns
    -------
    float
        Points, by Student's t with ``n - 1`` degrees of freedom and the correction for
        a finite population. ``inf`` below two reviews (nothing is known of the spread),
        0 when every ticket was reviewed.

    Raises
    ------
    ValueError
        If ``spread`` is negative, ``n`` is negative or above ``population``, or
        ``confidence`` is out of range.

    Notes
    -----
    It stands for a simple random sample. Good strata make the mean more exact than
    this; reviewers who differ make it less so.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley 1977, section 2.8.

    Examples
    --------
    >>> [round(half_width(12, n, 100), 1) for n in (5, 10, 20, 40)]
    [14.5, 8.1, 5.0, 3.0]
    """
    if spread < 0:
        raise ValueError(f"a spread is not negative: {spread}")
    if not 0 <= n <= population:
        raise ValueError(f"n must lie in 0..{population}: {n}")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    if n and n == population:
        return 0.0
    if n < 2:
        return math.inf
    quantile = t_quantile(0.5 + confidence / 2, n - 1)
    return quantile * spread / math.sqrt(n) * math.sqrt(1 - n / population)


def needed_n(
    spread: float,
    half: float,
    population: float = math.inf,
    *,
    confidence: float = 0.95,
) -> int:
    """Return the fewest reviews with which `half_width` is at most ``half`` points.

    Parameters
    ----------
    spread, population, confidence
        As in `half_width`.
    half : float
        Points, above 0.

    Returns
    -------
    int
        At most ``population``: who reviews everything knows the mean.

    Raises
    ------
    ValueError
        If ``half`` is not above 0, and as `half_width`.

    Examples
    --------
    >>> [needed_n(12, 5, tickets) for tickets in (50, 100, 400, math.inf)]
    [18, 21, 24, 25]
    >>> [needed_n(12, 3, tickets) for tickets in (50, 100, 400, math.inf)]
    [29, 40, 56, 64]
    """
    if half <= 0:
        raise ValueError(f"the half-width wanted must be above 0: {half}")

    def is_enough(n: int) -> bool:
        return half_width(spread, n, population, confidence=confidence) <= half

    high = 2
    while high < population and not is_enough(high):
        high *= 2
    high = int(min(high, population))
    low = min(2, high)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low


def needed_to_tell(
    score: float,
    other: float,
    spread: float,
    population: float = math.inf,
    have: int = 0,
    *,
    confidence: float = 0.95,
) -> int:
    """Return how many further reviews tell a mean of ``score`` from ``other``.

    The two are told apart when the interval around the one leaves out the other.

    Parameters
    ----------
    score, other : float
        Points, different.
    have : int
        Random reviews there are already.

    Returns
    -------
    int
        0 when those do.

    Examples
    --------
    >>> needed_to_tell(85, 80, 12, 100, have=7)
    14
    """
    wanted = needed_n(spread, abs(score - other), population, confidence=confidence)
    return max(0, wanted - have)
