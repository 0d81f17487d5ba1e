"""Choosing the method of a queue, and computing with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.capacity.forms.forecasts import MethodForm
from workforce.capacity.services import forecasting
from workforce.capacity.views.forecasts import RUN, actor_of, queue_or_404


class MethodView(StaffPageMixin, View):
    """Remember method and horizon; with ``compute`` ask for a new draft at once."""

    permission = RUN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue = queue_or_404(request, pk)
        form = MethodForm(request.POST)
        if not form.is_valid():
            messages.warning(request, _("Choose a method, and 1 to 400 days ahead."))
            return redirect("capacity:forecast", pk)
        now = timezone.now()
        try:
            chosen = forecasting.choose_method(
                queue_id=queue.pk,
                actor=actor_of(request),
                at=now,
                **form.cleaned_data,
            )
            if "compute" in request.POST:
                job = forecasting.ask_for_forecasts(
                    queue_ids=[queue.pk], actor=actor_of(request), at=now
                )
                return redirect("admin:jobs_job_change", job.pk)
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("capacity:forecast", pk)
        messages.success(
            request,
            _("From the next computation on: %(method)s, %(days)d days ahead.")
            % {"method": chosen.get_method_display(), "days": chosen.horizon_days},
        )
        return redirect("capacity:forecast", pk)
