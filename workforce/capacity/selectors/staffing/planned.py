"""People who are planned: the blocks of the week, laid over the intervals of days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.models import PlannedStaff, Queue
from workforce.capacity.selectors.staffing.local_times import (
    Floats,
    Ints,
    LocalTimes,
    day_grid,
    local_times,
    number_of,
)


@dataclass(frozen=True)
class Planned:
    """People on the floor in each interval, and how many of them are at work.

    ``available`` is ``on_floor`` without the share that shrinkage takes: who is in a
    meeting, in training or on a break answers nobody.
    """

    starts: Ints
    on_floor: Floats
    available: Floats


def blocks_of(queue_ids: Collection[int]) -> dict[int, list[PlannedStaff]]:
    """Return every block of some queues, in one query."""
    found: dict[int, list[PlannedStaff]] = {pk: [] for pk in queue_ids}
    rows = PlannedStaff.objects.filter(queue_id__in=queue_ids)
    for block in rows.order_by("weekday", "starts_minute", "ends_minute", "name", "pk"):
        found[block.queue_id].append(block)
    return found


def people_on_floor(
    blocks: Sequence[PlannedStaff], times: LocalTimes, seconds: Floats, *, minutes: int
) -> Floats:
    """Return the mean number of people present in each interval.

    ``seconds`` is how much of each interval people are wanted in: a block that covers a
    part of it counts with that part, and one that covers more of it not twice.
    """
    total = np.zeros(len(times.starts))
    for block in blocks:
        overlap = np.minimum(times.minutes + minutes, block.ends_minute) - np.maximum(
            times.minutes, block.starts_minute
        )
        present = np.minimum(np.maximum(overlap, 0.0) * 60, seconds)
        total += np.where(_applies(block, times), float(block.people) * present, 0.0)
    mean = np.zeros_like(total)
    np.divide(total, seconds, out=mean, where=seconds > 0)
    return mean


def _applies(block: PlannedStaff, times: LocalTimes) -> NDArray[np.bool_]:
    valid: NDArray[np.bool_] = times.weekdays == block.weekday
    if block.valid_from is not None:
        valid &= times.days >= number_of(block.valid_from)
    if block.valid_until is not None:
        valid &= times.days <= number_of(block.valid_until)
    return valid


def planned_of(
    queue: Queue,
    start: date,
    end: date,
    *,
    shrinkage: float,
    blocks: Sequence[PlannedStaff] | None = None,
) -> Planned:
    """Return who is planned in every interval of the local days [start, end)."""
    starts, seconds = day_grid(queue, start, end)
    times = local_times(starts, ZoneInfo(queue.time_zone))
    rows = blocks_of([queue.pk])[queue.pk] if blocks is None else blocks
    floor = people_on_floor(rows, times, seconds, minutes=queue.interval_minutes)
    return Planned(starts, floor, floor * (1 - shrinkage))


def hours_between(blocks: Sequence[PlannedStaff], start: date, end: date) -> float:
    """Return the person-hours on the floor of the days [start, end)."""
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    return sum(
        float(block.people) * (block.ends_minute - block.starts_minute) / 60
        for block in blocks
        for day in days
        if block.weekday == day.weekday() and is_valid(block, day)
    )


def is_valid(block: PlannedStaff, on: date) -> bool:
    """Whether a block counts on a day."""
    return (block.valid_from is None or block.valid_from <= on) and (
        block.valid_until is None or on <= block.valid_until
    )


@dataclass(frozen=True)
class Block:
    """A block as a form or a file gives it; ``pk`` names the row that it changes."""

    weekday: int
    starts_minute: int
    ends_minute: int
    people: Decimal
    name: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    pk: int | None = None


def fingerprint(blocks: Sequence[PlannedStaff]) -> str:
    """Return a short text that changes whenever a block does."""
    rows = sorted(
        (
            block.pk, block.name, block.weekday, block.starts_minute, block.ends_minute,
            f"{block.people:.2f}", str(block.valid_from), str(block.valid_until),
        )
        for block in blocks
    )  # fmt: skip
    return sha256(repr(rows).encode()).hexdigest()[:16]
