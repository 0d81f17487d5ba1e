"""The triage of one ticket: four questions, a proposal, and its application."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets import selectors, services
from tickets.forms import TriageForm
from tickets.models import Priority, Severity, Ticket
from tickets.services.matrix_values import severity_by_matrix
from tickets.services.triage import explanation, verdict_of
from workforce.people.models import User


class TriagePage(StaffPageMixin, FormView):
    permission = "tickets.work_ticket"
    template_name = "tickets/triage.html"
    form_class = TriageForm
    title: Any = gettext_lazy("Triage")

    @cached_property
    def ticket(self) -> Ticket:
        visible = selectors.tickets_visible_to(self.request.user)
        ticket = visible.filter(pk=self.kwargs["ticket_id"]).first()
        if ticket is None:
            raise Http404(_("There is no such ticket, or you may not see it."))
        return ticket

    def get_initial(self) -> dict[str, Any]:
        ticket = self.ticket
        return {
            "users_affected": ticket.users_affected,
            "impairment": ticket.impairment,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        can_override = self.request.user.has_perm("tickets.triage_ticket")
        return {**super().get_form_kwargs(), "can_override": can_override}

    def form_valid(self, form: TriageForm) -> HttpResponse:
        if self.request.POST.get("step") != "apply":
            return self._show(form, proposal=_proposal(form), status=200)
        try:
            ticket = services.triage_ticket(
                ticket_id=self.ticket.pk,
                at=timezone.now(),
                actor=cast("User", self.request.user),
                answers=form.answers(),
                **form.values(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._show(form, proposal=_proposal(form), status=422)
        messages.success(
            self.request,
            _("Ticket #%(number)d is %(priority)s.")
            % {"number": ticket.pk, "priority": ticket.get_priority_display()},
        )
        return redirect("admin:tickets_ticket_change", ticket.pk)

    def form_invalid(self, form: TriageForm) -> HttpResponse:
        return self._show(form, status=422)

    def _show(self, form: TriageForm, *, status: int, **more: Any) -> HttpResponse:
        context = self.get_context_data(form=form, **more)
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(ticket=self.ticket, **kwargs)


def _proposal(form: TriageForm) -> dict[str, Any]:
    verdict = verdict_of(form.answers())
    values = form.values()
    severity = severity_by_matrix(values["users_affected"], values["impairment"])
    return {
        "priority": Priority(verdict.priority).label,
        "severity": Severity(severity).label if severity else "",
        "why": explanation(verdict),
    }
