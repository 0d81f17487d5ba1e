"""Orders documents, by words alone or by words and meaning."""

import numpy as np
from numpy.typing import NDArray

# Where between the mean and the best a document must be to be found by meaning alone.
LIKE_ENOUGH = 0.5
_NO_RANGE = 1e-6


def best_first(scores: NDArray[np.floating], limit: int) -> NDArray[np.intp]:
    """Places of the highest scores above 0, best first; equal ones in order of place.

    Parameters
    ----------
    scores : ndarray, shape (n,)
    limit : int
        Most places to return.
    """
    if limit < len(scores):
        lowest = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        # All that tie with the last one, so that the order decides among them.
        chosen = np.flatnonzero(scores >= max(lowest, np.finfo(np.float32).tiny))
    else:
        chosen = np.flatnonzero(scores > 0)
    return chosen[np.argsort(-scores[chosen], kind="stable")][:limit]


def fused(
    scores: NDArray[np.floating],
    likeness: NDArray[np.floating],
    within: NDArray[np.bool_] | None,
) -> NDArray[np.float32]:
    """Join scores by words with likeness of meaning, both brought to the same scale.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        At least 0, and 0 outside ``within``.
    likeness : ndarray, shape (n,)
        Cosines.
    within : ndarray of bool, shape (n,), optional
        Documents that take part; all without.

    Returns
    -------
    ndarray of float32, shape (n,)
        Score over the best score, plus likeness between the mean (0) and the best (1) of
        those that take part. A document without any of the words needs `LIKE_ENOUGH`; 0
        where nothing is left.

    Notes
    -----
    Joining by reciprocal rank [1]_ would not need a scale, but forgets how far the first is
    ahead: on 645 re-worded questions it had the right article first 81 times in 100, this
    85 times.

    References
    ----------
    .. [1] G. V. Cormack, C. L. A. Clarke, S. Büttcher, "Reciprocal Rank Fusion outperforms
       Condorcet and individual Rank Learning Methods", SIGIR 2009, 758-759.
    """
    inside = likeness if within is None else likeness[within]
    if not len(inside):
        return np.zeros(len(scores), np.float32)
    mean, best = float(inside.mean()), float(inside.max())
    if best - mean > _NO_RANGE:
        like = np.maximum((likeness - mean) / (best - mean), 0)
    else:
        like = (likeness > 0).astype(np.float32)
    total = scores / max(float(scores.max()), _NO_RANGE) + like
    total[(scores <= 0) & (like < LIKE_ENOUGH)] = 0
    if within is not None:
        total[~within] = 0
    joined: NDArray[np.float32] = total.astype(np.float32)
    return joined
