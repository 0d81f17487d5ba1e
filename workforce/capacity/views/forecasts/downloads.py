"""A forecast as a table to download: its days, or its intervals."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id
from supportops.metrics.exports import csv_response
from workforce.capacity.core.bands import NAMES
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.views.forecasts import VIEW, queue_or_404

CHUNK = 14


class ForecastCsvView(StaffPageMixin, View):
    """One forecast of the queue: ``forecast`` by its number, else the published one."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        queue = queue_or_404(request, pk)
        forecast = _forecast(queue, request.GET.get("forecast", ""))
        name = f"forecast-{queue.pk}-{forecast.starts_on}"
        if request.GET.get("grain") == "interval":
            header = ("queue", "state", "day", "starts_at", *NAMES)
            rows = interval_rows(queue, forecast)
            return csv_response(f"{name}-intervals", header, rows)
        header = ("queue", "state", "day", *NAMES)
        return csv_response(f"{name}-days", header, day_rows(queue, forecast))


def _forecast(queue: Queue, number: str) -> Forecast:
    rows = Forecast.objects.filter(queue=queue).order_by("-created_at", "-pk")
    if number:
        rows = rows.filter(pk=row_id(number))
    else:
        rows = rows.filter(state=Forecast.State.PUBLISHED)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def day_rows(queue: Queue, forecast: Forecast) -> Iterator[tuple[Any, ...]]:
    rows = forecast.days.order_by("day").values_list("day", *NAMES)
    for day, *values in rows.iterator(chunk_size=400):
        yield (str(queue), forecast.state, day.isoformat(), *_rounded(values))


def interval_rows(queue: Queue, forecast: Forecast) -> Iterator[tuple[Any, ...]]:
    zone = ZoneInfo(queue.time_zone)
    days = forecast.days.order_by("day").values_list("day", "intervals")
    for day, intervals in days.iterator(chunk_size=CHUNK):
        columns = (intervals[name] for name in NAMES)
        for start, *values in zip(intervals["starts"], *columns, strict=True):
            local = datetime.fromtimestamp(start, UTC).astimezone(zone)
            yield (
                str(queue),
                forecast.state,
                day.isoformat(),
                local.isoformat(),
                *_rounded(values),
            )


def _rounded(values: list[float]) -> list[float]:
    return [round(value, 2) for value in values]
