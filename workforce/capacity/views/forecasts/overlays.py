"""Overlays of one's own: save one, delete one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.capacity.forms.forecasts import OverlayForm
from workforce.capacity.selectors.forecasts.scenarios import overlays_of
from workforce.capacity.services import forecasting
from workforce.capacity.views.forecasts import actor_of, queue_or_404


class SaveOverlayView(StaffPageMixin, View):
    """Save an overlay, and show it laid over this queue's forecast."""

    permission = "capacity.add_overlay"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue = queue_or_404(request, pk)
        address = reverse("capacity:forecast", args=[pk])
        form = OverlayForm(request.POST)
        if not form.is_valid():
            for name, errors in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                messages.warning(request, f"{label} {' '.join(errors)}".strip())
            return redirect(f"{address}#overlays")
        given = dict(form.cleaned_data)
        is_for_all = given.pop("is_for_all")
        try:
            overlay = forecasting.save_overlay(
                **given,
                queue=None if is_for_all else queue,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect(f"{address}#overlays")
        messages.success(
            request, _("“%(name)s” is saved and laid over.") % {"name": overlay.name}
        )
        return redirect(f"{address}?{urlencode({'overlay': overlay.pk})}#overlays")


class DeleteOverlayView(StaffPageMixin, View):
    permission = "capacity.delete_overlay"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, overlay: int) -> HttpResponse:
        queue = queue_or_404(request, pk)
        row = get_object_or_404(overlays_of(queue), pk=overlay)
        try:
            forecasting.delete_overlay(overlay_id=row.pk, actor=actor_of(request))
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": row.name})
        return redirect("capacity:forecast", pk)
