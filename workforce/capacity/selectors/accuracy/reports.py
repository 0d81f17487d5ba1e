"""What the accuracy page shows: records by grain, period, queue, horizon and weekday."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.judging import (
    HORIZONS,
    Figures,
    Judged,
    figures,
    sum_by,
)
from workforce.capacity.models import Queue
from workforce.capacity.selectors.accuracy.days import JudgedDays, Sides, judged_days
from workforce.capacity.selectors.accuracy.intervals import (
    JudgedIntervals,
    judged_intervals,
)

MONDAY_OF_EPOCH = 3
"""1 January 1970 was a Thursday."""


@dataclass(frozen=True)
class Row:
    """One period of a report: its sums with their band, and the record of its days."""

    start: date | datetime
    n: int
    actual: float
    expected: float
    low95: float
    high95: float
    record: Figures

    @property
    def is_outside(self) -> bool:
        return not self.low95 <= self.actual <= self.high95

    @property
    def deviation(self) -> float | None:
        """(actual − expected) ÷ expected; ``None`` where nothing was expected."""
        return (self.actual - self.expected) / self.expected if self.expected else None


@dataclass(frozen=True)
class QueueRow:
    queue: Queue
    day: Figures
    week: Figures


@dataclass(frozen=True)
class HorizonRow:
    """The record of forecasts at least ``days`` old; ``lead`` is their median age."""

    days: int
    lead: float | None
    day: Figures


@dataclass(frozen=True)
class Cell:
    """Error at one hour of one weekday; ``bias`` positive where the forecast is too high."""

    n: int
    actual: float
    expected: float
    wape: float | None
    bias: float | None


def period_starts(days: NDArray[np.datetime64], grain: str) -> NDArray[np.datetime64]:
    """Return the first day of the week (Monday) or month of each day."""
    if grain == "month":
        return days.astype("datetime64[M]").astype("datetime64[D]")
    if grain == "week":
        mondays: NDArray[np.datetime64] = (
            days - (days.astype("i8") + MONDAY_OF_EPOCH) % 7
        )
        return mondays
    return days


def summed(days: JudgedDays, grain: str) -> tuple[list[tuple[int, date]], Judged]:
    """Add days up to weeks or months of each queue: ``(queue, start)`` and the sums."""
    starts = period_starts(days.days, grain)
    keys = np.stack([days.queues, starts.astype("i8")], axis=1)
    unique, places = np.unique(keys, axis=0, return_inverse=True)
    labels = [
        (int(queue), np.datetime64(int(start), "D").astype(object))
        for queue, start in unique
    ]
    return labels, sum_by(days.values, places.reshape(-1), len(unique))


def record(days: JudgedDays, intervals: JudgedIntervals | None = None) -> list[Figures]:
    """Return the record at each grain; of intervals only where they are given."""
    found = [
        figures(summed(days, grain)[1], grain)
        if len(days)
        else figures(days.values, grain)
        for grain in ("month", "week")
    ]
    found.append(figures(days.values, "day"))
    if intervals is not None:
        found.append(figures(intervals.values, "interval"))
    return found


def accuracy(
    queue: Queue, start: date, end: date, grain: str, *, horizon: int = 1
) -> list[Row]:
    """Return one row a month, week, day or interval of one queue, newest first."""
    days = judged_days([queue], start, end, horizon=horizon)
    if grain == "interval":
        return interval_rows(judged_intervals(queue, start, end, days.keys))
    return rows_of(days, grain)


def rows_of(days: JudgedDays, grain: str) -> list[Row]:
    """Return one row a period of days, newest first; queues are added up."""
    if not len(days):
        return []
    unique, places = np.unique(period_starts(days.days, grain), return_inverse=True)
    sums = sum_by(days.values, places, len(unique))
    return [
        _row(
            unique[place].astype(object),
            sums,
            place,
            days.values.where(places == place),
            "day",
        )
        for place in reversed(range(len(unique)))
    ]


def interval_rows(intervals: JudgedIntervals) -> list[Row]:
    """Return one row an interval, newest first, with its start in the queue's zone."""
    return [
        _row(
            datetime.fromtimestamp(int(intervals.starts[place]), intervals.zone),
            intervals.values,
            place,
            intervals.values.where([place]),
            "interval",
        )
        for place in reversed(range(len(intervals)))
    ]


def _row(
    start: date | datetime, sums: Judged, place: int, parts: Judged, grain: str
) -> Row:
    return Row(
        start=start,
        n=len(parts),
        actual=float(sums.actual[place]),
        expected=float(sums.mean[place]),
        low95=float(sums.low95[place]),
        high95=float(sums.high95[place]),
        record=figures(parts, grain),
    )


def by_queue(queues: Collection[Queue], days: JudgedDays) -> list[QueueRow]:
    """Return one row a queue, those without a judged day too."""
    found = []
    for queue in queues:
        own = days.of(queue.pk)
        weeks = summed(own, "week")[1] if len(own) else own.values
        found.append(
            QueueRow(
                queue,
                day=figures(own.values, "day"),
                week=figures(weeks, "week"),
            )
        )
    return found


def by_horizon(both: Sides) -> list[HorizonRow]:
    """Return the record at each horizon, without another query."""
    found = []
    for horizon in HORIZONS:
        days = both.at(horizon)
        lead = float(np.median(days.leads)) if len(days) else None
        found.append(HorizonRow(horizon, lead, figures(days.values, "day")))
    return found


def by_weekday(days: JudgedDays) -> list[Figures]:
    """Return the record of each weekday, Monday first."""
    weekday = (days.days.astype("i8") + MONDAY_OF_EPOCH) % 7
    return [figures(days.values.where(weekday == each), "day") for each in range(7)]


def heat(intervals: JudgedIntervals) -> dict[tuple[int, int], Cell]:
    """Return the error by ``(weekday, hour)`` of the queue's own clock."""
    local = intervals.local
    days = local.astype("datetime64[D]")
    weekday = (days.astype("i8") + MONDAY_OF_EPOCH) % 7
    hour = (local - days).astype("timedelta64[h]").astype("i8")
    values = intervals.values
    miss = np.abs(values.actual - values.mean)
    cells = {}
    for key in np.unique(weekday * 24 + hour):
        mask = weekday * 24 + hour == key
        actual, expected = values.actual[mask].sum(), values.mean[mask].sum()
        cells[int(key) // 24, int(key) % 24] = Cell(
            n=int(mask.sum()),
            actual=float(actual),
            expected=float(expected),
            wape=float(miss[mask].sum() / actual) if actual else None,
            bias=float((expected - actual) / actual) if actual else None,
        )
    return cells
