"""One queue's history and future by day, week or month, with overlays beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from workforce.capacity.core.bands import NAMES, Band, Total, total
from workforce.capacity.core.overlays import Overlay, factors
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts.expected import day_band
from workforce.capacity.selectors.forecasts.months import next_month
from workforce.capacity.selectors.volumes import days as day_table

DAY, WEEK, MONTH, INTERVAL = "day", "week", "month", "interval"


@dataclass(frozen=True, slots=True)
class Period:
    """Some days ``[first, end)``: what came, and what was or is expected of them.

    ``came`` is what the volumes hold, ``whole`` what came before today together with
    what is expected from today on (of a past period: what was expected). ``overlaid``
    is the same with overlays, ``other`` by the forecast compared with.
    """

    first: date
    end: date
    came: float | None
    is_over: bool
    whole: Total | None
    overlaid: Total | None
    other: float | None
    other_days: int

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days ``[start, start + n)`` of one queue as arrays of one length."""

    start: date
    today: date
    came: np.ndarray
    shown: Band
    overlaid: Band
    other: np.ndarray

    def place(self, day: date) -> int:
        return min(max(0, (day - self.start).days), len(self.came))


def ahead_of(
    queue: Queue,
    shown: Forecast | None,
    other: Forecast | None,
    *,
    start: date,
    end: date,
    today: date,
    overlays: Sequence[Overlay] = (),
) -> Ahead:
    """Read the days of volumes and of both forecasts: three queries, no intervals."""
    band = day_band(shown, start, end)
    days = np.arange(np.datetime64(start, "D"), np.datetime64(end, "D"))
    by = np.where(days >= np.datetime64(today), factors(days, overlays), 1.0)
    return Ahead(
        start=start,
        today=today,
        came=day_table([queue.pk], start, end).offered[0],
        shown=band,
        overlaid=Band(*(getattr(band, name) * by for name in NAMES)),
        other=day_band(other, start, end).mean,
    )


def periods(
    ahead: Ahead, grain: str, *, start: date | None = None, end: date | None = None
) -> list[Period]:
    """Return the days, weeks (from Monday) or months that the arrays cover.

    A week or a month that the arrays hold only in part is told of those days alone;
    ``start`` and ``end`` narrow what is returned.
    """
    first = max(ahead.start, start or ahead.start)
    last = ahead.start + timedelta(days=len(ahead.came))
    last = min(last, end or last)
    found = []
    while first < last:
        until = min(after(first, grain), last)
        found.append(_period(ahead, first, until))
        first = until
    return found


def days_total(ahead: Ahead, start: date, end: date) -> Total | None:
    """Return what the days ``[start, end)`` bring by the forecast shown, or none."""
    return _whole(ahead.shown, slice(ahead.place(start), ahead.place(end)), 0.0)


def after(day: date, grain: str) -> date:
    """Return the first day of the period after the one that ``day`` lies in."""
    if grain == WEEK:
        return day + timedelta(days=7 - day.weekday())
    if grain == MONTH:
        return next_month(day)
    return day + timedelta(days=1)


def _period(ahead: Ahead, first: date, end: date) -> Period:
    inside = slice(ahead.place(first), ahead.place(end))
    rest = slice(
        max(inside.start, min(ahead.place(ahead.today), inside.stop)), inside.stop
    )
    is_over = end <= ahead.today
    counted = inside if is_over else rest
    came = ahead.came[inside]
    before = float(np.nansum(ahead.came[inside.start : counted.start]))
    other = ahead.other[counted]
    return Period(
        first=first,
        end=end,
        came=float(np.nansum(came)) if np.isfinite(came).any() else None,
        is_over=is_over,
        whole=_whole(ahead.shown, counted, before),
        overlaid=_whole(ahead.overlaid, counted, before),
        other=float(np.nansum(other)) + before if np.isfinite(other).any() else None,
        other_days=int(np.isfinite(other).sum()),
    )


def _whole(band: Band, counted: slice, before: float) -> Total | None:
    if not np.isfinite(band.mean[counted]).any():
        return None
    return total(Band(*(getattr(band, name)[counted] for name in NAMES))).plus(before)
