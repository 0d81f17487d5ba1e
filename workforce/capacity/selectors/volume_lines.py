"""The list of queues: a year of each, and how the last four weeks compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from workforce.capacity.core.volumes.profile import missing_days, weekly_means
from workforce.capacity.models import (
    DayVolume,
    IntervalVolume,
    OutlierDay,
    Queue,
    Source,
)
from workforce.capacity.selectors.closed_days import without_closed_days
from workforce.capacity.selectors.handle_time import HandleTime, handle_times

YEAR, FOUR_WEEKS = 364, 28
_FACTS = ("offered", "handled", "abandoned", "backlog")

Columns = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """One queue of the list. Sums are of the 28 local days before ``until``."""

    queue: Queue
    until: date
    is_current: bool
    weeks: NDArray[np.float64]
    known_days: int
    offered: float | None
    before: float | None
    handle: HandleTime
    backlog: int | None
    abandoned: float | None
    gaps: list[date]
    last_at: datetime | None
    source: str
    outliers: int

    @property
    def change(self) -> float | None:
        """The last four weeks against the four before, as a share."""
        if self.offered is None or not self.before:
            return None
        return self.offered / self.before - 1


def with_newest(queues: QuerySet[Queue]) -> QuerySet[Queue]:
    """Add each queue's newest day, interval and source, and its undecided outliers."""
    days = DayVolume.objects.filter(queue=OuterRef("pk")).order_by("-day")
    newest = IntervalVolume.objects.filter(queue=OuterRef("pk")).order_by("-starts_at")
    found = (
        OutlierDay.objects.filter(queue=OuterRef("pk"), state=OutlierDay.State.FOUND)
        .order_by()
        .values("queue")
        .annotate(n=Count("pk"))
    )
    return queues.annotate(
        newest_day=Subquery(days.values("day")[:1]),
        newest_at=Subquery(newest.values("starts_at")[:1]),
        newest_source=Subquery(newest.values("source")[:1]),
        open_outliers=Coalesce(Subquery(found.values("n")), 0),
    )


def volume_lines(queues: Sequence[Queue], at: datetime) -> list[VolumeLine]:
    """Return a line for each queue of ``with_newest``, in three queries, or seven.

    The four more are for calendars of queues that have days without data.

    The year ends yesterday in the queue's zone, or with its newest day when that is
    older: a queue imported from the past is compared with its own past.
    """
    ends = {queue.pk: _until(queue, at) for queue in queues}
    years = _years(ends)
    handles = _handles(queues, ends)
    gaps = without_closed_days(
        queues, {key: _gaps(year, ends[key]) for key, year in years.items()}
    )
    return [
        _line(queue, ends[key], years[key], handles[key], gaps[key], at)
        for key, queue in ((queue.pk, queue) for queue in queues)
    ]


def today_of(queue: Queue, at: datetime) -> date:
    return at.astimezone(ZoneInfo(queue.time_zone)).date()


def _until(queue: Queue, at: datetime) -> date:
    today = today_of(queue, at)
    newest: date | None = queue.newest_day  # type: ignore[attr-defined]
    return min(today, newest + timedelta(days=1)) if newest else today


def _years(ends: dict[int, date]) -> dict[int, Columns]:
    years = {
        queue_id: {name: np.full(YEAR, np.nan) for name in _FACTS} for queue_id in ends
    }
    wanted = Q(pk__in=[])
    for end in set(ends.values()):
        some = [queue_id for queue_id, until in ends.items() if until == end]
        wanted |= Q(queue_id__in=some, day__gte=end - timedelta(days=YEAR), day__lt=end)
    rows = DayVolume.objects.filter(wanted) if ends else DayVolume.objects.none()
    for queue_id, day, *facts in rows.values_list("queue_id", "day", *_FACTS):
        place = YEAR - (ends[queue_id] - day).days
        for name, value in zip(_FACTS, facts, strict=True):
            if value is not None:
                years[queue_id][name][place] = value
    return years


def _handles(queues: Sequence[Queue], ends: dict[int, date]) -> dict[int, HandleTime]:
    """Handle times up to each queue's own end: two queries for each different end."""
    found: dict[int, HandleTime] = {}
    for end in set(ends.values()):
        some = [queue for queue in queues if ends[queue.pk] == end]
        found |= handle_times(some, end)
    return found


def _gaps(year: Columns, until: date) -> list[date]:
    first = until - timedelta(days=YEAR)
    gaps = missing_days(~np.isnan(year["offered"]), first.weekday())
    return [first + timedelta(days=int(place)) for place in np.flatnonzero(gaps)]


def _line(
    queue: Queue,
    until: date,
    year: Columns,
    handle: HandleTime,
    gaps: list[date],
    at: datetime,
) -> VolumeLine:
    known = ~np.isnan(year["offered"])
    offered = _sum(year["offered"][-FOUR_WEEKS:])
    abandoned = _sum(year["abandoned"][-FOUR_WEEKS:])
    backlogs = year["backlog"][~np.isnan(year["backlog"])]
    return VolumeLine(
        queue=queue,
        until=until,
        is_current=until == today_of(queue, at),
        weeks=weekly_means(year["offered"]),
        known_days=int(known.sum()),
        offered=offered,
        before=_sum(year["offered"][-2 * FOUR_WEEKS : -FOUR_WEEKS]),
        handle=handle,
        backlog=int(backlogs[-1]) if backlogs.size else None,
        abandoned=abandoned / offered if offered and abandoned is not None else None,
        gaps=gaps,
        last_at=queue.newest_at,  # type: ignore[attr-defined]
        source=source_words(queue.newest_source),  # type: ignore[attr-defined]
        outliers=queue.open_outliers,  # type: ignore[attr-defined]
    )


def source_words(source: str | None) -> str:
    return str(Source(source).label) if source else ""


def _sum(values: NDArray[np.float64]) -> float | None:
    """The sum of what is known; ``None`` where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.sum()) if known.size else None
