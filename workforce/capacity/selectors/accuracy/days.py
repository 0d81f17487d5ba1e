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
    Snapshot,
    judged_of,
    judging_snapshots,
)
from workforce.capacity.models import DayVolume, Forecast, ForecastDay, Queue

BANDS = ("mean", "low80", "high80", "low95", "high95")


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
    """What both queries brought: judged again for each horizon without another query."""

    actual: dict[tuple[int, date], int]
    snapshots: list[Snapshot]
    bands: list[Sequence[float]]
    keys: list[int]

    def at(self, horizon: int) -> JudgedDays:
        """Return the days as judged by snapshots at least so many days old."""
        chosen = judging_snapshots(self.snapshots, horizon)
        pairs = sorted(set(chosen) & set(self.actual))
        picked = [chosen[pair] for pair in pairs]
        columns: dict[str, list[float]] = {
            name: [self.bands[each.place][index] for each in picked]
            for index, name in enumerate(BANDS)
        }
        columns["actual"] = [float(self.actual[pair]) for pair in pairs]
        return JudgedDays(
            queues=np.array([queue for queue, _ in pairs], dtype="i8"),
            days=np.array([day for _, day in pairs], dtype="datetime64[D]"),
            leads=np.array(
                [(each.day - each.published).days for each in picked], dtype="i8"
            ),
            snapshots=np.array([self.keys[each.place] for each in picked], dtype="i8"),
            values=judged_of(columns),
        )


def sides(queues: Collection[Queue], start: date, end: date) -> Sides:
    """Read actual days and every published day of the local days ``[start, end)``."""
    zones = {queue.pk: queue.time_zone for queue in queues}
    actual = {
        (queue_id, day): offered
        for queue_id, day, offered in DayVolume.objects.filter(
            queue_id__in=zones, day__gte=start, day__lt=end
        ).values_list("queue_id", "day", "offered")
    }
    published = {
        key: (queue_id, _local_day(published_at, zones[queue_id]), published_at)
        for key, queue_id, published_at in _published(zones, start, end)
    }
    rows = ForecastDay.objects.filter(
        forecast__in=Subquery(_published(zones, start, end).values("pk")),
        day__gte=start,
        day__lt=end,
    )
    snapshots: list[Snapshot] = []
    bands: list[Sequence[float]] = []
    keys: list[int] = []
    for forecast_id, day, key, *band in rows.order_by().values_list(
        "forecast_id", "day", "pk", *BANDS
    ):
        queue_id, since, moment = published[forecast_id]
        snapshots.append(Snapshot(queue_id, day, since, moment.timestamp(), len(keys)))
        bands.append(band)
        keys.append(key)
    return Sides(actual, snapshots, bands, keys)


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
