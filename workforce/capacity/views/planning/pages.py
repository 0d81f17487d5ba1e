"""One month of the planning calendar, and what is done with its duties."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.duties.pages import CHIPS, duty_rows, standing_words
from workforce.capacity.forms.planning import OwnerForm, ShownForm
from workforce.capacity.models import PlanningDuty, PlanningTask
from workforce.capacity.selectors import planning as selectors
from workforce.capacity.selectors.planning import MANAGE
from workforce.capacity.services import planning as services
from workforce.capacity.views.acting import actor_of


class PlanningView(StaffPageMixin, TemplateView):
    """What is due in a month, overdue and done; with the review dates of decisions."""

    permission = "capacity.view_planningtask"
    title = gettext_lazy("Planning calendar")
    template_name = "capacity/planning/month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ShownForm(self.request.GET)
        form.is_valid()
        today = timezone.now().astimezone(UTC).date()
        user = actor_of(self.request)
        owner = form.cleaned_data.get("owner", "")
        month = form.cleaned_data.get("month") or today.replace(day=1)
        found = selectors.month_picture(month, today=today, user=user, owner=owner)
        may_manage = user.has_perm(MANAGE)
        return super().get_context_data(
            found=found,
            today=today,
            owner=owner,
            owners=[(str(each.pk), str(each)) for each in selectors.owners()],
            duties=duty_rows(found.duties),
            reviews=[
                (each, CHIPS[each.standing], standing_words(each.standing))
                for each in found.reviews
            ],
            has_tasks=PlanningTask.objects.filter(is_active=True).exists(),
            may_manage=may_manage,
            may_do=user.has_perm(DutyView.permission),
            possible=list(selectors.possible_owners()) if may_manage else [],
            **kwargs,
        )


class DutyView(StaffPageMixin, View):
    """Mark a duty as done (``verb=done`` with a note), or take that back."""

    permission = "capacity.change_planningduty"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        duty = get_object_or_404(PlanningDuty, pk=pk)
        try:
            if request.POST.get("verb") == "undo":
                services.mark_not_done(duty_id=duty.pk, actor=actor_of(request))
            else:
                services.mark_done(
                    duty_id=duty.pk,
                    note=request.POST.get("note", ""),
                    actor=actor_of(request),
                    at=timezone.now(),
                )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(_back(request))


class OwnerView(StaffPageMixin, View):
    """Give a task to another owner."""

    permission = MANAGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = get_object_or_404(PlanningTask, pk=pk)
        form = OwnerForm(request.POST)
        if form.is_valid():
            services.give_task(
                task_id=task.pk,
                owner=form.cleaned_data["owner"],
                actor=actor_of(request),
                at=timezone.now(),
            )
        else:
            messages.error(request, _("Choose somebody who sees this calendar."))
        return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Return to the month and owner that were shown."""
    form = ShownForm(request.POST.dict() | {"owner": request.POST.get("shown", "")})
    form.is_valid()
    month, owner = form.cleaned_data.get("month"), form.cleaned_data.get("owner")
    parts = [f"month={month:%Y-%m}"] if month else []
    parts += [f"owner={owner}"] if owner else []
    return reverse("capacity:planning") + ("?" + "&".join(parts) if parts else "")
