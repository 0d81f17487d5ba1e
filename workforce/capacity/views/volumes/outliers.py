"""Outliers: what was found, and what people decide about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id, row_ids
from supportops.metrics.exports import csv_response
from workforce.capacity.models import OutlierDay
from workforce.capacity.selectors.outliers import outliers_visible_to
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.services import volumes
from workforce.capacity.views.acting import actor_of

State = OutlierDay.State
PAGE_SIZE = 50
SEE, DECIDE = "capacity.view_outlierday", "capacity.decide_outlier"


def chosen(request: HttpRequest) -> Any:
    rows = outliers_visible_to(actor_of(request))
    if (state := request.GET.get("state", "")) in State.values:
        rows = rows.filter(state=state)
    if queue := row_id(request.GET.get("queue")):
        rows = rows.filter(queue=queue)
    return rows


class OutliersView(StaffPageMixin, TemplateView):
    """Which days were far from expected, and does the forecast learn from them?"""

    permission = SEE
    title = gettext_lazy("Outliers")
    template_name = "capacity/volumes/outliers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(chosen(self.request), PAGE_SIZE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            page=page,
            rows=list(page.object_list),
            states=[("", gettext("All")), *State.choices],
            state=self.request.GET.get("state", ""),
            queues=list(queues_visible_to(self.request.user).order_by("name", "pk")),
            queue_key=self.request.GET.get("queue", ""),
            may_decide=self.request.user.has_perm(DECIDE),
            **kwargs,
        )


class DecideOutliersView(StaffPageMixin, View):
    """Confirm, dismiss or reopen the chosen days."""

    permission = DECIDE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        ids = row_ids(request.POST.getlist("outlier"))
        rows = outliers_visible_to(actor_of(request)).filter(pk__in=ids[:500])
        state = request.POST.get("state", "")
        known = list(rows.values_list("pk", flat=True))
        if not known or state not in State.values:
            messages.warning(request, gettext("Choose the days to decide about."))
            return redirect(_back(request))
        try:
            done = volumes.decide_outliers(
                known,
                state,
                request.POST.get("reason", ""),
                actor_of(request),
                timezone.now(),
            )
        except OperationRefused as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _told(len(done), State(state)))
        return redirect(_back(request))


def _told(count: int, state: State) -> str:
    return ngettext(
        "%(count)d day: %(state)s.", "%(count)d days: %(state)s.", count
    ) % {"count": count, "state": state.label}


def _back(request: HttpRequest) -> str:
    """The list as it was narrowed before; never another site."""
    address = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return address
    return reverse("capacity:outliers")


class OutliersCsvView(StaffPageMixin, View):
    permission = SEE

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        header = (
            "queue", "channel", "day", "actual", "expected", "state", "reason",
            "decided_by", "decided_at",
        )  # fmt: skip
        rows = (
            (
                row.queue.name, row.queue.channel, row.day.isoformat(), row.actual,
                round(row.expected, 1), row.state, row.reason,
                str(row.decided_by or ""),
                row.decided_at.isoformat() if row.decided_at else "",
            )
            for row in chosen(request)
        )  # fmt: skip
        return csv_response("outliers", header, rows)
