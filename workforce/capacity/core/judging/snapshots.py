"""Which of several published forecasts a day is judged by."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

HORIZONS = (1, 7, 14, 28, 90)
"""Days ahead at which forecasts are judged."""


class Snapshot(NamedTuple):
    """One day of one published forecast; ``place`` is where its numbers are."""

    queue: int
    day: date
    published: date
    """Local day of publication: from the morning after on, it is a forecast."""
    order: float
    """Moment of publication, to order several of one day."""
    place: int


def judging_snapshots(
    snapshots: Iterable[Snapshot], horizon: int
) -> dict[tuple[int, date], Snapshot]:
    """Choose, for each queue and day, the newest snapshot at least ``horizon`` days old.

    A forecast published on the day itself has seen its morning and never judges it.
    """
    chosen: dict[tuple[int, date], Snapshot] = {}
    for each in snapshots:
        if (each.day - each.published).days < horizon:
            continue
        known = chosen.get((each.queue, each.day))
        if known is None or known.order < each.order:
            chosen[each.queue, each.day] = each
    return chosen
