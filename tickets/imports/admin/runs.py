"""The list of imports, and the addresses of their steps."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from tickets.imports.admin import steps
from tickets.imports.models import ImportRun

State = ImportRun.State


@admin.register(ImportRun)
class ImportRunAdmin(ModelAdmin):
    list_display = (
        "number",
        "source",
        "file_name",
        "shown_state",
        "tickets",
        "rejected",
        "created_by",
        "created_at",
    )
    list_select_related = ("created_by",)
    list_filter = (("state", ChoicesDropdownFilter), ("format", ChoicesDropdownFilter))
    list_filter_submit = True
    list_per_page = 25
    show_full_result_count = False
    ordering = ("-created_at", "-pk")
    search_fields = ("source", "file_name")

    def get_urls(self) -> list[Any]:
        def step(address: str, page: Any, name: str) -> Any:
            view = self.admin_site.admin_view(page.as_view(model_admin=self))
            return path(address, view, name=f"ticket_imports_{name}")

        return [
            step("add/", steps.UploadStep, "importrun_add"),
            step("<int:run_id>/mapping/", steps.MappingStep, "mapping"),
            step("<int:run_id>/start/", steps.StartStep, "start"),
            step("<int:run_id>/progress/", steps.ProgressStep, "progress"),
            step("<int:run_id>/cancel/", steps.CancelStep, "cancel"),
            step("<int:run_id>/report/", steps.ReportStep, "report"),
            step("<int:run_id>/rejects/", steps.RejectsFile, "rejects"),
            step("<int:run_id>/undo/", steps.UndoStep, "undo"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An import has no form to change: go to the step it is at."""
        run = self.get_object(request, object_id)
        if run is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect(steps.address_of(run))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Tickets refer to their import; it is undone, never deleted.
        return False

    @display(description=_("import"), ordering="pk")
    def number(self, run: ImportRun) -> str:
        return f"#{run.pk}"

    @display(
        description=_("state"),
        ordering="state",
        label={
            State.DONE: "success",
            State.FAILED: "danger",
            State.RUNNING: "info",
            State.CANCELLED: "warning",
        },
    )
    def shown_state(self, run: ImportRun) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description=_("tickets"))
    def tickets(self, run: ImportRun) -> Any:
        return run.report.get("tickets", "–")

    @display(description=_("rejected"))
    def rejected(self, run: ImportRun) -> Any:
        return run.report.get("rejected", "–")
