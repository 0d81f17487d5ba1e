"""What a published forecast expects: by interval for one queue, by day for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from workforce.capacity.core.bands import NAMES, Band
from workforce.capacity.core.overlays import Expected
from workforce.capacity.models import Forecast, ForecastDay, Queue


@dataclass(frozen=True, slots=True)
class DayBands(Band):
    """Expected days of several queues; the fields of ``Band`` are f8[q, n].

    Days that no published forecast covers are not a number.
    """

    days: np.ndarray
    queue_ids: np.ndarray

    def of(self, queue_id: int) -> Band:
        """Return one queue's days: f8[n] each."""
        row = int(np.flatnonzero(self.queue_ids == queue_id)[0])
        return Band(**{name: getattr(self, name)[row] for name in NAMES})


def published(queue: Queue) -> Forecast | None:
    """Return the queue's published forecast, or none."""
    return Forecast.objects.filter(queue=queue, state=Forecast.State.PUBLISHED).first()


def expected(
    queue: Queue, start: date, end: date, *, forecast: Forecast | None = None
) -> Expected:
    """Return the intervals of local days ``[start, end)``.

    They come from the published forecast, or from the one given. Days that it does not
    cover are left out; without any forecast the arrays are empty.
    """
    rows = ForecastDay.objects.filter(day__gte=start, day__lt=end).order_by("day")
    if forecast is None:
        rows = rows.filter(
            forecast__queue=queue, forecast__state=Forecast.State.PUBLISHED
        )
    else:
        rows = rows.filter(forecast=forecast)
    return joined_days(rows.values_list("day", "intervals"))


def joined_days(rows: Iterable[tuple[date, dict[str, Any]]]) -> Expected:
    """Put the interval lists of some days behind one another."""
    columns: dict[str, list[float]] = {name: [] for name in NAMES}
    starts: list[int] = []
    days: list[date] = []
    counts: list[int] = []
    for day, intervals in rows:
        starts += intervals["starts"]
        days.append(day)
        counts.append(len(intervals["starts"]))
        for name in NAMES:
            columns[name] += intervals[name]
    return Expected(
        starts=np.array(starts, dtype=np.int64),
        days=np.repeat(np.array(days, dtype="datetime64[D]"), counts),
        **{name: np.array(columns[name], dtype=float) for name in NAMES},
    )


def expected_days(queue_ids: Sequence[int], start: date, end: date) -> DayBands:
    """Return the published forecasts of local days ``[start, end)``, in one query."""
    rows = ForecastDay.objects.filter(
        forecast__queue__in=list(queue_ids),
        forecast__state=Forecast.State.PUBLISHED,
        day__gte=start,
        day__lt=end,
    ).values_list("forecast__queue_id", "day", *NAMES)
    days = np.arange(np.datetime64(start, "D"), np.datetime64(end, "D"))
    place = {queue_id: index for index, queue_id in enumerate(queue_ids)}
    table = np.full((len(NAMES), len(place), len(days)), np.nan)
    for queue_id, day, *values in rows:
        table[:, place[queue_id], (day - start).days] = values
    return DayBands(
        **dict(zip(NAMES, table, strict=True)),
        days=days,
        queue_ids=np.array(list(queue_ids), dtype=np.int64),
    )


def day_band(forecast: Forecast | None, start: date, end: date) -> Band:
    """Return one forecast's days ``[start, end)`` as f8[n], without the intervals."""
    table = np.full((len(NAMES), max(0, (end - start).days)), np.nan)
    if forecast is not None:
        rows = forecast.days.filter(day__gte=start, day__lt=end)
        for day, *values in rows.values_list("day", *NAMES):
            table[:, (day - start).days] = values
    return Band(**dict(zip(NAMES, table, strict=True)))
