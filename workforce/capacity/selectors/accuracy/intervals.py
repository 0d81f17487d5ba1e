"""Intervals of one queue beside the snapshots that judge its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.judging import Judged, judged_of
from workforce.capacity.models import ForecastDay, IntervalVolume, Queue
from workforce.capacity.selectors.accuracy.days import BANDS

CHUNK = 400


@dataclass(frozen=True, eq=False)
class JudgedIntervals:
    """Judged intervals of one queue: ``starts`` i8 epoch seconds[n], in order."""

    starts: NDArray[np.int64]
    zone: ZoneInfo
    values: Judged

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def local(self) -> NDArray[np.datetime64]:
        """Local wall-clock starts, datetime64[s]."""
        return np.array(
            [
                datetime.fromtimestamp(int(start), self.zone).replace(tzinfo=None)
                for start in self.starts
            ],
            dtype="datetime64[s]",
        )


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def actual_intervals(queue: Queue, start: datetime, end: datetime) -> dict[int, int]:
    """Return the contacts offered in the intervals that begin in ``[start, end)``."""
    rows = IntervalVolume.objects.filter(
        queue=queue, starts_at__gte=start, starts_at__lt=end
    ).values_list("starts_at", "offered")
    return {int(starts_at.timestamp()): offered for starts_at, offered in rows}


def judged_intervals(
    queue: Queue, start: date, end: date, snapshots: Mapping[date, int]
) -> JudgedIntervals:
    """Return the intervals of one queue in the local days ``[start, end)``.

    ``snapshots`` names the row of the forecast that judges each day.
    An interval without a row had no contact. One that came outside the hours forecast
    counts with an expectation of nothing.
    """
    zone = ZoneInfo(queue.time_zone)
    came = actual_intervals(
        queue, local_midnight(start, zone), local_midnight(end, zone)
    )
    expected = _expected(list(snapshots.values()))
    for moment in came:
        local_day = datetime.fromtimestamp(moment, zone).date()
        if moment not in expected and local_day in snapshots:
            expected[moment] = (0.0,) * len(BANDS)
    starts = sorted(expected)
    columns: dict[str, list[float]] = {
        name: [expected[moment][index] for moment in starts]
        for index, name in enumerate(BANDS)
    }
    columns["actual"] = [float(came.get(moment, 0)) for moment in starts]
    return JudgedIntervals(np.array(starts, dtype="i8"), zone, judged_of(columns))


def _expected(keys: list[int]) -> dict[int, tuple[float, ...]]:
    found: dict[int, tuple[float, ...]] = {}
    for place in range(0, len(keys), CHUNK):
        rows = ForecastDay.objects.filter(pk__in=keys[place : place + CHUNK])
        for held in rows.order_by().values_list("intervals", flat=True):
            columns = (held.get(name, ()) for name in BANDS)
            found.update(
                zip(held.get("starts", ()), zip(*columns, strict=True), strict=True)
            )
    return found
