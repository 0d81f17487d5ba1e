"""How sure a share is, given how many it was counted from."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray


def share_interval(
    hits: ArrayLike, total: ArrayLike, *, confidence: float = 0.95
) -> NDArray[np.float64]:
    """Bound the true share of each group with a Wilson score interval.

    Small groups produce shares of 0 % or 100 % by luck. The plain
    ``share ± z·sqrt(share·(1 - share)/total)`` has zero width there; this interval has
    not, and it never leaves [0, 1].

    Parameters
    ----------
    hits : array_like of int, shape (n,)
        Counted in each group.
    total : array_like of int, shape (n,)
        Size of each group; a group may be empty.
    confidence : float, default 0.95
        Two-sided coverage, strictly between 0 and 1.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        Lower and upper bound as fractions. An empty group gives ``(0.0, 1.0)``:
        no evidence, so nothing is ruled out.

    Raises
    ------
    ValueError
        If the shapes differ, ``confidence`` is out of range, or any group has
        ``hits < 0`` or ``hits > total``.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and
       statistical inference", J. Am. Stat. Assoc. 22 (158), 209-212, 1927.

    Examples
    --------
    >>> share_interval([81], [263]).round(4)
    array([[0.2553, 0.3662]])
    """
    counted = np.asarray(hits, dtype=np.float64)
    n = np.asarray(total, dtype=np.float64)
    if counted.shape != n.shape or counted.ndim != 1:
        raise ValueError(
            f"hits and total need one equal shape (n,): {counted.shape}, {n.shape}"
        )
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    if np.any(counted < 0) or np.any(counted > n):
        raise ValueError("every group needs 0 <= hits <= total")

    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    centre = counted + z**2 / 2
    missed_share = np.divide(n - counted, n, out=np.zeros_like(n), where=n > 0)
    spread = z * np.sqrt(counted * missed_share + z**2 / 4)
    bounds = np.column_stack([centre - spread, centre + spread])
    return np.clip(bounds / (n + z**2)[:, np.newaxis], 0.0, 1.0)
