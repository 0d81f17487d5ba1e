"""When work is due, if it has to be done within some open time of its arrival."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def due_within(arrivals: Floats, open_seconds: Floats, within: float) -> Floats:
    """Return the work due by the end of each interval, cumulated.

    Work arrives evenly over an open interval. What arrives in closed time counts from
    the next opening.

    Parameters
    ----------
    arrivals : ndarray of float64, shape (n,)
        Seconds of work that arrive in each interval.
    open_seconds : ndarray of float64, shape (n,)
        How long each interval is open.
    within : float
        Open seconds from arrival to deadline, at least 0.

    Returns
    -------
    ndarray of float64, shape (n,)
        Arrivals cumulated, and shifted by ``within`` in open time.
    """
    is_open = open_seconds > 0
    if not is_open.any():
        return np.zeros_like(arrivals)
    length = open_seconds[is_open]
    opens = np.cumsum(length) - length
    before = (np.cumsum(arrivals) - arrivals)[is_open]
    seen = np.cumsum(open_seconds) - within
    # Sums of the same lengths in another order: a hair below an opening is that opening.
    hair = 1e-9 * max(1.0, float(opens[-1]))
    which = np.searchsorted(opens, seen + hair, side="right") - 1
    inside = np.maximum(which, 0)
    part = np.clip((seen - opens[inside]) / length[inside], 0.0, 1.0)
    due = before[inside] + part * arrivals[is_open][inside]
    # Nothing is due before there was open time for it, however short ``within`` is.
    could = np.concatenate(([0.0], np.cumsum(arrivals)[is_open]))[np.cumsum(is_open)]
    return np.minimum(np.where(which < 0, 0.0, due), could)
