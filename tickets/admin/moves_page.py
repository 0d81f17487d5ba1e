"""The page that says which status may follow which, all moves in one table."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets import selectors, services
from tickets.forms import ReasonForm
from tickets.models import Status
from tickets.services.vocabulary import refuse_dead_ends
from workforce.people.models import User

Move = tuple[str, str]
ARROW = ">"


class StatusMovesPage(StaffPageMixin, TemplateView):
    """Show the table, preview what a change forbids, save it."""

    permission = "tickets.view_statusmove"
    change_permission = "tickets.change_statusmove"
    template_name = "tickets/status_moves.html"
    title: Any = gettext_lazy("Allowed moves")

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(self.change_permission):
            raise PermissionDenied
        chosen = _chosen(request)
        form = ReasonForm(request.POST)
        if request.POST.get("step") != "save" or not form.is_valid():
            return self._preview(chosen, form)
        try:
            saved = services.save_status_moves(
                allowed=chosen,
                actor=cast("User", request.user),
                reason=form.cleaned_data["reason"],
            )
        except OperationRefused as refusal:
            return self._again(chosen, form, refusal=str(refusal))
        count = len(saved.added) + len(saved.removed)
        messages.success(
            request,
            ngettext("%(count)d move changed.", "%(count)d moves changed.", count)
            % {"count": count},
        )
        return redirect("admin:tickets_status_moves")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        statuses = selectors.statuses_in_order()
        allowed = kwargs.pop("chosen", None)
        if allowed is None:
            allowed = selectors.allowed_moves()
        return super().get_context_data(
            statuses=statuses,
            table=_table(statuses, allowed),
            can_change=self.request.user.has_perm(self.change_permission),
            changes=selectors.latest_move_changes(),
            **{"form": ReasonForm(), **kwargs},
        )

    def _preview(self, chosen: set[Move], form: ReasonForm) -> HttpResponse:
        try:
            refuse_dead_ends(selectors.statuses_in_order(), chosen)
        except OperationRefused as refusal:
            return self._again(chosen, form, refusal=str(refusal))
        preview = selectors.moves_preview(chosen)
        return self._again(chosen, form, preview=preview, status=200)

    def _again(
        self, chosen: set[Move], form: ReasonForm, *, status: int = 422, **more: Any
    ) -> HttpResponse:
        context = self.get_context_data(chosen=chosen, form=form, **more)
        return self.render_to_response(context, status=status)


def _chosen(request: HttpRequest) -> set[Move]:
    pairs = (value.partition(ARROW) for value in request.POST.getlist("move"))
    return {(source, target) for source, _arrow, target in pairs}


def _table(statuses: list[Status], allowed: set[Move]) -> list[dict[str, Any]]:
    return [
        {
            "source": source,
            "cells": [
                {
                    "value": f"{source.code}{ARROW}{target.code}",
                    "label": _("%(source)s → %(target)s")
                    % {"source": source.name, "target": target.name},
                    "target": target,
                    "is_same": source.pk == target.pk,
                    "is_allowed": (source.code, target.code) in allowed,
                }
                for target in statuses
            ],
        }
        for source in statuses
    ]
