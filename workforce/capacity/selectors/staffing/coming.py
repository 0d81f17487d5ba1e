"""The coming week of every queue in a few numbers, remembered for ten minutes.

The home page and the metric of coverage gaps read the same numbers: staffing thirty
queues is work, and plans change by the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.overview import QueueLine, overview

KEPT_SECONDS = 600


@dataclass(frozen=True)
class ComingWeek:
    """One queue's need and plan of a week, in full-time people.

    ``uncovered_hours`` are those in which less than half of the need is planned, of
    ``intervals`` in which anybody is needed.
    """

    queue_id: int
    name: str
    start: date
    needed: float | None
    planned: float | None
    uncovered_hours: float
    intervals: int
    service_level: float | None

    @property
    def short(self) -> float:
        return (self.needed or 0.0) - (self.planned or 0.0)


def coming_weeks(queues: Sequence[Queue], day: date) -> list[ComingWeek]:
    """Return next week of each queue that is forecast; this week where next is not."""
    key = f"capacity-coming:{day}:{','.join(str(queue.pk) for queue in queues)}"
    weeks: list[ComingWeek] | None = cache.get(key)
    if weeks is None:
        weeks = [_week(line) for line in overview(queues, day) if line.is_covered]
        cache.set(key, weeks, KEPT_SECONDS)
    return weeks


def _week(line: QueueLine) -> ComingWeek:
    found = line.main
    return ComingWeek(
        queue_id=line.queue.pk,
        name=str(line.queue),
        start=found.need.start,
        needed=found.need.fte,
        planned=found.fte if found.is_planned else None,
        uncovered_hours=found.uncovered_hours,
        intervals=int((found.need.exact > 0).sum()),
        service_level=found.mean_service_level,
    )
