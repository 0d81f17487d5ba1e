"""Duties of keeping content alive: what is due, who does it, what came of it."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.forms.work import DutyOwnerForm
from kb.models import ContentDuty, ContentTask
from kb.selectors.work import duties as selectors
from kb.selectors.work.people import DO_DUTIES, who_may
from kb.services import duties as services
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.duties.pages import duty_rows


class DutiesView(StaffPageMixin, TemplateView):
    """What is due each week, month and quarter, overdue first."""

    permission = "kb.view_contenttask"
    title = gettext_lazy("Content duties")
    template_name = "kb/work/duties.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        found = selectors.duties(today=timezone.now().astimezone(UTC).date(), user=user)
        may_manage = user.has_perm(selectors.MANAGE)
        return super().get_context_data(
            found=found,
            duties=duty_rows(found.open),
            has_tasks=ContentTask.objects.filter(is_active=True).exists(),
            may_manage=may_manage,
            may_do=user.has_perm(f"kb.{DO_DUTIES}"),
            possible=list(who_may(DO_DUTIES)) if may_manage else [],
            here="duties",
            **kwargs,
        )


class DutyView(StaffPageMixin, View):
    """Mark a duty as done (``verb=done`` with a note), or take that back."""

    permission = f"kb.{DO_DUTIES}"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        duty = get_object_or_404(ContentDuty, pk=pk)
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
        return redirect("kb:duties")


class DutyOwnerView(StaffPageMixin, View):
    """Give a task to another owner."""

    permission = selectors.MANAGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = get_object_or_404(ContentTask, pk=pk)
        form = DutyOwnerForm(request.POST)
        if form.is_valid():
            services.give_task(
                task_id=task.pk,
                owner=form.cleaned_data["owner"],
                actor=actor_of(request),
                at=timezone.now(),
            )
        else:
            messages.error(request, _("Choose somebody who may do content duties."))
        return redirect("kb:duties")
