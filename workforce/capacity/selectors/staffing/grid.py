"""A week as a table: time of day down, weekdays across, one figure a cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workforce.capacity.selectors.staffing.local_times import Floats, Ints, LocalTimes

DAYS_A_WEEK = 7


@dataclass(frozen=True, eq=False)
class WeekGrid:
    """``minutes`` i8[r] after midnight of each row; ``cells`` maps a measure to f8[r, 7].

    A cell without an interval is not a number. Where a clock shows the same time twice,
    as on the day on which it is set back, the cell holds the mean of both.
    """

    minutes: Ints
    cells: Mapping[str, Floats]

    def without_empty_rows(self) -> "WeekGrid":
        """Leave out the times of day at which no measure has a value."""
        known = np.zeros(len(self.minutes), bool)
        for values in self.cells.values():
            known |= np.isfinite(values).any(axis=1)
        cells = {name: values[known] for name, values in self.cells.items()}
        return WeekGrid(self.minutes[known], cells)


def week_grid(times: LocalTimes, measures: Mapping[str, Floats]) -> WeekGrid:
    """Lay intervals out by weekday and time of day; several of one cell are averaged."""
    rows, place = np.unique(times.minutes, return_inverse=True)
    slots = place * DAYS_A_WEEK + times.weekdays
    size = len(rows) * DAYS_A_WEEK
    cells = {}
    for name, values in measures.items():
        known = np.isfinite(values)
        total = np.bincount(slots[known], values[known], minlength=size)
        count = np.bincount(slots[known], minlength=size)
        mean = np.full(size, np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        cells[name] = mean.reshape(len(rows), DAYS_A_WEEK)
    return WeekGrid(rows, cells)
