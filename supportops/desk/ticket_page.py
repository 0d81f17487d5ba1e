"""The ticket page: who is this, what was said, what is promised, what now?"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from qa.models import Review
from qa.selectors.reviews import reviews_visible_to
from sla.selectors.clocks import clocks_of_ticket
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.desk.articles import first_reply
from supportops.desk.forms import NewTicketForm
from supportops.desk.ledger import shown_rows
from supportops.desk.promises import time_left, tone
from supportops.desk.timeline import PAUSES, folded
from supportops.desk.verbs import VERBS, Verb, fits
from tickets import selectors, services
from tickets.models import Ticket

RECENT = 6


class TicketPage(StaffPageMixin, TemplateView):
    """Shows one ticket and does one verb per POST; a refusal keeps what was typed."""

    permission = "tickets.view_ticket"
    template_name = "desk/ticket.html"

    @cached_property
    def ticket(self) -> Ticket:
        visible = selectors.tickets_visible_to(self.request.user).select_related(
            "status",
            "channel",
            "organisation__tier",
            "organisation__csm",
            "organisation__region",
            "requester__organisation",
            "assignee",
            "team",
            "category",
            "product_area",
            "merged_into",
        )
        return get_object_or_404(visible, pk=self.kwargs["ticket_id"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        verb = VERBS.get(request.POST.get("verb", ""))
        if verb is None or not request.user.has_perm(verb.permission):
            raise PermissionDenied
        form = self._form(verb, request.POST)
        if not form.is_valid():
            return self._again(verb, form)
        try:
            verb.service(
                ticket_id=self.ticket.pk,
                at=timezone.now(),
                actor=request.user,
                **form.cleaned_data,
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._again(verb, form)
        messages.success(request, verb.done)
        return self._after()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket, now = self.ticket, timezone.now()
        clocks = [
            {
                "clock": entry.clock,
                "rows": shown_rows(entry.ledger) if entry.ledger else [],
                "left": time_left(entry.clock, now),
                "percent": min(100, round(100 * (entry.share or 0))),
                "tone": tone(entry.share, paused=entry.clock.state == "paused"),
                "is_past": bool(entry.clock.due_at and entry.clock.due_at <= now),
            }
            for entry in clocks_of_ticket(ticket=ticket, at=now)
        ]
        pause = selectors.pause_in_force(ticket) if ticket.is_open else None
        bound = kwargs.pop("bound", None)
        return super().get_context_data(
            title=f"#{ticket.pk} {ticket.subject}",
            ticket=ticket,
            timeline=folded(selectors.conversation(ticket), selectors.status_names()),
            pause=pause,
            pause_kind=PAUSES.get(pause.to_value, pause.to_value) if pause else "",
            clocks=clocks,
            actions=self._actions(bound, is_paused=pause is not None),
            recent=self._recent(),
            reviews=self._reviews(),
            **kwargs,
        )

    def _after(self) -> HttpResponse:
        """Show the ticket again, or the list when it has left this person's sight."""
        visible = selectors.tickets_visible_to(self.request.user)
        if visible.filter(pk=self.ticket.pk).exists():
            return redirect(self.request.path)
        messages.info(
            self.request,
            _("Ticket #%(number)d is no longer yours to see.")
            % {"number": self.ticket.pk},
        )
        return redirect("admin:tickets_ticket_changelist")

    def _form(self, verb: Verb, data: Any = None) -> forms.Form:
        extra: dict[str, Any] = {"ticket": self.ticket} if verb.takes_ticket else {}
        if verb.name == "reply" and "insert" in self.request.GET:
            extra["initial"] = {"body": first_reply(self.request, self.ticket)}
        return verb.form(data, prefix=None, auto_id=f"id_{verb.name}_%s", **extra)

    def _actions(
        self, bound: tuple[str, forms.Form] | None, *, is_paused: bool
    ) -> dict[str, Any]:
        """Return the verbs this person may do here, each with its form.

        One that was just refused stays, so that its reason is read beside it.
        """
        user = self.request.user
        shown = {}
        for verb in VERBS.values():
            is_bound = bound is not None and bound[0] == verb.name
            is_fit = is_bound or fits(verb, self.ticket, is_paused=is_paused)
            if is_fit and user.has_perm(verb.permission):
                form = bound[1] if bound and is_bound else self._form(verb)
                shown[verb.name] = {"verb": verb, "form": form, "is_open": is_bound}
        return shown

    def _again(self, verb: Verb, form: forms.Form) -> HttpResponse:
        context = self.get_context_data(bound=(verb.name, form))
        return self.render_to_response(context, status=422)

    def _recent(self) -> list[Ticket]:
        """Other tickets of the same person, or else of the same organisation."""
        ticket = self.ticket
        others = selectors.tickets_visible_to(self.request.user).exclude(pk=ticket.pk)
        if ticket.requester_id:
            others = others.filter(requester=ticket.requester_id)
        elif ticket.organisation_id:
            others = others.filter(organisation=ticket.organisation_id)
        else:
            return []
        return list(
            others.select_related("status").order_by("-created_at", "-pk")[:RECENT]
        )

    def _reviews(self) -> list[Review]:
        """Reviews of this ticket that this person may read, the newest first."""
        user = self.request.user
        if not user.has_perm("qa.view_review"):
            return []
        return list(
            reviews_visible_to(user)
            .filter(ticket=self.ticket, is_current=True)
            .exclude(state=Review.State.SKIPPED)
            .select_related("agent", "reviewer")
            .order_by("-started_at", "-pk")[:RECENT]
        )


class NewTicketPage(StaffPageMixin, FormView):
    """A ticket that somebody reports by phone or in person."""

    permission = "tickets.work_ticket"
    template_name = "desk/new_ticket.html"
    form_class = NewTicketForm
    title = gettext_lazy("New ticket")

    def form_valid(self, form: NewTicketForm) -> HttpResponse:
        fields = dict(form.cleaned_data)
        email = fields.pop("requester_email")
        try:
            ticket = services.open_ticket(
                at=timezone.now(),
                actor=self.request.user,
                requester=services.contact_for_address(email=email),
                **fields,
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request, _("Ticket #%(number)d is open.") % {"number": ticket.pk}
        )
        return redirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]))

    def form_invalid(self, form: NewTicketForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
