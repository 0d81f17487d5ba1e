"""Which of several published forecasts a day is judged by."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

HORIZONS = (1, 7, 14, 28, 90)
"""Days ahead at which forecasts are judged."""


@dataclass(frozen=True, eq=False)
class Snapshots:
    """Days of published forecasts, in any order.

    Attributes
    ----------
    queues : ndarray of int64, shape (n,)
    days : ndarray of datetime64[D], shape (n,)
    published : ndarray of datetime64[D], shape (n,)
        Local day of publication: from the morning after on, it is a forecast.
    moments : ndarray of float64, shape (n,)
        Moment of publication, to order several of one day.
    """

    queues: NDArray[np.int64]
    days: NDArray[np.datetime64]
    published: NDArray[np.datetime64]
    moments: NDArray[np.float64]

    def where(self, chosen: NDArray[np.intp]) -> "Snapshots":
        """Return the snapshots at some places."""
        return Snapshots(
            self.queues[chosen],
            self.days[chosen],
            self.published[chosen],
            self.moments[chosen],
        )

    @cached_property
    def leads(self) -> NDArray[np.int64]:
        """How many days before its day each was published."""
        leads: NDArray[np.int64] = (self.days - self.published).astype("i8")
        return leads

    @cached_property
    def ranked(self) -> NDArray[np.intp]:
        """Places by queue and day, the newest of a day first: sorted for all horizons."""
        return np.lexsort((-self.moments, self.days, self.queues))


def judging_snapshots(snapshots: Snapshots, horizon: int) -> NDArray[np.intp]:
    """Choose, for each queue and day, the newest snapshot at least ``horizon`` days old.

    A forecast published on the day itself has seen its morning and never judges it.

    Parameters
    ----------
    snapshots : Snapshots
        n of them.
    horizon : int
        Days, at least 1.

    Returns
    -------
    ndarray of int, shape (m,)
        Places of those chosen, in the order of queues and days.
    """
    ranked = snapshots.ranked
    old = ranked[snapshots.leads[ranked] >= horizon]
    queues, days = snapshots.queues[old], snapshots.days[old]
    is_first = np.ones(len(old), dtype=bool)
    is_first[1:] = (queues[1:] != queues[:-1]) | (days[1:] != days[:-1])
    return old[is_first]
