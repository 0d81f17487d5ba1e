"""One week of a queue by interval: the only place where a page reads intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workforce.capacity.core.bands import NAMES
from workforce.capacity.core.overlays import Expected, Overlay, with_overlay
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts.expected import expected
from workforce.capacity.selectors.volumes import intervals

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekOfIntervals:
    """Intervals of one week, aligned: moments, local starts, and f8[n] that may be NaN."""

    monday: date
    starts: np.ndarray
    local: list[datetime]
    came: np.ndarray
    shown: Expected
    overlaid: Expected
    other: np.ndarray


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One time of day across the week's days: the expected mean, or none if closed."""

    time: str
    cells: list[float | None]


def week_of(
    queue: Queue,
    shown: Forecast | None,
    other: Forecast | None,
    *,
    monday: date,
    overlays: Sequence[Overlay] = (),
    today: date,
) -> WeekOfIntervals:
    """Read one week: three queries."""
    end = monday + WEEK
    real = intervals(queue, monday, end)
    nothing = expected(queue, monday, monday)
    plan = expected(queue, monday, end, forecast=shown) if shown else nothing
    compared = expected(queue, monday, end, forecast=other) if other else nothing
    starts = np.union1d(np.union1d(real.starts, plan.starts), compared.starts)
    zone = ZoneInfo(queue.time_zone)
    local = [datetime.fromtimestamp(int(s), UTC).astimezone(zone) for s in starts]
    days = np.array([each.date() for each in local], dtype="datetime64[D]")
    placed = _aligned(plan, starts, days)
    coming = days >= np.datetime64(today)
    laid = with_overlay(placed, *overlays)
    return WeekOfIntervals(
        monday=monday,
        starts=starts,
        local=local,
        came=_spread(real.starts, real.offered, starts),
        shown=placed,
        overlaid=Expected(
            starts=starts,
            days=days,
            **{
                name: np.where(coming, getattr(laid, name), getattr(placed, name))
                for name in NAMES
            },
        ),
        other=_spread(compared.starts, compared.mean, starts),
    )


def time_rows(week: WeekOfIntervals, values: np.ndarray) -> list[TimeRow]:
    """Return values by time of day (rows) and day of the week (seven columns)."""
    table: dict[str, list[float | None]] = {}
    for moment, value in zip(week.local, values, strict=True):
        cells = table.setdefault(f"{moment:%H:%M}", [None] * 7)
        if np.isfinite(value):
            place = (moment.date() - week.monday).days
            cells[place] = (cells[place] or 0.0) + float(value)
    return [TimeRow(time, table[time]) for time in sorted(table)]


def _aligned(plan: Expected, starts: np.ndarray, days: np.ndarray) -> Expected:
    columns = {
        name: _spread(plan.starts, getattr(plan, name), starts) for name in NAMES
    }
    return Expected(starts=starts, days=days, **columns)


def _spread(own: np.ndarray, values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return values at their place among all starts; NaN where there is none."""
    placed = np.full(len(starts), np.nan)
    placed[np.searchsorted(starts, own)] = values
    return placed
