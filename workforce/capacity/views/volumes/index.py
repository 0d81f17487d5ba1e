"""Every queue: a year at a glance, and what changed in the last four weeks."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.models import Queue
from workforce.capacity.selectors.queues import VIEW, queues_visible_to
from workforce.capacity.selectors.volume_lines import (
    VolumeLine,
    volume_lines,
    with_newest,
)
from workforce.capacity.views.volumes.pictures import sparkline

PAGE_SIZE = 30


def chosen(request: HttpRequest) -> Any:
    """The queues that a person sees, narrowed to what the address asks for."""
    queues = queues_visible_to(request.user)
    words = request.GET.get("q", "").strip()
    if words:
        queues = queues.filter(name__icontains=words)
    if channel := request.GET.get("channel", ""):
        queues = queues.filter(channel=channel)
    if "inactive" not in request.GET:
        queues = queues.filter(is_active=True)
    return with_newest(queues).order_by("name", "channel", "pk")


class VolumesView(StaffPageMixin, TemplateView):
    """What came in, where it came from, and whether any of it is missing?"""

    permission = VIEW
    title = gettext_lazy("Volumes")
    template_name = "capacity/volumes/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = queues_visible_to(self.request.user)
        page = Paginator(chosen(self.request), PAGE_SIZE).get_page(
            self.request.GET.get("page")
        )
        lines = volume_lines(list(page.object_list), timezone.now())
        return super().get_context_data(
            page=page,
            rows=[(line, _spark(line)) for line in lines],
            any_queue=bool(lines) or seen.exists(),
            channels=sorted(set(seen.values_list("channel", flat=True))),
            words=self.request.GET.get("q", ""),
            channel=self.request.GET.get("channel", ""),
            inactive="inactive" in self.request.GET,
            **kwargs,
        )


def _spark(line: VolumeLine) -> str:
    label = gettext("%(queue)s: contacts a day, mean of each week until %(day)s") % {
        "queue": line.queue,
        "day": line.until,
    }
    return sparkline(line.weeks, label)


class VolumesCsvView(StaffPageMixin, View):
    """The list as a table."""

    permission = VIEW

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        queues: list[Queue] = list(chosen(request))
        header = (
            "queue", "channel", "time_zone", "until", "offered_28_days",
            "offered_28_days_before", "change", "handle_seconds", "handle_n",
            "handle_source", "abandoned_share", "backlog", "source", "missing_days",
            "last_interval_utc", "outliers_to_decide",
        )  # fmt: skip
        rows = (_csv_row(line) for line in volume_lines(queues, timezone.now()))
        return csv_response("volumes", header, rows)


def _csv_row(line: VolumeLine) -> tuple[Any, ...]:
    return (
        line.queue.name, line.queue.channel, line.queue.time_zone,
        line.until.isoformat(), line.offered, line.before, line.change,
        round(line.handle.seconds, 1), line.handle.n, line.handle.source,
        line.abandoned, line.backlog, line.source, len(line.gaps),
        line.last_at.isoformat() if line.last_at else "", line.outliers,
    )  # fmt: skip
