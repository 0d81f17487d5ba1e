"""How many tickets a calibration needs before its reliability means anything."""

import math
from statistics import NormalDist


def subjects_needed(
    least: float,
    expected: float,
    reviewers: int,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
) -> int:
    """Return the tickets that show an ICC to be above a least acceptable one.

    Parameters
    ----------
    least : float
        The ICC to be ruled out, in [0, 1).
    expected : float
        The ICC that is thought true, above ``least`` and below 1.
    reviewers : int
        Reviews of each ticket, 2 or more.
    alpha : float, default 0.05
        One-sided chance of claiming it wrongly.
    power : float, default 0.8
        Chance of showing it if true.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    .. [1] S. D. Walter, M. Eliasziw, A. Donner, "Sample size and optimal designs for
       reliability studies", Stat. Med. 17 (1), 101-110, 1998.

    Examples
    --------
    >>> subjects_needed(0.6, 0.8, 2)
    39
    """
    if not 0.0 <= least < expected < 1.0 or reviewers < 2:
        raise ValueError(
            f"need 0 <= least < expected < 1 and 2 reviewers: {least}, {expected}, {reviewers}"
        )
    if not (0.0 < alpha < 1.0 and 0.0 < power < 1.0):
        raise ValueError(f"alpha and power lie strictly in (0, 1): {alpha}, {power}")
    normal = NormalDist()
    reach = normal.inv_cdf(1 - alpha) + normal.inv_cdf(power)
    ratio = _signal(least, reviewers) / _signal(expected, reviewers)
    needed = 1 + 2 * reach**2 * reviewers / (math.log(ratio) ** 2 * (reviewers - 1))
    return math.ceil(needed)


def _signal(rho: float, reviewers: int) -> float:
    return 1 + reviewers * rho / (1 - rho)
