"""One queue: its year, its mean week, its table; counting it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.asked_days import asked_day
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.charts.bands import Chart, Line, Mark
from workforce.capacity.models import Queue
from workforce.capacity.selectors.handle_time import handle_time
from workforce.capacity.selectors.outliers import outliers_visible_to
from workforce.capacity.selectors.queues import VIEW, queues_visible_to
from workforce.capacity.selectors.volume_lines import (
    source_words,
    today_of,
    with_newest,
)
from workforce.capacity.selectors.volume_pages import (
    QueuePeriod,
    first_and_last,
    queue_period,
)
from workforce.capacity.selectors.volumes import FACTS, days, intervals
from workforce.capacity.services import volumes
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.volumes.pictures import heat_rows, weekday_heads

PERIODS = {
    "28": gettext_lazy("4 weeks"),
    "91": gettext_lazy("13 weeks"),
    "364": gettext_lazy("52 weeks"),
    "all": gettext_lazy("All"),
}
USUAL = "364"
LONGEST = 3 * 366
MOST_POINTS = 400


@dataclass(frozen=True)
class Asked:
    """The period an address asks for, in local days ``[start, end)``."""

    start: date
    end: date
    key: str
    is_turned: bool = False


def asked_period(request: HttpRequest, queue: Queue, at: datetime) -> Asked | None:
    """Read the period; ``None`` where the queue has no data. It ends with the data."""
    known = first_and_last(queue)
    if known is None:
        return None
    first, end = known[0], known[1] + timedelta(days=1)
    end = min(end, max(today_of(queue, at), first + timedelta(days=1)))
    told = [asked_day(request.GET.get(name)) for name in ("from", "to")]
    if any(told):
        start, last = told[0] or first, told[1] or end - timedelta(days=1)
        stop = last + timedelta(days=1)
        if start < stop:
            return Asked(max(start, stop - timedelta(days=LONGEST)), stop, "")
        return _preset(USUAL, first, end, is_turned=True)
    key = request.GET.get("period", USUAL)
    return _preset(key if key in PERIODS else USUAL, first, end)


def _preset(key: str, first: date, end: date, *, is_turned: bool = False) -> Asked:
    length = LONGEST if key == "all" else int(key)
    return Asked(max(first, end - timedelta(days=length)), end, key, is_turned)


def queue_or_404(request: HttpRequest, pk: int) -> Queue:
    queues = with_newest(queues_visible_to(request.user)).select_related("calendar")
    return get_object_or_404(queues, pk=pk)


class VolumesQueueView(StaffPageMixin, TemplateView):
    """What came to this queue, when in the year and when in the week?"""

    permission = VIEW
    template_name = "capacity/volumes/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        queue = queue_or_404(self.request, self.kwargs["pk"])
        context: dict[str, Any] = {
            "title": str(queue),
            "queue": queue,
            "channels": list(queue.channels.order_by("name")),
            "teams": list(queue.teams.order_by("name")),
            "source": source_words(queue.newest_source),  # type: ignore[attr-defined]
            "last_local": _local(queue),
            "periods": PERIODS.items(),
            "may_count": self.request.user.has_perm("capacity.change_queue"),
        }
        asked = asked_period(self.request, queue, now)
        if asked:
            context |= self._answer(queue, asked)
        return super().get_context_data(asked=asked, **context, **kwargs)

    def _answer(self, queue: Queue, asked: Asked) -> dict[str, Any]:
        period = queue_period(queue, asked.start, asked.end)
        noted = list(
            outliers_visible_to(actor_of(self.request)).filter(
                queue=queue, day__gte=asked.start, day__lt=asked.end
            )
        )
        return {
            "period": period,
            "last_day": asked.end - timedelta(days=1),
            "chart": year_chart(
                queue, period, {row.day: row.expected for row in noted}
            ),
            "noted": noted,
            "heat": heat_rows(period.profile, queue.interval_minutes),
            "heads": weekday_heads(period.profile.days.tolist()),
            "handle": handle_time(queue, asked.end),
        }


def _local(queue: Queue) -> datetime | None:
    newest: datetime | None = queue.newest_at  # type: ignore[attr-defined]
    return newest.astimezone(ZoneInfo(queue.time_zone)) if newest else None


def year_chart(queue: Queue, period: QueuePeriod, noted: dict[date, float]) -> Chart:
    """Contacts by day, or by week where days would not fit; outliers as dots."""
    table = period.table
    by_week = len(table.days) > MOST_POINTS
    if by_week:
        weeks = list(reversed(period.weeks))
        names = [date_format(week.first, "j M Y") for week in weeks]
        values: list[float | None] = [week.offered for week in weeks]
    else:
        names = [date_format(day, "j M Y") for day in table.days.tolist()]
        values = [
            None if value != value else value for value in table.offered[0].tolist()
        ]
    unit = gettext("Contacts offered a week") if by_week else gettext("Contacts offered a day")  # fmt: skip
    marks = [] if by_week else _marks(period, noted)
    return Chart(
        label=gettext("Contacts of %(queue)s from %(first)s to %(last)s")
        % {"queue": queue, "first": names[0], "last": names[-1]},
        names=names,
        unit=f"{unit}, {queue.time_zone}",
        lines=[Line(gettext("Offered"), "expected", values)],
        marks=marks,
    )


def _marks(period: QueuePeriod, noted: dict[date, float]) -> list[Mark]:
    found = []
    for place, day in enumerate(period.table.days.tolist()):
        actual = period.table.offered[0, place]
        if day in noted and not np.isnan(actual):
            words = gettext("Outlier, %(day)s: %(actual)d instead of %(expected)d") % {
                "day": date_format(day),
                "actual": round(actual),
                "expected": round(noted[day]),
            }
            found.append(Mark(place, float(actual), "outlier", words))
    return found


class VolumesQueueCsvView(StaffPageMixin, View):
    """The period's days or intervals as a table."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int, grain: str) -> StreamingHttpResponse:
        queue = queue_or_404(request, pk)
        asked = asked_period(request, queue, timezone.now())
        if grain == "days":
            header = ("queue", "channel", "day", *FACTS)
            rows = _day_rows(queue, asked) if asked else iter(())
        else:
            header = ("queue", "channel", "start", "start_utc", "minutes", *FACTS)
            rows = _interval_rows(queue, asked) if asked else iter(())
        return csv_response(f"volumes-{pk}-{grain}", header, rows)


