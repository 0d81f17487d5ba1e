"""What is done with a calculation: copy, use elsewhere, remove, print, export, history."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.models import Calculation
from workforce.capacity.selectors import costs as selectors
from workforce.capacity.selectors.costs import phrases
from workforce.capacity.selectors.costs.amounts import unit_label
from workforce.capacity.selectors.costs.changes import changes
from workforce.capacity.services import costs as services
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.costs.pages import (
    CHANGE,
    VIEW,
    calculation_or_404,
    shown,
)


class CopyView(StaffPageMixin, View):
    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = calculation_or_404(pk)
        copy = services.copy_calculation(
            calculation_id=row.pk, actor=actor_of(request), at=timezone.now()
        )
        messages.success(request, _("This is the copy."))
        return redirect("capacity:calculation", pk=copy.pk)


class ReferenceView(StaffPageMixin, TemplateView):
    """Ask whether other pages shall read this calculation, and let them."""

    permission = CHANGE
    template_name = "capacity/costs/reference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = calculation_or_404(self.kwargs["pk"])
        now = timezone.now()
        others = selectors.calculations().filter(kind=row.kind, is_reference=True)
        instead = others.exclude(pk=row.pk).first()
        return super().get_context_data(
            title=row.name,
            calculation=row,
            found=selectors.worked(row, now),
            instead=instead,
            instead_found=selectors.worked(instead, now) if instead else None,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = calculation_or_404(self.kwargs["pk"])
        step = services.use_no_more if row.is_reference else services.use_elsewhere
        try:
            step(calculation_id=row.pk, actor=actor_of(request), at=timezone.now())
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("capacity:calculation", pk=row.pk)


class RemoveView(StaffPageMixin, TemplateView):
    """Ask, then remove."""

    permission = CHANGE
    template_name = "capacity/costs/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = calculation_or_404(self.kwargs["pk"])
        return super().get_context_data(title=row.name, calculation=row, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = calculation_or_404(self.kwargs["pk"])
        try:
            services.remove_calculation(
                calculation_id=row.pk, actor=actor_of(request), at=timezone.now()
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("capacity:calculation", pk=row.pk)
        messages.success(request, _("Removed: %(name)s") % {"name": row.name})
        return redirect("capacity:costs")


class PrintView(StaffPageMixin, TemplateView):
    permission = VIEW
    template_name = "capacity/costs/print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = calculation_or_404(self.kwargs["pk"])
        now = timezone.now()
        found = selectors.worked(row, now)
        return super().get_context_data(
            title=row.name, now=now, **shown(row, found), **kwargs
        )


class HistoryView(StaffPageMixin, TemplateView):
    """Who changed what when."""

    permission = VIEW
    template_name = "capacity/costs/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = calculation_or_404(self.kwargs["pk"])
        return super().get_context_data(
            title=_("History: %(name)s") % {"name": row.name},
            calculation=row,
            changes=changes(row),
            **kwargs,
        )


class ExportView(StaffPageMixin, View):
    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        row = calculation_or_404(pk)
        header = (
            "part", "key", "name", "value", "unit", "low", "high", "origin", "source",
            "date", "live", "formula", "numbers",
        )  # fmt: skip
        return csv_response(f"calculation-{row.pk}", header, _rows(row))


def _rows(row: Calculation) -> Iterator[tuple[Any, ...]]:
    found = selectors.worked(row, timezone.now())
    for each in found.inputs:
        yield (
            "input", each.key, str(phrases.INPUTS[row.kind][each.key]), each.value,
            unit_label(each.definition.unit, row.currency), each.low, each.high,
            each.origin, each.source or each.live_words if each.origin != "DEFAULT"
            else "", each.as_of or "", each.live, "", "",
        )  # fmt: skip
    for line in found.lines:
        yield (
            "line", line.key, line.name, line.number,
            unit_label(line.unit, row.currency), "", "", "", "", "", "", line.words,
            line.numbers,
        )  # fmt: skip
    if found.interval:
        yield (
            "interval", found.result.key, found.result.name, found.worked.value,
            unit_label(found.worked.unit, row.currency), found.interval.low,
            found.interval.high, "", found.interval_words, "", "", "", "",
        )  # fmt: skip
