"""How many people the forecast asks for, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from workforce.capacity.selectors.staffing import fte_needed

LEAST_COVERED = 0.25
"""Share of a month's days that the forecast reaches, below which it says nothing."""


@dataclass(frozen=True)
class NeededMonth:
    """Full-time equivalents of one month.

    ``careful`` is the need at the upper end of the forecast's 80 % interval. Beyond the
    forecast the last known month is carried on and ``like`` names it.
    """

    fte: float | None
    careful: float | None
    like: date | None = None


def needed_months(
    queue_ids: Sequence[int], months: Sequence[date], *, today: date
) -> list[NeededMonth]:
    """Return the need of each month; ``None`` before the first that is known."""
    found = fte_needed(queue_ids, months, at=today)
    if not found.queue_ids:
        return [NeededMonth(None, None)] * len(months)
    reached = np.nanmax(np.nan_to_num(found.covered), axis=0)
    rows: list[NeededMonth] = []
    last: tuple[date, NeededMonth] | None = None
    for month, fte, careful, share in zip(
        months, found.total, found.careful_total, reached, strict=True
    ):
        if share >= LEAST_COVERED and np.isfinite(fte):
            row = NeededMonth(float(fte), _known(careful))
            last = month, row
        elif last is not None:
            row = NeededMonth(last[1].fte, last[1].careful, like=last[0])
        else:
            row = NeededMonth(None, None)
        rows.append(row)
    return rows


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
