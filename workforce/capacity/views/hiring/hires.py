"""What is done with hires: add, change, move on, undo, take what is suggested."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id
from workforce.capacity.forms.hiring import HireForm, hire_initial
from workforce.capacity.models import Hire
from workforce.capacity.models import LeadTime as LeadTimeRow
from workforce.capacity.services import hiring as services
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.hiring.pages import CHANGE, plan_or_404


def hire_or_404(pk: int) -> Hire:
    return get_object_or_404(Hire.objects.select_related("plan"), pk=pk)


class HireFormView(StaffPageMixin, TemplateView):
    """Change people who join together."""

    permission = CHANGE
    template_name = "capacity/hiring/hire_form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        hire = hire_or_404(self.kwargs["pk"])
        form = HireForm(plan=hire.plan, initial=hire_initial(hire))
        return self._page(form, _("Change a hire"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        hire = hire_or_404(self.kwargs["pk"])
        form = HireForm(request.POST, plan=hire.plan)
        if not form.is_valid():
            return self._page(form, _("Change a hire"), 422)
        services.change_hire(
            hire_id=hire.pk,
            fields=form.columns,
            actor=actor_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved. Undo brings back what it was."))
        return redirect("capacity:hiring-plan", pk=hire.plan_id)

    def _page(self, form: HireForm, title: str, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            title=title, form=form, plan=form.plan, leads=LeadTimeRow.objects.all()
        )
        return self.render_to_response(context, status=status)


class NewHireView(HireFormView):
    """Add people who join together."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = plan_or_404(self.kwargs["pk"])
        return self._page(HireForm(plan=plan), _("Add hires"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = plan_or_404(self.kwargs["pk"])
        form = HireForm(request.POST, plan=plan)
        if not form.is_valid():
            return self._page(form, _("Add hires"), 422)
        services.add_hire(
            plan_id=plan.pk,
            fields=form.columns,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return redirect("capacity:hiring-plan", pk=plan.pk)


class MoveView(StaffPageMixin, View):
    """Move a hire to its next state, or undo its last change (``state=UNDO``)."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        hire = hire_or_404(pk)
        state = request.POST.get("state", "")
        acting = {"actor": actor_of(request), "at": timezone.now()}
        try:
            if state == "UNDO":
                services.undo_hire(hire_id=hire.pk, **acting)
            else:
                services.move_hire(hire_id=hire.pk, state=state, **acting)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("capacity:hiring-plan", pk=hire.plan_id)


class TakeSuggestionView(StaffPageMixin, View):
    """Plan everything that is suggested."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = plan_or_404(pk)
        people = row_id(request.POST.get("people"))
        try:
            rows = services.take_suggestion(
                plan_id=plan.pk,
                people=people or 0,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            words = ngettext("%(n)s hire planned.", "%(n)s hires planned.", len(rows))
            messages.success(request, words % {"n": len(rows)})
        return redirect("capacity:hiring-plan", pk=plan.pk)
