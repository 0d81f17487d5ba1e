"""Need against planned people as CSV: by interval, by day, by week."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.selectors.staffing.local_times import number_of
from workforce.capacity.selectors.staffing.staffed import Staffed
from workforce.capacity.views.staffing import VIEW, queue_or_404
from workforce.capacity.views.staffing.queue import Asked

Row = tuple[Any, ...]

INTERVAL = (
    "queue", "channel", "starts", "starts_utc", "minutes", "contacts", "needed",
    "needed_whole", "needed_careful", "needed_paid", "planned_on_floor",
    "planned_at_work", "gap_needed_less_planned", "service_level_planned", "occupancy_planned",
)  # fmt: skip
DAY = (
    "queue", "channel", "day", "contacts", "paid_hours_needed", "paid_hours_careful",
    "most_at_once", "paid_hours_planned",
)  # fmt: skip
WEEK = (
    "queue", "channel", "week_from", "typical", "days_forecast", "contacts",
    "paid_hours_needed", "fte_needed", "fte_careful", "fte_planned",
    "service_level_planned", "occupancy_planned", "coverage_gap_hours",
)  # fmt: skip


class StaffingCsvView(StaffPageMixin, View):
    """The week that the page shows, with the assumptions that its address brings."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int, grain: str) -> HttpResponseBase:
        asked = Asked(request, queue_or_404(request, pk))
        if asked.form.is_bound and not asked.form.is_valid():
            raise Http404
        makers = {"interval": interval_rows, "day": day_rows, "week": week_rows}
        headers = {"interval": INTERVAL, "day": DAY, "week": WEEK}
        if grain not in makers:
            raise Http404
        rows = makers[grain](asked.staffed, asked.span.is_typical)
        name = f"staffing-{pk}-{grain}-{asked.span.key}"
        return csv_response(name, headers[grain], rows)


def interval_rows(staffed: Staffed, _is_typical: bool) -> Iterator[Row]:
    """One line an interval, times in the queue's zone and in UTC."""
    need, zone = staffed.need, ZoneInfo(staffed.need.queue.time_zone)
    for row, epoch in enumerate(need.times.starts.tolist()):
        at = datetime.fromtimestamp(epoch, UTC)
        yield (
            need.queue.name,
            need.queue.channel,
            at.astimezone(zone).isoformat(),
            at.isoformat(),
            need.queue.interval_minutes,
            _number(need.volumes[row]),
            _number(need.exact[row]),
            int(need.agents[row]),
            _number(need.careful[row]),
            _number(need.paid[row]),
            _number(staffed.on_floor[row]),
            _number(staffed.available[row]),
            _number(-staffed.gap[row]),
            _number(staffed.service_level[row]),
            _number(staffed.occupancy[row]),
        )


def day_rows(staffed: Staffed, _is_typical: bool) -> Iterator[Row]:
    """One line a day."""
    need = staffed.need
    for day in need.days:
        here = need.times.days == number_of(day.day)
        yield (
            need.queue.name,
            need.queue.channel,
            day.day.isoformat(),
            _number(day.volume),
            _number(day.paid_hours),
            _number(day.careful_hours),
            _number(day.peak),
            _number(float(staffed.on_floor[here] @ need.hours[here])),
        )


def week_rows(staffed: Staffed, is_typical: bool) -> Iterator[Row]:
    """The week in one line."""
    need = staffed.need
    yield (
        need.queue.name,
        need.queue.channel,
        need.start.isoformat(),
        is_typical,
        need.covered_days,
        _number(need.volumes.sum()),
        _number(need.paid_hours),
        _number(need.fte),
        _number(need.careful_fte),
        _number(staffed.fte),
        _number(staffed.mean_service_level),
        _number(staffed.mean_occupancy),
        _number(staffed.uncovered_hours),
    )


def _number(value: Any) -> float | str:
    """Four places; nothing where nothing is known."""
    if value is None or not np.isfinite(value):
        return ""
    return round(float(value), 4)
