"""What is done with an experiment: start, stop, promote, discard."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from kb.models import Experiment
from kb.services import experiments as services
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin


class ActView(StaffPageMixin, View):
    """``verb`` says what is done."""

    permission = services.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        experiment = get_object_or_404(Experiment, pk=pk)
        verb = request.POST.get("verb", "")
        try:
            messages.success(request, self._done(verb, experiment.pk))
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("kb:experiment", pk=pk)
        if verb == "discard":
            return redirect("kb:experiments")
        return redirect("kb:experiment", pk=pk)

    def _done(self, verb: str, pk: int) -> str:
        actor = actor_of(self.request)
        who: dict[str, Any] = {"actor": actor, "at": timezone.now()}
        if verb == "start":
            services.start_experiment(experiment_id=pk, **who)
            return _("Started. Readers are split from now on.")
        if verb == "stop":
            note = self.request.POST.get("note", "")
            services.stop_experiment(experiment_id=pk, note=note, **who)
            return _("Stopped. Everybody reads A again.")
        if verb == "promote":
            services.promote(experiment_id=pk, **who)
            return _("Promoted. Everybody reads the text of B.")
        if verb == "discard":
            services.discard_draft(experiment_id=pk, actor=actor)
            return _("Discarded.")
        raise Http404
