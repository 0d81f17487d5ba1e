"""What is expected to come in, for one queue or many, with or without a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q

from workforce.capacity.core.overlays import Overlay as Scenario
from workforce.capacity.core.overlays import factors
from workforce.capacity.models import DayVolume, Forecast, ForecastDay, Queue
from workforce.capacity.selectors.staffing.lists import ListText, joined
from workforce.capacity.selectors.staffing.local_times import (
    Floats,
    LocalTimes,
    local_times,
    number_of,
)

CHUNK = 500
BACKLOG_DAYS = 14
"""A backlog counted longer ago says nothing about today's."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Expected contacts of a queue: the mean, and days at the upper end of their band.

    ``high`` scales a day to the upper end of its 80 % band: the upper ends of its
    intervals would not come together. ``forecast`` is the published one they come from,
    ``None`` where there is none; the arrays are empty then. Days before it are those of
    the forecast it superseded; on days that none covers there is nothing.
    """

    forecast: Forecast | None
    times: LocalTimes
    mean: Floats
    high: Floats

    def scaled(self, overlay: Scenario | None, percent: float = 0.0) -> "Demand":
        """Lay a scenario over it, and change every interval by percent."""
        by = np.full(len(self.mean), max(0.0, 1 + percent / 100))
        if overlay is not None:
            by *= factors(self.times.days.astype("datetime64[D]"), [overlay])
        return replace(self, mean=self.mean * by, high=self.high * by)

    def without_range(self) -> "Demand":
        return replace(self, high=self.mean)

    def between(self, start: date, end: date) -> "Demand":
        """The intervals of the local days [start, end) only."""
        days = self.times.days
        inside = (days >= number_of(start)) & (days < number_of(end))
        times = LocalTimes(
            self.times.starts[inside], days[inside], self.times.minutes[inside]
        )
        return replace(
            self, times=times, mean=self.mean[inside], high=self.high[inside]
        )


def published_of(queue_ids: Sequence[int]) -> dict[int, Forecast]:
    """Return the published forecasts of some queues by queue, in one query."""
    rows = Forecast.objects.filter(
        queue__in=list(queue_ids), state=Forecast.State.PUBLISHED
    ).defer("backtest", "quality", "applied")
    return {forecast.queue_id: forecast for forecast in rows}


def demand_of(
    queues: Sequence[Queue],
    start: date,
    end: date,
) -> dict[int, Demand]:
    """Return what is expected on the local days [start, end): two queries in all."""
    forecasts = published_of([queue.pk for queue in queues])
    days: dict[int, dict[date, _Day]] = {queue_id: {} for queue_id in forecasts}
    rows = (
        ForecastDay.objects.filter(
            _in_force(forecasts, start), day__gte=start, day__lt=end
        )
        .order_by("day", "forecast__published_at")
        .values_list(
            "forecast__queue_id",
            "day",
            "mean",
            "high80",
            ListText("starts", "intervals"),
            ListText("mean", "intervals"),
        )
    )
    # Of two superseded forecasts of a day the one published last is the one that held.
    read = rows.iterator(chunk_size=CHUNK) if forecasts else ()
    for queue_id, day, *held in read:
        days[queue_id][day] = tuple(held)
    return {
        queue.pk: _demand(queue, forecasts.get(queue.pk), days.get(queue.pk, {}))
        for queue in queues
    }


_Day = tuple[float, float, str, str]
"""Mean and upper end of a day, and its intervals' starts and means as JSON."""


def _in_force(forecasts: Mapping[int, Forecast], start: date) -> Q:
    """The published forecasts, and what held on the days before they begin."""
    wanted = Q(forecast__in=[forecast.pk for forecast in forecasts.values()])
    for queue_id, forecast in forecasts.items():
        if start < forecast.starts_on:
            wanted |= Q(
                forecast__queue=queue_id,
                forecast__state=Forecast.State.SUPERSEDED,
                day__lt=forecast.starts_on,
            )
    return wanted


def _demand(
    queue: Queue, forecast: Forecast | None, days: Mapping[date, _Day]
) -> Demand:
    starts = joined(starts for _mean, _high, starts, _means in days.values())
    means = joined(means for _mean, _high, _starts, means in days.values())
    times = local_times(np.array(starts.values, np.int64), ZoneInfo(queue.time_zone))
    mean = np.array(means.values, dtype=float)
    upper = [top / middle if middle > 0 else 1.0 for middle, top, *_ in days.values()]
    by = np.repeat(np.array(upper, dtype=float), starts.counts)
    return Demand(forecast, times, mean, mean * by)


def backlogs_of(
    queues: Sequence[Queue], start: date, before: date
) -> Mapping[int, list[tuple[date, int]]]:
    """Return how many contacts were open at the end of days before one, by queue.

    The days begin two weeks before ``start``.
    """
    found: dict[int, list[tuple[date, int]]] = {queue.pk: [] for queue in queues}
    if not queues:
        return found
    rows = DayVolume.objects.filter(
        queue__in=list(queues),
        day__gte=start - timedelta(days=BACKLOG_DAYS),
        day__lt=before,
        backlog__isnull=False,
    ).order_by("day")
    for queue_id, day, backlog in rows.values_list("queue_id", "day", "backlog"):
        found[queue_id].append((day, backlog or 0))
    return found
