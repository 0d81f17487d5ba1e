"""Publishing: first what changes, then the button; and throwing a draft away."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id, row_ids
from workforce.capacity.forms.forecasts import OverlayChoice, PublishForm
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts import published
from workforce.capacity.selectors.forecasts.applied import applied_events, doubled
from workforce.capacity.selectors.forecasts.lines import QueueLine, listed, queue_lines
from workforce.capacity.selectors.forecasts.scenarios import overlays_of
from workforce.capacity.selectors.forecasts.versions import (
    draft_of,
    overlays_in,
    week_changes,
)
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.services import forecasting
from workforce.capacity.views.forecasts import PUBLISH, RUN, actor_of, queue_or_404


class PublishView(StaffPageMixin, TemplateView):
    """What changes, week by week, if this draft becomes the forecast that holds?"""

    permission = PUBLISH
    template_name = "capacity/forecasts/publish.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        queue = queue_or_404(request, kwargs["pk"])
        draft = draft_of(queue)
        if draft is None:
            messages.info(request, _("No draft waits. Compute one first."))
            return redirect("capacity:forecast", queue.pk)
        return self._page(queue, draft, PublishForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        queue = queue_or_404(request, kwargs["pk"])
        draft, form = draft_of(queue), PublishForm(request.POST)
        if draft is None:
            messages.warning(request, _("The draft is gone. Compute a new one."))
            return redirect("capacity:forecast", queue.pk)
        if not form.is_valid():
            return self._page(queue, draft, form, status=422)
        choice = OverlayChoice(request.GET, list(overlays_of(queue)))
        seen = request.POST.get("replaces", "")
        if choice.errors or request.POST.get("draft") != str(draft.pk):
            refusal = _("Another draft has been computed since. This is the new one.")
            refusal = " ".join(choice.errors) or refusal
            return self._page(queue, draft, form, status=409, refusal=refusal)
        try:
            forecasting.publish_forecast(
                forecast_id=draft.pk,
                actor=actor_of(request),
                at=timezone.now(),
                note=form.cleaned_data["note"],
                overlays=choice.changes,
                replaces=row_id(seen),
            )
        except OperationRefused as refused:
            return self._page(queue, draft, form, status=409, refusal=str(refused))
        messages.success(
            request,
            _("Published: %(queue)s is planned by this forecast now.")
            % {"queue": queue},
        )
        return redirect("capacity:forecast", queue.pk)

    def _page(
        self,
        queue: Queue,
        draft: Forecast,
        form: PublishForm,
        status: int = 200,
        refusal: str = "",
    ) -> HttpResponse:
        choice = OverlayChoice(self.request.GET, list(overlays_of(queue)))
        before = published(queue)
        today = timezone.now().astimezone(ZoneInfo(queue.time_zone)).date()
        weeks = week_changes(
            queue, draft, before, today=today, overlays=list(choice.changes)
        )
        context = self.get_context_data(
            title=_("Publish the forecast of %(queue)s") % {"queue": queue},
            queue=queue,
            draft=draft,
            before=before,
            before_overlays=overlays_in(before),
            choice=choice,
            doubled=doubled(choice.changes, applied_events(draft), since=today),
            weeks=weeks,
            form=form,
            refusal=refusal or " ".join(choice.errors),
        )
        return self.render_to_response(context, status=status)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft among several to be published: its next four weeks beside what holds."""

    line: QueueLine
    new: QueueLine

    @property
    def change(self) -> float | None:
        before = self.line.next_weeks if self.line.published else None
        if before is None or not before.mean or self.new.next_weeks is None:
            return None
        return self.new.next_weeks.mean / before.mean - 1


class PublishManyView(StaffPageMixin, TemplateView):
    """Publish the drafts of several queues, as they are, after one look."""

    permission = PUBLISH
    title = gettext_lazy("Publish forecasts")
    template_name = "capacity/forecasts/publish_many.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "csrfmiddlewaretoken" in request.GET:
            # The list's form also posts; its token has no place in an address.
            chosen = urlencode({"queue": request.GET.getlist("queue")}, doseq=True)
            return redirect(f"{request.path}?{chosen}")
        rows = self._waiting(request.GET.getlist("queue"))
        if not rows:
            messages.info(request, _("Choose queues where a draft waits."))
            return redirect("capacity:forecasts")
        return self.render_to_response(self.get_context_data(rows=rows))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = 0
        for row in self._waiting(request.POST.getlist("queue")):
            seen = request.POST.get(f"replaces-{row.line.queue.pk}", "")
            draft = row.line.draft
            if draft is None or request.POST.get(f"draft-{row.line.queue.pk}") != str(
                draft.pk
            ):
                messages.warning(
                    request,
                    _("%(queue)s was left out: another draft has been computed since.")
                    % {"queue": row.line.queue},
                )
                continue
            count += self._publish(draft, row_id(seen))
        if count:
            messages.success(
                request,
                ngettext(
                    "%(n)d forecast published.", "%(n)d forecasts published.", count
                )
                % {"n": count},
            )
        return redirect("capacity:forecasts")

    def _publish(self, draft: Forecast, replaces: int | None) -> bool:
        try:
            forecasting.publish_forecast(
                forecast_id=draft.pk,
                actor=actor_of(self.request),
                at=timezone.now(),
                replaces=replaces,
            )
        except OperationRefused as refusal:
            messages.warning(self.request, str(refusal))
            return False
        return True

    def _waiting(self, given: list[str]) -> list[Waiting]:
        ids = row_ids(given)
        queues = queues_visible_to(self.request.user).filter(pk__in=ids)
        queues = queues.filter(forecasts__state=Forecast.State.DRAFT).distinct()
        rows = list(listed(queues).order_by("name", "channel", "pk"))
        now = timezone.now()
        lines = queue_lines(rows, now)
        for row in rows:
            row.current = [  # type: ignore[attr-defined]
                each
                for each in row.current  # type: ignore[attr-defined]
                if each.state == Forecast.State.DRAFT
            ]
        news = queue_lines(rows, now)
        return [
            Waiting(line, new)
            for line, new in zip(lines, news, strict=True)
            if line.draft
        ]


class DiscardView(StaffPageMixin, View):
    """Throw the draft of a queue away."""

    permission = RUN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue = queue_or_404(request, pk)
        draft = draft_of(queue)
        if draft is None:
            messages.info(request, _("There is no draft to discard."))
            return redirect("capacity:forecast", pk)
        try:
            forecasting.discard_draft(forecast_id=draft.pk)
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The draft is discarded."))
        return redirect("capacity:forecast", pk)
