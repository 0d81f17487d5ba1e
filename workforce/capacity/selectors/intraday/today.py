"""The rest of one queue's day, from what has come so far.

The forecast of the rest is multiplied by exp(k · log((came + 5) ÷ (expected + 5))) of the
last two hours, with k between 0 (the morning tells nothing) and 1 (the rest is off as much as the morning).
k is learnt from the queue's own past days; scaling by the whole ratio, k = 1, is worse
than no change at all on most days, because a morning's luck does not last.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.bands import Total, total
from workforce.capacity.core.curves import Curve, part, scaled
from workforce.capacity.core.intraday import learn_ratio, reforecast, window_of
from workforce.capacity.models import Queue
from workforce.capacity.selectors.accuracy.days import judged_days
from workforce.capacity.selectors.accuracy.intervals import (
    JudgedIntervals,
    judged_intervals,
)
from workforce.capacity.selectors.intraday.overview import TodayRow, overview

LEAST_DAYS = 20
"""Fewer past days than this, and one half is used: it loses little against a learnt k."""

DEFAULT_RATIO = 0.5
LEARNT_FROM = timedelta(days=90)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rest:
    """What is expected now: ``mean`` f8[n] holds what came, then the rest as rescaled.

    ``factor`` is what the rest was multiplied by; ``full`` the day's total if it had been
    scaled by the whole ratio, shown to explain why it is not.
    """

    mean: Floats
    low95: Floats
    high95: Floats
    ratio: float
    n_days: int
    factor: float
    total: Total
    full: float

    @property
    def is_learnt(self) -> bool:
        return self.n_days >= LEAST_DAYS


@dataclass(frozen=True, eq=False)
class Intraday:
    """Today of one queue; ``rest`` is there once something is known of the day."""

    row: TodayRow
    rest: Rest | None


def today(queue: Queue, at: datetime) -> Intraday:
    """Return the curve of the queue's day so far, and of its rest."""
    row = overview([queue], at)[0]
    if row.curve is None or not row.curve.known:
        return Intraday(row, None)
    ratio, n_days = _ratio(queue, row.day, row.curve)
    return Intraday(row, rest_of(row.curve, ratio, n_days))


def rest_of(curve: Curve, ratio: float, n_days: int) -> Rest:
    """Rescale the rest of a day and add it to what has come."""
    known, mean, window = curve.known, curve.band.mean, window_of(curve.seconds)
    renewed = reforecast(mean, curve.actual, ratio=ratio, window=window)
    factor = np.divide(renewed, mean, out=np.ones(len(mean)), where=(mean > 0))
    factor[:known] = 1.0
    band = scaled(curve.band, factor)
    rest = total(part(band, slice(known, None)))
    full = reforecast(mean, curve.actual, ratio=1.0, window=window)
    return Rest(
        mean=renewed,
        low95=band.low95,
        high95=band.high95,
        ratio=ratio,
        n_days=n_days,
        factor=float(factor[-1]) if known < len(mean) else 1.0,
        total=rest.plus(curve.came),
        full=float(full[known:].sum()) + curve.came,
    )


def _ratio(queue: Queue, day: date, curve: Curve) -> tuple[float, int]:
    """Return k and from how many past days it was learnt."""
    if curve.known == len(curve.starts):
        return DEFAULT_RATIO, 0
    start = day - LEARNT_FROM
    days = judged_days([queue], start, day)
    if len(days) < LEAST_DAYS:
        return DEFAULT_RATIO, len(days)
    past = judged_intervals(queue, start, day, days.keys)
    expected, actual = _days_like(past, _slots(curve.starts, queue))
    if len(expected) < LEAST_DAYS:
        return DEFAULT_RATIO, len(expected)
    window = window_of(curve.seconds)
    return learn_ratio(expected, actual, cut=curve.known, window=window)


def _slots(starts: NDArray[np.int64], queue: Queue) -> list[int]:
    """Return the minute of the local day at which each interval starts."""
    zone = ZoneInfo(queue.time_zone)
    clocks = (datetime.fromtimestamp(int(start), zone) for start in starts)
    return [60 * clock.hour + clock.minute for clock in clocks]


def _days_like(past: JudgedIntervals, slots: list[int]) -> tuple[Floats, Floats]:
    """Return past days that have all of today's intervals, as two tables days × slots."""
    place = {slot: index for index, slot in enumerate(slots)}
    local = past.local
    days = local.astype("datetime64[D]")
    minutes = (local - days).astype("timedelta64[m]").astype(int)
    unique, rows = np.unique(days, return_inverse=True)
    table = np.full((2, len(unique), len(slots)), np.nan)
    for index, (row, minute) in enumerate(zip(rows, minutes, strict=True)):
        column = place.get(int(minute))
        if column is not None:
            table[0, row, column] = past.values.mean[index]
            table[1, row, column] = past.values.actual[index]
    whole = ~np.isnan(table).any(axis=(0, 2))
    return table[0, whole], table[1, whole]
