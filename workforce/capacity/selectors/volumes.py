"""Reads of volumes: a queue's intervals, and the days of many queues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.volumes.slots import day_bounds
from workforce.capacity.models import DayVolume, IntervalVolume, Queue

Floats = NDArray[np.float64]

FACTS = ("offered", "handled", "abandoned", "timed", "handle_seconds", "backlog")


@dataclass(frozen=True, slots=True)
class IntervalSeries:
    """Intervals that have a row, in order. ``backlog`` is NaN where it is unknown."""

    starts: NDArray[np.int64]
    minutes: NDArray[np.int64]
    offered: Floats
    handled: Floats
    abandoned: Floats
    timed: Floats
    handle_seconds: Floats
    backlog: Floats

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class DayTable:
    """Sums by queue (rows) and local day (columns); NaN where a day has no data."""

    days: NDArray[np.datetime64]
    queue_ids: NDArray[np.int64]
    offered: Floats
    handled: Floats
    abandoned: Floats
    timed: Floats
    handle_seconds: Floats
    backlog: Floats

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which queue has data on which day."""
        return ~np.isnan(self.offered)


def local_bounds(queue: Queue, start: date, end: date) -> tuple[datetime, datetime]:
    """First moment of the queue's local day ``start`` and of its day ``end``."""
    first = day_bounds(queue.time_zone, start)[0]
    last = day_bounds(queue.time_zone, end)[0]
    return datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)


def intervals(queue: Queue, start: date, end: date) -> IntervalSeries:
    """Return the queue's intervals of its local days ``[start, end)``, one query."""
    first, last = local_bounds(queue, start, end)
    rows = (
        IntervalVolume.objects.filter(
            queue=queue, starts_at__gte=first, starts_at__lt=last
        )
        .order_by("starts_at")
        .values_list("starts_at", "minutes", *FACTS)
    )
    columns = list(zip(*rows, strict=True)) or [()] * (2 + len(FACTS))
    return IntervalSeries(
        np.array([moment.timestamp() for moment in columns[0]], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        *(np.array(column, dtype=np.float64) for column in columns[2:]),
    )


def days(queue_ids: Sequence[int], start: date, end: date) -> DayTable:
    """Return the sums of these queues on the days ``[start, end)``, one query."""
    shape = (len(queue_ids), max(0, (end - start).days))
    table = {name: np.full(shape, np.nan) for name in FACTS}
    place = {queue_id: row for row, queue_id in enumerate(queue_ids)}
    rows = DayVolume.objects.filter(queue_id__in=place, day__gte=start, day__lt=end)
    for queue_id, day, *facts in rows.values_list("queue_id", "day", *FACTS):
        cell = place[queue_id], (day - start).days
        for name, value in zip(FACTS, facts, strict=True):
            table[name][cell] = np.nan if value is None else value
    return DayTable(
        np.arange(np.datetime64(start, "D"), np.datetime64(end, "D")),
        np.array(queue_ids, dtype=np.int64),
        **table,
    )
