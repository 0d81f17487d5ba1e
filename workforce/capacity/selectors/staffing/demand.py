"""What is expected to come in, for one queue or many, with or without a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workforce.capacity.core.overlays import Expected, factors
from workforce.capacity.core.overlays import Overlay as Scenario
from workforce.capacity.models import DayVolume, Forecast, ForecastDay, Queue
from workforce.capacity.selectors.forecasts.expected import joined_days
from workforce.capacity.selectors.staffing.local_times import (
    Floats,
    LocalTimes,
    local_times,
    number_of,
)

BACKLOG_DAYS = 14
"""A backlog counted longer ago says nothing about today's."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Expected contacts of a queue: the mean, and the upper end of the 80 % range.

    ``forecast`` is the published one they come from, ``None`` where there is none; the
    arrays are empty then, and on days it does not cover there is nothing.
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
    by_forecast: dict[int, list[tuple[date, dict[str, list[float]]]]] = {
        forecast.pk: [] for forecast in forecasts.values()
    }
    rows = ForecastDay.objects.filter(
        forecast__in=list(by_forecast), day__gte=start, day__lt=end
    ).order_by("day")
    for forecast_id, day, intervals in rows.values_list(
        "forecast_id", "day", "intervals"
    ):
        by_forecast[forecast_id].append((day, intervals))
    found = {}
    for queue in queues:
        forecast = forecasts.get(queue.pk)
        days = by_forecast[forecast.pk] if forecast else []
        found[queue.pk] = _demand(queue, forecast, joined_days(days))
    return found


def _demand(queue: Queue, forecast: Forecast | None, expected: Expected) -> Demand:
    times = local_times(expected.starts, ZoneInfo(queue.time_zone))
    return Demand(forecast, times, expected.mean, expected.high80)


def backlogs_of(
    queues: Sequence[Queue], before: date
) -> Mapping[int, list[tuple[date, int]]]:
    """Return how many contacts were open at the end of the days before one, by queue."""
    found: dict[int, list[tuple[date, int]]] = {queue.pk: [] for queue in queues}
    if not queues:
        return found
    rows = DayVolume.objects.filter(
        queue__in=list(queues),
        day__gte=before - timedelta(days=BACKLOG_DAYS),
        day__lt=before,
        backlog__isnull=False,
    ).order_by("day")
    for queue_id, day, backlog in rows.values_list("queue_id", "day", "backlog"):
        found[queue_id].append((day, backlog or 0))
    return found
