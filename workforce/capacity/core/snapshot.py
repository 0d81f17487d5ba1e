"""A forecast as it is stored: one entry a day, its intervals at real moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from workforce.capacity.core.bands import NAMES, Band


@dataclass(frozen=True, slots=True)
class SnapshotDay:
    """One local day: its total with ranges, and lists of equal length per interval."""

    day: date
    total: dict[str, float]
    intervals: dict[str, list[float]]


def moments(wall: datetime, zone: ZoneInfo) -> list[int]:
    """Return the epoch seconds at which a clock on the wall shows this time.

    One as a rule; none in the hour that is skipped in spring; two in the hour that is
    shown twice in autumn.
    """
    found = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            found.append(int(moment.timestamp()))
    return sorted(set(found))


def snapshot_days(
    timestamps: np.ndarray,
    intervals: Band,
    days: np.ndarray,
    totals: Band,
    *,
    zone: ZoneInfo,
    start: date,
) -> Iterator[SnapshotDay]:
    """Yield the days from ``start`` on, each with its intervals at real moments.

    Parameters
    ----------
    timestamps : datetime64[s][h]
        Local wall-clock starts, rising.
    intervals : Band
        f8[h].
    days : datetime64[D][d]
        Every day that ``timestamps`` has, rising.
    totals : Band
        f8[d].
    zone : zoneinfo.ZoneInfo
    start : datetime.date
        Days before it are left out.

    Notes
    -----
    On the day the clocks change, an interval is left out or comes twice, and the total
    of the day changes in proportion.
    """
    of_day = timestamps.astype("datetime64[D]")
    first = np.searchsorted(of_day, days)
    last = np.searchsorted(of_day, days, side="right")
    for index, day in enumerate(days.astype(object)):
        if day < start:
            continue
        inside = slice(first[index], last[index])
        starts, picked = _placed(timestamps[inside], zone)
        columns = {name: getattr(intervals, name)[inside] for name in NAMES}
        before = float(columns["mean"].sum())
        after = float(columns["mean"][picked].sum())
        share = after / before if before > 0 else 1.0
        yield SnapshotDay(
            day=day,
            total={
                name: round(float(getattr(totals, name)[index]) * share, 4)
                for name in NAMES
            },
            intervals={"starts": starts}
            | {name: np.round(columns[name][picked], 4).tolist() for name in NAMES},
        )


def _placed(timestamps: np.ndarray, zone: ZoneInfo) -> tuple[list[int], list[int]]:
    """Return the moments of one day's intervals, and which interval each is."""
    found = sorted(
        (moment, place)
        for place, wall in enumerate(timestamps.astype("datetime64[s]").astype(object))
        for moment in moments(wall, zone)
    )
    return [moment for moment, _ in found], [place for _, place in found]
