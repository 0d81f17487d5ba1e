"""Days of queues beside the snapshot that judges them: three queries for all of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet, Subquery
from numpy.typing import NDArray

from workforce.capacity.core.judging import (
    Judged,
    Snapshots,
    judging_snapshots,
)
from workforce.capacity.models import DayVolume, Forecast, ForecastDay, Queue

BANDS = ("mean", "low80", "high80", "low95", "high95")
CHUNK = 500
DAY_BITS = 24
"""Enough for any day counted from 1970, before or after."""


@dataclass(frozen=True, eq=False)
class JudgedDays:
    """Days that have both a volume and a snapshot; arrays of one length n.

    ``queues`` are primary keys, ``days`` datetime64[D] local days, ``leads`` how many
    days before them the snapshot was published, ``snapshots`` keys of its rows.
    """

    queues: NDArray[np.int64]
    days: NDArray[np.datetime64]
    leads: NDArray[np.int64]
    snapshots: NDArray[np.int64]
    values: Judged

    def __len__(self) -> int:
        return len(self.days)

    @property
    def keys(self) -> dict[date, int]:
        """The row that judges each day; of one queue's days."""
        return {
            day.astype(object): int(key)
            for day, key in zip(self.days, self.snapshots, strict=True)
        }

    def of(self, queue_id: int) -> "JudgedDays":
        """Return the days of one queue."""
        mask = self.queues == queue_id
        return JudgedDays(
            self.queues[mask],
            self.days[mask],
            self.leads[mask],
            self.snapshots[mask],
            self.values.where(mask),
        )


@dataclass(frozen=True, eq=False)
class Sides:
    """What the queries brought: judged again for each horizon without another query.

    Days with both sides only; ``keys`` are those of rows, ``values`` what they say.
    """

    snapshots: Snapshots
    keys: NDArray[np.int64]
    values: Judged

    def at(self, horizon: int) -> JudgedDays:
        """Return the days as judged by snapshots at least so many days old."""
        chosen = judging_snapshots(self.snapshots, horizon)
        return JudgedDays(
            queues=self.snapshots.queues[chosen],
            days=self.snapshots.days[chosen],
            leads=self.snapshots.leads[chosen],
            snapshots=self.keys[chosen],
            values=self.values.where(chosen),
        )


def sides(queues: Collection[Queue], start: date, end: date) -> Sides:
    """Read actual days and every published day of the local days ``[start, end)``."""
    zones = {queue.pk: queue.time_zone for queue in queues}
    published = {
        key: (queue_id, _local_day(moment, zones[queue_id]), moment.timestamp())
        for key, queue_id, moment in _published(zones, start, end)
    }
    rows = ForecastDay.objects.filter(
        forecast__in=Subquery(_published(zones, start, end).values("pk")),
        day__gte=start,
        day__lt=end,
    ).order_by()
    # In one flat list: tens of thousands of rows kept as tuples set the collector off.
    names = ("forecast_id", "day", "pk", *BANDS)
    flat: list[Any] = []
    for row in rows.values_list(*names).iterator(chunk_size=CHUNK):
        flat += row
    columns = [flat[place :: len(names)] for place in range(len(names))]
    facts = list(zip(*(published[key] for key in columns[0]), strict=True)) or [()] * 3
    snapshots = Snapshots(
        queues=np.array(facts[0], dtype="i8"),
        days=np.array(columns[1], dtype="datetime64[D]"),
        published=np.array(facts[1], dtype="datetime64[D]"),
        moments=np.array(facts[2], dtype="f8"),
    )
    keys, bands = np.array(columns[2], dtype="i8"), columns[3:]
    return _with_actual(snapshots, keys, bands, _actual(zones, start, end))


Pairs = tuple[NDArray[np.int64], NDArray[np.float64]]


def _actual(queue_ids: Iterable[int], start: date, end: date) -> Pairs:
    """Return the days that have a volume, as `_pairs` in order, and the contacts."""
    rows = DayVolume.objects.filter(
        queue_id__in=list(queue_ids), day__gte=start, day__lt=end
    ).order_by()
    found = list(rows.values_list("queue_id", "day", "offered"))
    queues, days, offered = zip(*found, strict=True) if found else ((), (), ())
    pairs = _pairs(np.array(queues, "i8"), np.array(days, "datetime64[D]"))
    order = np.argsort(pairs)
    return pairs[order], np.array(offered, dtype="f8")[order]


def _pairs(
    queues: NDArray[np.int64], days: NDArray[np.datetime64]
) -> NDArray[np.int64]:
    """A number for each queue and day."""
    numbers: NDArray[np.int64] = (queues << DAY_BITS) + days.astype("i8")
    return numbers


def _with_actual(
    snapshots: Snapshots,
    keys: NDArray[np.int64],
    bands: Sequence[Sequence[float]],
    came: Pairs,
) -> Sides:
    """Keep the snapshots of days that have a volume."""
    known, offered = came
    wanted = _pairs(snapshots.queues, snapshots.days)
    places = np.searchsorted(known, wanted)
    kept = np.flatnonzero(np.isin(wanted, known))
    columns = dict(zip(BANDS, bands, strict=True))
    values = {name: np.array(column, "f8")[kept] for name, column in columns.items()}
    return Sides(
        snapshots=snapshots.where(kept),
        keys=keys[kept],
        values=Judged(actual=offered[places[kept]], **values),
    )


def _published(
    queue_ids: Iterable[int], start: date, end: date
) -> QuerySet[Forecast, Any]:
    """Return key, queue and moment of what was published over these days.

    Apart from their days: thousands of rows would carry the same moment.
    """
    known = Forecast.objects.filter(
        queue_id__in=list(queue_ids), starts_on__lt=end, ends_on__gte=start
    ).exclude(state=Forecast.State.DRAFT)
    return known.order_by().values_list("pk", "queue_id", "published_at")


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def judged_days(
    queues: Collection[Queue], start: date, end: date, *, horizon: int = 1
) -> JudgedDays:
    """Return the judged days of queues in the local days ``[start, end)``.

    Days without volumes (closed, or not imported yet) and days that no snapshot covers
    are left out. Three queries, however many queues.
    """
    return sides(queues, start, end).at(horizon)
