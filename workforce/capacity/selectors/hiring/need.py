"""How many people the forecasts ask for, month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.selectors.staffing import fte_needed

LEAST_COVERED = 0.25
"""Share of a month's days that a forecast reaches, below which it says nothing of it."""


@dataclass(frozen=True)
class NeededMonth:
    """Full-time equivalents of one month, over the queues of which any month is known.

    ``careful`` is the need at the upper end of the forecasts' 80 % band. A queue beyond
    its own forecast carries its last known month on: ``carried`` says which that is.
    """

    fte: float | None
    careful: float | None
    carried: Mapping[int, date] = field(default_factory=dict)
    n_queues: int = 0

    @property
    def like(self) -> date | None:
        """The month that this one repeats, where all of its queues repeat the same."""
        months = set(self.carried.values())
        if len(self.carried) < self.n_queues or len(months) != 1:
            return None
        return months.pop()


@dataclass(frozen=True)
class Needed:
    """The months asked for, and how far each queue's own forecast reaches.

    ``last`` has the last month that a queue's forecast knows; ``unknown`` are queues
    without any: nothing of theirs is in the sums.
    """

    months: Sequence[NeededMonth]
    last: Mapping[int, date]
    unknown: Sequence[int]


def needed_months(
    queue_ids: Sequence[int], months: Sequence[date], *, today: date
) -> Needed:
    """Return the need of each month; ``None`` before the first that is known."""
    found = fte_needed(queue_ids, months, at=today)
    known = (np.nan_to_num(found.covered) >= LEAST_COVERED) & np.isfinite(found.fte)
    places = _last_known(known)
    rows = np.arange(len(found.queue_ids))
    needed = []
    for column, place in enumerate(places.T):
        there = rows[place >= 0]
        at = place[there]
        needed.append(
            NeededMonth(
                _sum(found.fte[there, at]),
                _sum(found.careful[there, at]),
                carried={
                    found.queue_ids[row]: found.months[where]
                    for row, where in zip(there, at, strict=True)
                    if where < column
                },
                n_queues=len(there),
            )
        )
    last = {
        queue_id: found.months[places[row, -1]]
        for row, queue_id in enumerate(found.queue_ids)
        if months and places[row, -1] >= 0
    }
    unknown = [each for each in queue_ids if each not in last]
    return Needed(needed or [NeededMonth(None, None)] * len(months), last, unknown)


def _last_known(known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the last known month up to each month of each queue; -1 before the first."""
    columns = np.where(known, np.arange(known.shape[1]), -1)
    last: NDArray[np.int64] = np.maximum.accumulate(columns, axis=1)
    return last


def _sum(values: NDArray[np.float64]) -> float | None:
    """The sum of what is known; none where nothing is."""
    given = values[np.isfinite(values)]
    return float(given.sum()) if given.size else None
