"""The rows of one queue set on its grid: which fit, summed, and which are refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from workforce.capacity.core.volumes.counting import Counted
from workforce.capacity.core.volumes.csv_columns import FileRow, Unreadable
from workforce.capacity.core.volumes.slots import (
    DAY_MINUTES,
    day_bounds,
    local_moments,
    slot_starts,
    wall_clock,
)

STEPS = (1440, 60, 30, 20, 15, 10, 5, 1)
ENOUGH = 12
"""Rows from which it is no chance that all of them start on a coarser grid."""

_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Refused:
    """Lines ``first`` to ``last`` of the file, refused for one reason."""

    first: int
    last: int
    code: str
    shown: str = ""


@dataclass(slots=True)
class Placed:
    """What of one queue's rows can be written: facts by interval start."""

    minutes: int
    facts: dict[int, Counted] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def place_rows(
    rows: Sequence[FileRow],
    *,
    zone: str,
    minutes: int,
    file_zone: str,
    until: datetime,
    step: int = 0,
) -> Placed:
    """Set the rows of one queue on its intervals.

    Parameters
    ----------
    rows : sequence of FileRow
    zone, minutes : str, int
        The queue's time zone and interval.
    file_zone : str
        Zone of clock times that name none. A bare day is a day of the queue's zone.
    until : datetime
        Now: an interval that begins later has no facts yet (``not_begun``).
    step : int
        Minutes of the file's intervals; 0 finds them: the longest of ``STEPS`` whose
        grid 95 % of the rows start on.

    Returns
    -------
    Placed
        A finer file is summed up to the queue's interval; the backlog is that of the
        last row. Of a coarser file every row is refused.
    """
    starts, refused = _moments(rows, zone, file_zone, int(until.timestamp()))
    clock = _minutes_of_day(zone, [start for start, _row in starts])
    length = step or file_step(clock, minutes)
    placed = Placed(length, refused=refused)
    if length > minutes:
        shown = f"{length}/{minutes}"
        placed.refused += [_refusal(row, "coarser", shown) for _start, row in starts]
        return placed
    fitting = []
    for (start, row), minute in zip(starts, clock.tolist(), strict=True):
        if minute % length or minutes % length:
            placed.refused.append(_refusal(row, "off_grid", str(row.start)))
        else:
            fitting.append((start, row))
    fitting.sort(key=lambda pair: pair[0])
    slots = slot_starts(zone, [start for start, _row in fitting], minutes).tolist()
    for slot, (_start, row) in zip(slots, fitting, strict=True):
        placed.facts[slot] = placed.facts.get(slot, Counted()).plus(row.fact)
    return placed


def file_step(minutes_of_day: np.ndarray, minutes: int) -> int:
    """Length of a file's intervals, by where in the day its rows start.

    With fewer than ``ENOUGH`` rows a file that looks coarser than the queue is taken to
    have the queue's own intervals and some of them missing.
    """
    if not len(minutes_of_day):
        return minutes
    for step in STEPS:
        if np.mean(minutes_of_day % step == 0) >= _SHARE:
            return minutes if step > minutes and len(minutes_of_day) < ENOUGH else step
    return 1


def _minutes_of_day(zone: str, starts: Sequence[int]) -> np.ndarray:
    clock = wall_clock(zone, starts).astype(np.int64)
    # Seconds past the minute belong to no grid: an odd number no step divides.
    return np.where(clock % 60 == 0, clock // 60 % DAY_MINUTES, -7)


def _moments(
    rows: Sequence[FileRow], zone: str, file_zone: str, until: int
) -> tuple[list[tuple[int, FileRow]], list[Refused]]:
    """Each row's moment, once; a clock time that comes twice takes the second one then."""
    seen: dict[int, int] = {}
    placed, refused = [], []
    for row in rows:
        try:
            start = _moment(row.start, zone, file_zone, seen)
        except Unreadable as error:
            refused.append(_refusal(row, error.code, error.shown))
            continue
        if start > until:
            refused.append(_refusal(row, "not_begun", row.start.isoformat()))
            continue
        seen[start] = row.line
        placed.append((start, row))
    return placed, refused


def _moment(
    start: date | datetime, zone: str, file_zone: str, seen: dict[int, int]
) -> int:
    moments = _possible(start, zone, file_zone)
    if not moments:
        raise Unreadable("skipped_hour", str(start))
    for moment in moments:
        if moment not in seen:
            return moment
    raise Unreadable("duplicate", str(seen[moments[0]]))


def _possible(start: date | datetime, zone: str, file_zone: str) -> tuple[int, ...]:
    if not isinstance(start, datetime):
        return (day_bounds(zone, start)[0],)
    if start.tzinfo is not None:
        return (int(start.astimezone(UTC).timestamp()),)
    return local_moments(file_zone, start)


def _refusal(row: FileRow, code: str, shown: str = "") -> Refused:
    return Refused(row.line, row.line, code, shown)


def merge_refusals(refused: Iterable[Refused]) -> list[Refused]:
    """Join neighbouring lines that are refused for the same reason, in order of line."""
    merged: list[Refused] = []
    for one in sorted(refused, key=lambda item: item.first):
        last = merged[-1] if merged else None
        if (
            last
            and one.first == last.last + 1
            and (one.code, one.shown) == (last.code, last.shown)
        ):
            merged[-1] = Refused(last.first, one.last, one.code, one.shown)
        else:
            merged.append(one)
    return merged
