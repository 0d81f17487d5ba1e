"""What is done with an investigation: its owner, closing, opening again, its outliers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id
from workforce.capacity.forms.reviewing import FindingForm, OwnerForm, ReasonForm
from workforce.capacity.models import Investigation, OutlierDay
from workforce.capacity.selectors.investigations import RESOLVE, possible_owners
from workforce.capacity.services import reviewing
from workforce.capacity.services import volumes as volume_services
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.investigations.pages import (
    InvestigationView,
    investigation_or_404,
)

State = OutlierDay.State


class ActingView(StaffPageMixin, View):
    """One act on an investigation; afterwards its page is shown."""

    permission = RESOLVE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        investigation = investigation_or_404(request, pk)
        try:
            self.act(request, investigation)
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
        return redirect("capacity:investigation", pk=pk)

    def act(self, request: HttpRequest, investigation: Investigation) -> None:
        raise NotImplementedError


class AssignView(ActingView):
    """Give it to somebody."""

    def act(self, request: HttpRequest, investigation: Investigation) -> None:
        form = OwnerForm(request.POST, people=possible_owners(investigation.queue))
        if not form.is_valid():
            messages.warning(
                request, _("Choose somebody who may resolve investigations.")
            )
            return
        reviewing.assign_investigation(
            investigation_id=investigation.pk,
            owner=form.cleaned_data["owner"],
            actor=actor_of(request),
            at=timezone.now(),
        )


class ReopenView(ActingView):
    """Open a closed one again, with a reason."""

    def act(self, request: HttpRequest, investigation: Investigation) -> None:
        form = ReasonForm(request.POST)
        form.is_valid()
        reviewing.reopen_investigation(
            investigation_id=investigation.pk,
            reason=form.cleaned_data.get("reason", ""),
        )


class OutlierView(ActingView):
    """Confirm or dismiss an outlier of the week, without leaving it."""

    permission = "capacity.decide_outlier"

    def act(self, request: HttpRequest, investigation: Investigation) -> None:
        outlier = self._outlier(investigation, request.POST.get("outlier", ""))
        state = request.POST.get("state", "")
        if outlier is None or state not in (State.CONFIRMED, State.DISMISSED):
            messages.warning(request, _("Choose an outlier of this week."))
            return
        volume_services.decide_outlier(
            outlier_id=outlier.pk,
            state=state,
            reason=request.POST.get("reason", "")[:300],
            actor=actor_of(request),
            at=timezone.now(),
        )

    def _outlier(self, investigation: Investigation, asked: str) -> OutlierDay | None:
        """Return the outlier asked for, if it lies in this queue's week."""
        return OutlierDay.objects.filter(
            pk=row_id(asked),
            queue_id=investigation.queue_id,
            day__range=(investigation.starts_on, investigation.ends_on),
        ).first()


class CloseView(InvestigationView):
    """Keep what was found, or close with it. What was typed stays when it is refused."""

    permission = RESOLVE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        investigation = investigation_or_404(request, self.kwargs["pk"])
        form = FindingForm(request.POST)
        if not form.is_valid():
            return self.page(investigation, form, status=422)
        try:
            self._write(request, investigation, form.cleaned_data)
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.page(investigation, form, status=409)
        return redirect("capacity:investigation", pk=investigation.pk)

    def _write(
        self, request: HttpRequest, investigation: Investigation, found: dict[str, Any]
    ) -> None:
        if "close" in request.POST:
            reviewing.close_investigation(
                investigation_id=investigation.pk,
                actor=actor_of(request),
                at=timezone.now(),
                **found,
            )
            messages.success(request, _("Closed."))
        else:
            reviewing.save_finding(investigation_id=investigation.pk, **found)
            messages.success(request, _("Kept; it is still open."))
