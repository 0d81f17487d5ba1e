"""Today of all visible queues, and of one."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from workforce.capacity.charts.bands import Area, Chart, Line
from workforce.capacity.core.curves import Curve
from workforce.capacity.selectors.intraday import (
    Intraday,
    Rest,
    Status,
    TodayRow,
    overview,
    today,
)
from workforce.capacity.selectors.queues import VIEW, queues_visible_to
from workforce.capacity.views.acting import actor_of

WORDS = {
    Status.NO_FORECAST: ("idle", gettext_lazy("No published forecast")),
    Status.CLOSED: ("idle", gettext_lazy("Closed today")),
    Status.WHOLE_DAYS: ("idle", gettext_lazy("Counted by whole days")),
    Status.NOT_BEGUN: ("idle", gettext_lazy("Nothing known yet")),
    Status.RUNNING: ("ok", gettext_lazy("Within its band")),
    Status.OVER: ("ok", gettext_lazy("Over, within its band")),
}


def chip_of(row: TodayRow) -> tuple[str, Any]:
    """Return the colour and the word of a queue's day."""
    if row.curve is None or not row.is_alert:
        return WORDS[row.status]
    if row.curve.came > row.curve.so_far.high95:
        return "late", _("More than its band")
    return "watch", _("Less than its band")


def clock_of(row: TodayRow) -> datetime:
    """Return until when volumes are complete, on the queue's own clock."""
    return datetime.fromtimestamp(row.until, ZoneInfo(row.queue.time_zone))


class TodayView(StaffPageMixin, TemplateView):
    """Which queue's day is not as forecast?"""

    permission = VIEW
    template_name = "capacity/intraday/all.html"
    title = gettext_lazy("Today against the forecast")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queues = queues_visible_to(actor_of(request)).filter(is_active=True)
        rows = overview(queues, timezone.now())
        rows.sort(key=lambda row: (not row.is_alert, str(row.queue)))
        return self.render_to_response(
            self.get_context_data(
                rows=[
                    {"row": row, "chip": chip_of(row), "clock": clock_of(row)}
                    for row in rows
                ],
                alerts=sum(row.is_alert for row in rows),
            )
        )


class TodayQueueView(StaffPageMixin, TemplateView):
    """How is today going, and what will come of it?"""

    permission = VIEW
    template_name = "capacity/intraday/queue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queue = get_object_or_404(
            queues_visible_to(actor_of(request)), pk=self.kwargs["pk"]
        )
        known = today(queue, timezone.now())
        return self.render_to_response(
            self.get_context_data(
                title=_("Today: %(queue)s") % {"queue": queue},
                queue=queue,
                row=known.row,
                curve=known.row.curve,
                rest=known.rest,
                chip=chip_of(known.row),
                clock=clock_of(known.row),
                chart=_chart(known),
                intervals=_intervals(known),
            )
        )


def _local(curve: Curve, zone: ZoneInfo) -> list[datetime]:
    return [datetime.fromtimestamp(int(start), zone) for start in curve.starts]


def _chart(known: Intraday) -> Chart | None:
    curve, rest = known.row.curve, known.rest
    if curve is None or len(curve.starts) < 2:
        return None
    clocks = _local(curve, ZoneInfo(known.row.queue.time_zone))
    lines = [Line(_("Forecast"), "expected", curve.band.mean.tolist())]
    if rest is not None:
        lines += _renewed(curve, rest)
    return Chart(
        label=_(
            "Contacts by interval today: %(came)d have come, %(mean)d were expected."
        )
        % {"came": round(curve.came), "mean": round(curve.so_far.mean)},
        names=[f"{clock:%H:%M}" for clock in clocks],
        unit=_("contacts an interval"),
        areas=[
            Area(
                _("95 % band"),
                "wide",
                curve.band.low95.tolist(),
                curve.band.high95.tolist(),
            )
        ],
        lines=lines,
        now=curve.known if 0 < curve.known < len(clocks) else None,
    )


def _renewed(curve: Curve, rest: Rest) -> list[Line]:
    after = len(curve.starts) - curve.known
    lines = [Line(_("Actual"), "actual", [*curve.actual.tolist(), *[None] * after])]
    if after:
        renewed = [*[None] * curve.known, *rest.mean[curve.known :].tolist()]
        lines.append(Line(_("Expected now"), "other", renewed))
    return lines


def _intervals(known: Intraday) -> list[dict[str, Any]]:
    curve, rest = known.row.curve, known.rest
    if curve is None:
        return []
    clocks = _local(curve, ZoneInfo(known.row.queue.time_zone))
    return [
        {
            "clock": clock,
            "mean": float(curve.band.mean[place]),
            "low95": float(curve.band.low95[place]),
            "high95": float(curve.band.high95[place]),
            "actual": float(curve.actual[place]) if place < curve.known else None,
            "renewed": float(rest.mean[place])
            if rest is not None and place >= curve.known
            else None,
        }
        for place, clock in enumerate(clocks)
    ]
