"""What self-service is worth: as claimed and as measured, with every line shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.forms.figures import ValueForm
from kb.selectors.figures import holdout, readers, worth
from kb.services import figures as services
from kb.views.acting import actor_of
from kb.views.figures import words
from kb.views.figures.frame import FiguresPage
from kb.views.figures.overview import file_name
from supportops.common.errors import OperationRefused
from supportops.metrics.exports import csv_response

CHANGE = "kb.change_knowledgevalue"


class ValueView(FiguresPage):
    """The seed formula twice: with the claimed rate, and with the measured one."""

    title = _("Value of self-service")
    template_name = "kb/figures/value.html"
    form: ValueForm | None = None

    def answer(self, request: HttpRequest, status: int = 200) -> HttpResponseBase:
        stored = worth.stored_value()
        read = readers.without_ticket(self.window)
        claimed = worth.claimed(self.window, read, stored)
        found = holdout.measured(self.window, read)
        proven = worth.proven(self.window, found, claimed.cost.value)
        if "csv" in request.GET:
            return self._csv(claimed, proven)
        return self.page(
            status=status,
            stored=stored,
            claimed=claimed,
            proven=proven,
            found=found,
            finding=words.heading(found),
            finding_css=words.CHIPS[found.result.finding],
            known=words.known(found),
            example=worth.example(),
            example_inputs=(
                worth.EXAMPLE_VISITS, worth.EXAMPLE_RATE, worth.EXAMPLE_COST,
            ),
            form=self.form or ValueForm.of(stored),
            may_change=request.user.has_perm(CHANGE),
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(CHANGE):
            self.raise_exception = True
            return self.handle_no_permission()
        form = ValueForm(request.POST)
        if not form.is_valid():
            return self._again(request, form, 422)
        try:
            services.save_value(
                actor=actor_of(request), at=timezone.now(), **form.values
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._again(request, form, 409)
        return redirect(request.get_full_path())

    def _again(
        self, request: HttpRequest, form: ValueForm, status: int
    ) -> HttpResponseBase:
        self.form = form
        response = self.get(request)
        if isinstance(response, HttpResponse):
            response.status_code = status
        return response

    def _csv(
        self, claimed: worth.Claimed, proven: worth.Proven | None
    ) -> HttpResponseBase:
        header = ("figure", "visits", "rate", "cost", "deflected", "saved")
        cost = claimed.cost.value
        rows: list[tuple[Any, ...]] = [
            ("claimed", claimed.visits.value, claimed.rate.value, cost,
             claimed.worked.deflected, claimed.worked.saved),
        ]  # fmt: skip
        if proven:
            rows += [
                (name, proven.visits, proven.rate, cost, each.deflected, each.saved)
                for name, each in (
                    ("measured", proven.worked),
                    ("measured, low", proven.low),
                    ("measured, high", proven.high),
                )
            ]
        return csv_response(file_name("value", self.window), header, rows)
