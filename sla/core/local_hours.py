"""Moments by weekday and hour as a wall clock in one zone shows them."""

from datetime import UTC, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

# Every zone's offset since 1970 is a multiple of a quarter of an hour, or changes
# within one only in zones that no desk uses.
QUARTER = 900
HOURS_A_DAY = 24


def local_slots(epochs: NDArray[np.generic], zone: tzinfo) -> NDArray[np.intp]:
    """Return the slot ``24 × weekday + hour`` of each moment, Monday first.

    Parameters
    ----------
    epochs : ndarray of whole numbers, shape (n,)
        Epoch seconds, UTC.
    zone : tzinfo
        Summer time is followed: an hour that a clock shows twice collects both.

    Returns
    -------
    ndarray of intp, shape (n,)
        0 (Monday 00:00–00:59) to 167 (Sunday 23:00–23:59).

    Examples
    --------
    >>> local_slots(np.array([0]), UTC)  # 1970-01-01 was a Thursday
    array([72])
    """
    quarters, places = np.unique(
        epochs.astype(np.int64) // QUARTER, return_inverse=True
    )
    slots = np.empty(quarters.size, dtype=np.intp)
    for index, quarter in enumerate(quarters.tolist()):
        local = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(zone)
        slots[index] = HOURS_A_DAY * local.weekday() + local.hour
    return slots[places]


def week_counts(slots: NDArray[np.intp]) -> NDArray[np.int64]:
    """Count slots into a week: shape (7, 24), weekday by hour."""
    counts = np.bincount(slots, minlength=7 * HOURS_A_DAY).astype(np.int64)
    return counts.reshape(7, HOURS_A_DAY)
