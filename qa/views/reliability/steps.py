"""What is done on the page of reliability: compute, certify, withdraw, change a rubric."""

from abc import ABC, abstractmethod
from datetime import UTC
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView

from qa.models import Certification, RubricChange, Scorecard
from qa.selectors import reliability as selectors
from qa.services import certification, rubric
from qa.services.reliability import RELIABILITY_JOB
from qa.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.jobs.services import enqueue_job
from workforce.people.models import User


class NothingComputed(OperationRefused):
    code = "nothing_computed"


class NotThere(OperationRefused):
    code = "not_there"


class ReliabilityStep(StaffPageMixin, View, ABC):
    """A POST that names its scorecard; a refusal is shown on the page."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        card = get_object_or_404(Scorecard, pk=self.number("scorecard"))
        try:
            messages.success(request, self.act(card))
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{reverse('qa:reliability')}?scorecard={card.pk}")

    def number(self, name: str) -> int:
        text = self.request.POST.get(name, "")
        if not text.isdecimal() or len(text) > 9:
            raise Http404
        return int(text)

    @abstractmethod
    def act(self, card: Scorecard) -> str:
        """Do the step and return what to say about it."""


class ComputeView(ReliabilityStep):
    permission = "qa.change_certification"

    def act(self, card: Scorecard) -> str:
        enqueue_job(
            kind=RELIABILITY_JOB,
            title=_("Compute agreement and severity of reviewers"),
            params={},
            actor=actor_of(self.request),
            at=timezone.now(),
        )
        return _("The figures are computed in the background. Reload in a moment.")


class CertifyView(ReliabilityStep):
    permission = "qa.change_certification"

    def act(self, card: Scorecard) -> str:
        person = User.objects.filter(pk=self.number("reviewer")).first()
        if person is None:
            raise NotThere(_("This person is not here any more. Choose another."))
        certification.grant(
            scorecard_id=card.pk,
            reviewer=person,
            actor=actor_of(self.request),
            at=timezone.now(),
        )
        return _("%(name)s is certified.") % {"name": person}


class RevokeView(ReliabilityStep):
    permission = "qa.change_certification"

    def act(self, card: Scorecard) -> str:
        number = self.number("certificate")
        held = Certification.objects.filter(pk=number).first()
        if held is None:
            raise NotThere(_("There is no such certificate any more."))
        ended = certification.revoke(
            certification_id=held.pk,
            actor=actor_of(self.request),
            reason=self.request.POST.get("reason", ""),
            at=timezone.now(),
        )
        return _("The certificate of %(name)s is withdrawn.") % {"name": ended.reviewer}


class UnclearView(ReliabilityStep):
    """Open a change of a criterion that cannot be scored, with its disputed tickets."""

    permission = "qa.facilitate_calibration"

    def act(self, card: Scorecard) -> str:
        key = self.request.POST.get("criterion", "")
        figures = [
            row
            for row in selectors.newest_figures(card.pk)
            if row.criterion_key == key and row.method == row.Method.ALPHA_ORDINAL
        ]
        if not figures:
            raise NothingComputed(
                _("No figure is computed for “%(key)s” yet. Compute the figures first.")
                % {"key": key}
            )
        (figure,) = figures
        tickets = selectors.disputed_tickets(
            card.pk, key, figure.starts_on, figure.ends_on
        )
        rubric.open_change(
            scorecard_id=card.pk,
            criterion_key=key,
            text=_(
                "Reviewers do not agree on this criterion as it is written: alpha "
                "%(value)s, 95 %% interval %(low)s to %(high)s, on %(tickets)d tickets "
                "until %(day)s."
            )
            % {
                "value": _two(figure.value),
                "low": _two(figure.low),
                "high": _two(figure.high),
                "tickets": figure.tickets,
                "day": figure.ends_on,
            },
            ticket_ids=tickets,
            actor=actor_of(self.request),
            at=timezone.now().astimezone(UTC),
        )
        return _("A change of the rubric is open, with %(count)d disputed tickets.") % {
            "count": len(tickets)
        }


class SettlementForm(forms.Form):
    is_done = forms.TypedChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            ("1", gettext_lazy("The rubric was changed")),
            ("0", gettext_lazy("It stays as it is")),
        ],
        coerce=lambda value: value == "1",
        widget=forms.Select(attrs={"class": "sla-input"}),
    )
    settlement = forms.CharField(
        label=gettext_lazy("What was done, or why nothing is"),
        widget=forms.Textarea(attrs={"class": "sla-input", "rows": 4}),
    )


class RubricChangeView(StaffPageMixin, FormView):
    """Settle a change of rubric."""

    permission = "qa.change_rubricchange"
    title = gettext_lazy("Settle a change of the rubric")
    template_name = "qa/reliability/rubric_change.html"
    form_class = SettlementForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = get_object_or_404(
            RubricChange.objects.select_related("scorecard"), pk=self.kwargs["pk"]
        )
        return super().get_context_data(
            change=change, tickets=change.tickets.order_by("pk"), **kwargs
        )

    def form_valid(self, form: SettlementForm) -> HttpResponse:
        change = get_object_or_404(RubricChange, pk=self.kwargs["pk"])
        try:
            rubric.settle_change(
                change_id=change.pk,
                is_done=form.cleaned_data["is_done"],
                settlement=form.cleaned_data["settlement"],
                actor=actor_of(self.request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, _("The change is settled."))
        return redirect("admin:qa_rubricchange_changelist")


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
