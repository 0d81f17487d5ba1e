"""The list of calculations, and one with its inputs, lines and doubt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.capacity.core.cost import KINDS
from workforce.capacity.forms.costs import CalculationForm, NewCalculationForm
from workforce.capacity.models import Calculation
from workforce.capacity.selectors import costs as selectors
from workforce.capacity.selectors.costs import WorkedCalculation, phrases
from workforce.capacity.selectors.costs.amounts import amount, unit_label
from workforce.capacity.services import costs as services
from workforce.capacity.views.acting import actor_of

VIEW = "capacity.view_costs"
CHANGE = "capacity.change_costs"


def calculation_or_404(pk: int) -> Calculation:
    return get_object_or_404(selectors.calculations(), pk=pk)


class CostsView(StaffPageMixin, TemplateView):
    """Every calculation, formula by formula, with its answer as it is now."""

    permission = VIEW
    title = gettext_lazy("Costs")
    template_name = "capacity/costs/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = selectors.facts(timezone.now())
        rows = [
            (row, selectors.work_out(row, known)) for row in selectors.calculations()
        ]
        return super().get_context_data(
            groups=[
                {
                    "name": Calculation.Kind(kind).label,
                    "about": phrases.ABOUT[kind],
                    "kind": kind,
                    "rows": [pair for pair in rows if pair[0].kind == kind],
                }
                for kind in KINDS
            ],
            has_own=any(not row.is_example for row, _ in rows),
            **kwargs,
        )


class NewView(StaffPageMixin, TemplateView):
    """Begin a calculation of a formula."""

    permission = CHANGE
    title = gettext_lazy("New calculation")
    template_name = "capacity/costs/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewCalculationForm(
            initial={"kind": request.GET.get("kind", ""), "currency": "USD"}
        )
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewCalculationForm(request.POST)
        if not form.is_valid():
            return self._again(form, 422)
        try:
            row = services.create_calculation(
                actor=actor_of(request), at=timezone.now(), **form.cleaned_data
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._again(form, 409)
        return redirect("capacity:calculation", pk=row.pk)

    def _again(self, form: NewCalculationForm, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)


def shown(
    row: Calculation, found: WorkedCalculation, form: CalculationForm | None = None
) -> dict[str, Any]:
    """Return what the page, its print and its live answer show of a calculation."""
    return {
        "calculation": row,
        "found": found,
        "lines": [
            {
                "input": each,
                "name": phrases.INPUTS[row.kind][each.key],
                "help": phrases.HELP[row.kind].get(each.key, ""),
                "unit": unit_label(each.definition.unit, found.currency),
                "value": amount(each.value, each.definition.unit, found.currency),
                "range": " – ".join(
                    amount(end, each.definition.unit, found.currency)
                    for end in each.range or ()
                ),
                "live": None
                if each.live is None
                else amount(each.live, each.definition.unit, found.currency),
                "fields": form.parts(each.key) if form else None,
            }
            for each in found.inputs
        ],
        "about": phrases.ABOUT[row.kind],
        "scope": selectors.counted().words
        if any(each.live is not None for each in found.inputs)
        else "",
    }


class CalculationView(StaffPageMixin, TemplateView):
    """One calculation; what is typed is worked out at once and stored when saved."""

    permission = VIEW
    template_name = "capacity/costs/calculation.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = calculation_or_404(self.kwargs["pk"])
        found = selectors.worked(row, timezone.now())
        return self._page(row, found, CalculationForm(calculation=row))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = calculation_or_404(self.kwargs["pk"])
        now = timezone.now()
        form = CalculationForm(request.POST, calculation=row, is_fixed=row.is_example)
        if not form.is_valid():
            return self._page(row, selectors.worked(row, now), form, status=422)
        if request.POST.get("verb") != "save":
            found = selectors.work_out(row, selectors.facts(now), inputs=form.inputs)
            return self._page(row, found, form, is_tried=True)
        if not request.user.has_perm(CHANGE):
            self.raise_exception = True
            return self.handle_no_permission()
        return self._save(row, form)

    def _save(self, row: Calculation, form: CalculationForm) -> HttpResponse:
        now = timezone.now()
        try:
            services.save_calculation(
                calculation_id=row.pk,
                name=form.cleaned_data["name"],
                currency=form.cleaned_data["currency"],
                note=form.cleaned_data["note"],
                inputs=form.inputs,
                actor=actor_of(self.request),
                at=now,
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(row, selectors.worked(row, now), form, status=409)
        messages.success(self.request, _("Saved."))
        return redirect("capacity:calculation", pk=row.pk)

    def _page(
        self,
        row: Calculation,
        found: WorkedCalculation,
        form: CalculationForm,
        *,
        status: int = 200,
        is_tried: bool = False,
    ) -> HttpResponse:
        saved = selectors.worked(row, timezone.now()) if is_tried else None
        context = self.get_context_data(
            title=row.name,
            form=form,
            is_tried=is_tried,
            saved=saved,
            may_change=self.request.user.has_perm(CHANGE),
            **shown(row, found, form),
        )
        return self.render_to_response(context, status=status)


class ComputeView(StaffPageMixin, View):
    """Work out what is typed without storing it: ``{"answer", "html"}`` or errors."""

    permission = VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        row = calculation_or_404(pk)
        form = CalculationForm(request.POST, calculation=row, is_fixed=row.is_example)
        if not form.is_valid():
            errors = {name: " ".join(found) for name, found in form.errors.items()}
            return JsonResponse({"errors": errors}, status=422)
        known = selectors.facts(timezone.now())
        found = selectors.work_out(row, known, inputs=form.inputs)
        saved = selectors.work_out(row, known)
        context = {**shown(row, found), "is_tried": True, "saved": saved}
        html = render_to_string("capacity/costs/_result.html", context, request)
        return JsonResponse(
            {
                "answer": found.answer,
                "results": {
                    line.key: line.number if abs(line.number) < float("inf") else None
                    for line in found.lines
                },
                "html": html,
            }
        )