def _day_rows(queue: Queue, asked: Asked) -> Iterator[tuple[Any, ...]]:
    table = days([queue.pk], asked.start, asked.end)
    columns = [getattr(table, name)[0].tolist() for name in FACTS]
    for day, known, *facts in zip(
        table.days.tolist(), table.known[0].tolist(), *columns, strict=True
    ):
        if known:
            yield (
                queue.name,
                queue.channel,
                day.isoformat(),
                *(_whole(value) for value in facts),
            )


def _interval_rows(queue: Queue, asked: Asked) -> Iterator[tuple[Any, ...]]:
    series, zone = intervals(queue, asked.start, asked.end), ZoneInfo(queue.time_zone)
    columns = [getattr(series, name).tolist() for name in FACTS]
    for start, minutes, *facts in zip(
        series.starts.tolist(), series.minutes.tolist(), *columns, strict=True
    ):
        moment = datetime.fromtimestamp(start, UTC)
        yield (
            queue.name,
            queue.channel,
            moment.astimezone(zone).isoformat(),
            moment.isoformat(),
            minutes,
            *(_whole(value) for value in facts),
        )


def _whole(value: float) -> int | str:
    return "" if value != value else int(value)


class RebuildView(StaffPageMixin, View):
    """Ask a worker to count a queue again from its tickets."""

    permission = "capacity.change_queue"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue = queue_or_404(request, pk)
        try:
            job = volumes.start_rebuild(
                queue_id=queue.pk, actor=actor_of(request), at=timezone.now()
            )
        except OperationRefused as refusal:
            messages.warning(request, refusal.message)
            return redirect("capacity:volumes-queue", pk)
        return redirect("admin:jobs_job_change", job.pk)
