"""All queues a person sees: what each needs this week and next, against the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.models import Queue
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.selectors.staffing.overview import QueueLine, overview, totals
from workforce.capacity.selectors.staffing.picture import week_of
from workforce.capacity.selectors.staffing.staffed import Staffed
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.staffing import VIEW, numbers
from workforce.capacity.views.staffing.exports import WEEK, week_rows
from workforce.capacity.views.staffing.figures import (
    moment_words,
    occupancy_word,
    week_occupancy_shade,
    week_words,
)
from workforce.people.models import User

PAGE_SIZE = 25


@dataclass(frozen=True)
class IndexRow:
    """One queue as the table shows it."""

    queue: Queue
    week: date
    state: str
    peak: str
    now: str
    coming: str
    planned: str
    left: str
    left_chip: str
    worst: str
    level: str
    level_chip: str
    late: str
    occupancy: str
    occupancy_chip: str
    occupancy_word: str


class StaffingIndexView(StaffPageMixin, TemplateView):
    permission = VIEW
    title = gettext_lazy("Staffing")
    template_name = "capacity/staffing/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()
        paginator = Paginator(queues_named(actor_of(self.request), words), PAGE_SIZE)
        page = paginator.get_page(self.request.GET.get("page"))
        today = timezone.localdate()
        lines = overview(list(page.object_list), today)
        sums = totals(lines)
        return super().get_context_data(
            page=page,
            rows=[row_of(line) for line in lines],
            any_queue=bool(lines) or queues_named(actor_of(self.request)).exists(),
            any_forecast=any(line.has_forecast for line in lines),
            words=words,
            week_words=week_words(week_of(today).start, is_typical=False),
            sums={
                "now": numbers.people(sums.now),
                "coming": numbers.people(sums.coming),
                "careful": numbers.people(sums.careful),
                "planned": numbers.people(sums.planned),
                "whole": numbers.whole(_ceiling(sums.coming)),
                "apart": numbers.whole(_apart(lines)),
            },
            **kwargs,
        )


def queues_named(user: User, words: str = "") -> QuerySet[Queue]:
    """Return the active queues that a person sees, those with ``words`` in the name."""
    return (
        queues_visible_to(user)
        .filter(is_active=True, name__icontains=words)
        .order_by("name", "channel", "pk")
    )


class StaffingListCsvView(StaffPageMixin, View):
    """Both weeks of every queue that the search finds, a line a queue and week."""

    permission = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        queues = queues_named(actor_of(request), request.GET.get("q", "").strip())
        lines = overview(list(queues), today)
        rows = (
            row
            for line in lines
            for staffed in (line.now, line.coming)
            for row in week_rows(staffed, False)
        )
        return csv_response(f"staffing-{week_of(today).key}", WEEK, rows)


def _ceiling(value: float) -> float:
    return float(-(-round(value, 6) // 1))


def _apart(lines: Sequence[QueueLine]) -> float:
    """What rounding every queue up by itself would ask for."""
    return sum(_ceiling(line.coming.need.fte or 0.0) for line in lines)


def row_of(line: QueueLine) -> IndexRow:
    """Put one queue's two weeks into words."""
    staffed = line.main
    need = staffed.need
    left = (staffed.fte or 0.0) - (need.fte or 0.0)
    level = staffed.mean_service_level
    busy = staffed.mean_occupancy if staffed.is_planned else None
    worst = staffed.worst if staffed.is_planned else None
    return IndexRow(
        queue=line.queue,
        week=need.start,
        state="" if line.is_covered else ("ended" if line.has_forecast else "none"),
        peak=numbers.whole(float(need.agents[need.peak[1]])) if need.peak else "–",
        now=numbers.people(line.now.need.fte),
        coming=numbers.people(line.coming.need.fte),
        planned=numbers.people(staffed.fte) if staffed.is_planned else "–",
        left=numbers.short_or_spare(left) if staffed.is_planned else "",
        left_chip="ok" if left > -0.05 else "late",
        worst=_("%(short)s people, %(when)s")
        % {
            "short": numbers.people(worst.short),
            "when": moment_words(need, worst.place, is_typical=False),
        }
        if worst
        else "–",
        level=numbers.percent(level) if staffed.is_planned else "–",
        level_chip=_level_chip(level, need.given.service_level)
        if staffed.is_planned
        else "",
        late=_late(staffed),
        occupancy=numbers.percent(busy),
        occupancy_chip="" if busy is None else week_occupancy_shade(staffed),
        occupancy_word="" if busy is None else occupancy_word(staffed),
    )


def _late(staffed: Staffed) -> str:
    mean = staffed.mean_hours_late if staffed.is_planned else None
    return (
        _("late by %(hours)s on average") % {"hours": numbers.hours(mean)}
        if mean
        else ""
    )


def _level_chip(level: float | None, wanted: float) -> str:
    if level is None:
        return ""
    if level >= wanted - 0.0005:
        return "ok"
    return "watch" if level >= wanted - 0.1 else "late"
