"""Accuracy of all visible queues, and of one."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.core.judging import GRAINS
from workforce.capacity.forms.reviewing import PeriodForm, grain_of
from workforce.capacity.models import Queue
from workforce.capacity.selectors import accuracy as selectors
from workforce.capacity.selectors.accuracy import JudgedDays, Row
from workforce.capacity.selectors.queues import VIEW, queues_visible_to
from workforce.capacity.views.accuracy import words
from workforce.capacity.views.accuracy.pictures import heat_rows, rows_chart
from workforce.capacity.views.acting import actor_of

PAGE_SIZE = 26

HEADER = (
    "start", "days_or_intervals", "actual", "expected", "low95", "high95",
    "deviation", "wape", "bias", "covered80", "covered95", "noise_floor",
)  # fmt: skip


class AccuracyView(StaffPageMixin, TemplateView):
    """How well all queues were forecast, and each of them."""

    permission = VIEW
    template_name = "capacity/accuracy/all.html"
    title = gettext_lazy("Forecast accuracy")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = PeriodForm(request.GET)
        days, horizon = form.chosen
        end = timezone.localdate()
        start = end - timedelta(days=days)
        queues = list(queues_visible_to(request.user).filter(is_active=True))
        both = selectors.sides(queues, start, end)
        judged = both.at(horizon)
        rows = selectors.by_queue(queues, judged)
        if "csv" in request.GET:
            return _queues_csv(rows, start, end, horizon)
        record = selectors.record(judged)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                period=(start, end - timedelta(days=1)),
                chosen=(days, horizon),
                horizon=horizon,
                records=[words.judged(each) for each in record],
                day=words.judged(record[-1]),
                answer=words.answer(record[-1]),
                remarks=words.remarks(record[-1]),
                queues=[
                    {"queue": row.queue, **words.judged(row.day), "week": row.week}
                    for row in rows
                ],
                horizons=[
                    (each, words.judged(each.day))
                    for each in selectors.by_horizon(both)
                ],
            )
        )


def _queues_csv(
    rows: list[selectors.QueueRow], start: date, end: date, horizon: int
) -> HttpResponseBase:
    header = (
        "queue", "channel", "days", "actual", "expected", "wape", "bias", "covered80",
        "covered95", "noise_floor", "verdict", "week_wape", "weeks", "horizon_days",
    )  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            day = row.day
            yield (
                row.queue.name, row.queue.channel, day.n, day.actual, day.expected,
                day.wape, day.bias, day.covered80, day.covered95, day.floor,
                str(day.verdict), row.week.wape, row.week.n, horizon,
            )  # fmt: skip

    return csv_response(f"forecast-accuracy-{start}-{end}", header, lines())


class QueueAccuracyView(StaffPageMixin, TemplateView):
    """How well one queue was forecast, by month, week, day and interval."""

    permission = VIEW
    template_name = "capacity/accuracy/queue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queue = get_object_or_404(
            queues_visible_to(actor_of(request)), pk=self.kwargs["pk"]
        )
        form = PeriodForm(request.GET)
        days, horizon = form.chosen
        grain = grain_of(request.GET.get("grain"))
        end = timezone.now().astimezone(ZoneInfo(queue.time_zone)).date()
        start = end - timedelta(days=days)
        both = selectors.sides([queue], start, end)
        judged = both.at(horizon)
        intervals = selectors.judged_intervals(queue, start, end, judged.keys)
        rows = (
            selectors.interval_rows(intervals)
            if grain == "interval"
            else selectors.rows_of(judged, grain)
        )
        if "csv" in request.GET:
            return _rows_csv(queue, grain, rows, start, end)
        context = self._context(queue, judged, intervals)
        return self.render_to_response(
            self.get_context_data(
                **context,
                form=form,
                period=(start, end - timedelta(days=1)),
                chosen=(days, horizon),
                horizon=horizon,
                grain=grain,
                grains=[(each, words.GRAIN_WORDS[each]) for each in GRAINS],
                page=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
                chart=rows_chart(rows, grain),
                horizons=[
                    (each, words.judged(each.day))
                    for each in selectors.by_horizon(both)
                ],
            )
        )

    def _context(
        self, queue: Queue, judged: JudgedDays, intervals: selectors.JudgedIntervals
    ) -> dict[str, Any]:
        record = selectors.record(judged, intervals)
        day = record[2]
        return {
            "title": _("Accuracy: %(queue)s") % {"queue": queue},
            "queue": queue,
            "records": [words.judged(each) for each in record],
            "day": words.judged(day),
            "answer": words.answer(day),
            "remarks": words.remarks(day),
            "weekdays": selectors.by_weekday(judged) if len(judged) else [],
            "heat": heat_rows(selectors.heat(intervals)),
        }


def _rows_csv(
    queue: Queue, grain: str, rows: list[Row], start: date, end: date
) -> HttpResponseBase:
    def lines() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            record = row.record
            yield (
                row.start.isoformat(), row.n, row.actual, row.expected, row.low95,
                row.high95, row.deviation, record.wape, record.bias, record.covered80,
                record.covered95, record.floor,
            )  # fmt: skip

    name = f"forecast-accuracy-queue-{queue.pk}-{grain}-{start}-{end}"
    return csv_response(name, HEADER, lines())
