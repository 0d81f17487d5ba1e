"""All queues: what is expected of each, and what waits to be published."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_ids
from supportops.jobs.models import Job
from supportops.jobs.selectors import jobs_visible_to
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts.lines import listed, queue_lines
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.services import forecasting
from workforce.capacity.services.forecasting.running import WORK
from workforce.capacity.views.forecasts import RUN, VIEW, actor_of, rights_of

PAGE_SIZE = 25

STATES = {
    "": gettext_lazy("All"),
    "waiting": gettext_lazy("A draft waits"),
    "none": gettext_lazy("Nothing published"),
    "investigated": gettext_lazy("Under investigation"),
}


def in_state(queues: QuerySet[Queue], state: str) -> QuerySet[Queue]:
    """Narrow the queues to those of one tab."""
    states = Forecast.State
    if state == "waiting":
        return queues.filter(
            pk__in=Forecast.objects.filter(state=states.DRAFT).values("queue_id")
        )
    if state == "none":
        return queues.exclude(
            pk__in=Forecast.objects.filter(state=states.PUBLISHED).values("queue_id")
        )
    if state == "investigated":
        return queues.filter(open_investigations__gt=0)
    return queues


class ForecastsView(StaffPageMixin, TemplateView):
    """How much will come to each queue, how sure is it, and what waits for me?"""

    permission = VIEW
    title = gettext_lazy("Forecasts")
    template_name = "capacity/forecasts/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self.request.GET.get("state", "")
        words = self.request.GET.get("q", "").strip()
        queues = listed(queues_visible_to(self.request.user).filter(is_active=True))
        if words:
            queues = queues.filter(name__icontains=words)
        queues = in_state(queues, state).order_by("name", "channel", "pk")
        page = Paginator(queues, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            lines=queue_lines(list(page.object_list), timezone.now()),
            state=state,
            states=STATES.items(),
            words=words,
            job=self._running(),
            **rights_of(self.request),
            **kwargs,
        )

    def _running(self) -> Job | None:
        """The person's newest computation, while it runs."""
        jobs = jobs_visible_to(self.request.user).filter(kind=WORK)
        running = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
        return running.order_by("-pk").first()


class ComputeView(StaffPageMixin, View):
    """Ask a worker to compute: the chosen queues, or every one that the person sees."""

    permission = RUN
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        queues = queues_visible_to(request.user).filter(is_active=True)
        if "all" not in request.POST:
            queues = queues.filter(pk__in=row_ids(request.POST.getlist("queue")))
        try:
            job = forecasting.ask_for_forecasts(
                queue_ids=list(queues.order_by("pk").values_list("pk", flat=True)),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("capacity:forecasts")
        return redirect("admin:jobs_job_change", job.pk)
