"""The priority and the severity matrix, each edited as one grid."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from unfold.admin import ModelAdmin

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets import selectors, services
from tickets.admin.triage_page import TriagePage
from tickets.forms import MatrixForm
from tickets.models import (
    Impact,
    Impairment,
    Priority,
    PriorityRule,
    Severity,
    SeverityRule,
    Urgency,
    UsersAffected,
)

Cells = dict[tuple[str, str], str]


class MatrixPage(StaffPageMixin, FormView):
    """A grid of selects, saved at once, with its latest changes beneath."""

    form_class = MatrixForm
    template_name = "tickets/matrix.html"
    intro: Any = ""
    row_heading: Any = ""
    model: type[PriorityRule] | type[SeverityRule]
    names: tuple[str, str, str]
    rows: type[TextChoices]
    columns: type[TextChoices]
    values: type[TextChoices]
    save: Callable[..., int]

    @property
    def can_change(self) -> bool:
        name = self.model._meta.model_name  # noqa: SLF001 -- Django's documented API
        return self.request.user.has_perm(f"tickets.change_{name}")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "rows": self.rows.choices,
            "columns": self.columns.choices,
            "choices": self.values.choices,
            "cells": selectors.matrix_cells(self.model, self.names),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.can_change:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: MatrixForm) -> HttpResponse:
        try:
            count = type(self).save(
                cells=form.cells(),
                actor=self.request.user,
                reason=form.cleaned_data["reason"],
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            ngettext("%(count)d cell changed.", "%(count)d cells changed.", count)
            % {"count": count},
        )
        return redirect(self.request.path)

    def form_invalid(self, form: MatrixForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            intro=self.intro,
            row_heading=self.row_heading,
            columns=self.columns.choices,
            can_change=self.can_change,
            changes=[
                {
                    "change": row,
                    "row": self.rows(getattr(row, self.names[0])).label,
                    "column": self.columns(getattr(row, self.names[1])).label,
                    "value": self.values(getattr(row, self.names[2])).label,
                }
                for row in selectors.latest_cell_changes(self.model)
            ],
            **kwargs,
        )


class PriorityMatrixPage(MatrixPage):
    permission = "tickets.view_priorityrule"
    title: Any = _("Priority matrix")
    intro = _(
        "Impact × urgency gives a ticket its priority. Tickets that have one keep it. "
        "Whoever sets another one gives a reason."
    )
    row_heading = _("Impact")
    model = PriorityRule
    names = ("impact", "urgency", "priority")
    rows, columns, values = Impact, Urgency, Priority
    save = staticmethod(services.save_priority_matrix)


class SeverityMatrixPage(MatrixPage):
    permission = "tickets.view_severityrule"
    title: Any = _("Severity matrix")
    intro = _(
        "Users affected × impairment gives a ticket its severity. Tickets that have "
        "one keep it. Whoever sets another one gives a reason."
    )
    row_heading = _("Users affected")
    model = SeverityRule
    names = ("users_affected", "impairment", "severity")
    rows, columns, values = UsersAffected, Impairment, Severity
    save = staticmethod(services.save_severity_matrix)


class GridAdmin(ModelAdmin):
    """The list of rules is the grid; there is no page for a single cell."""

    page: type[MatrixPage]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return self.page.as_view()(request)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        name = self.opts.model_name
        return redirect(f"admin:tickets_{name}_changelist")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PriorityRule)
class PriorityRuleAdmin(GridAdmin):
    page = PriorityMatrixPage

    def get_urls(self) -> list[Any]:
        triage = self.admin_site.admin_view(TriagePage.as_view())
        return [
            path("triage/<int:ticket_id>/", triage, name="tickets_triage"),
            *super().get_urls(),
        ]


@admin.register(SeverityRule)
class SeverityRuleAdmin(GridAdmin):
    page = SeverityMatrixPage
