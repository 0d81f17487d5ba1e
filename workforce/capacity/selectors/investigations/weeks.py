"""Weeks of a queue beside the snapshot that was published before they began.

A week is judged by one forecast, the newest published before its Monday: what planning
for that week was based on. One published in the middle of it does not judge it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workforce.capacity.core.causes import (
    LEAST_DAYS,
    Outcome,
    Week,
    outcome_of,
    week_of,
)
from workforce.capacity.models import DayVolume, Forecast, ForecastDay, Queue
from workforce.capacity.selectors.accuracy.days import BANDS

WEEK = timedelta(days=7)


@dataclass(frozen=True, eq=False)
class WeekReview:
    """One week of a queue: its forecast, judged days, and days without a volume."""

    monday: date
    forecast: Forecast
    week: Week
    missing: tuple[date, ...]

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.week)

    @property
    def can_be_judged(self) -> bool:
        """Three days at least, and most of those forecast: half a week says little."""
        n = len(self.week.days)
        return n >= LEAST_DAYS and n > len(self.missing)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def complete_weeks(queue: Queue, at: datetime, count: int) -> list[date]:
    """Return the Mondays of the last weeks that are over on the queue's own clock."""
    this = monday_of(at.astimezone(ZoneInfo(queue.time_zone)).date())
    return [this - WEEK * (back + 1) for back in range(count)]


def review_weeks(queue: Queue, mondays: Sequence[date]) -> list[WeekReview]:
    """Return the weeks that a forecast published before them covers. Three queries."""
    if not mondays:
        return []
    start, end = min(mondays), max(mondays) + WEEK
    chosen = _forecasts(queue, mondays, start, end)
    expected = _expected({each.pk for each in chosen.values()}, start, end)
    actual = dict(
        DayVolume.objects.filter(queue=queue, day__gte=start, day__lt=end).values_list(
            "day", "offered"
        )
    )
    return [
        _review(monday, chosen[monday], expected[chosen[monday].pk], actual)
        for monday in mondays
        if monday in chosen
    ]


def _forecasts(
    queue: Queue, mondays: Sequence[date], start: date, end: date
) -> dict[date, Forecast]:
    zone = ZoneInfo(queue.time_zone)
    published = list(
        Forecast.objects.filter(queue=queue, starts_on__lt=end, ends_on__gte=start)
        .exclude(state=Forecast.State.DRAFT)
        .select_related("published_by", "created_by")
        .defer("backtest", "quality")
        .order_by("-published_at", "-pk")
    )
    found = {}
    for monday in mondays:
        for each in published:
            day = (
                each.published_at.astimezone(zone).date() if each.published_at else None
            )
            covers = each.starts_on < monday + WEEK and each.ends_on >= monday
            if day is not None and day < monday and covers:
                found[monday] = each
                break
    return found


def _expected(
    forecasts: set[int], start: date, end: date
) -> dict[int, dict[date, tuple[float, ...]]]:
    found: dict[int, dict[date, tuple[float, ...]]] = defaultdict(dict)
    rows = ForecastDay.objects.filter(
        forecast_id__in=forecasts, day__gte=start, day__lt=end
    ).values_list("forecast_id", "day", *BANDS)
    for forecast_id, day, *band in rows.order_by("day"):
        found[forecast_id][day] = tuple(band)
    return found


def _review(
    monday: date,
    forecast: Forecast,
    expected: dict[date, tuple[float, ...]],
    actual: dict[date, int],
) -> WeekReview:
    wanted = [day for day in expected if monday <= day < monday + WEEK]
    judged = [day for day in wanted if day in actual]
    columns = [[expected[day][index] for day in judged] for index in range(len(BANDS))]
    missing = tuple(day for day in wanted if day not in actual and expected[day][0] > 0)
    week = week_of(judged, [actual[day] for day in judged], columns)
    return WeekReview(monday, forecast, week, missing)
