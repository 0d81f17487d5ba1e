"""The four steps of one import: file, mapping, progress, report; and its undoing."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from supportops.common.errors import OperationRefused
from tickets.imports import services
from tickets.imports.core.facts import NONE
from tickets.imports.core.mapping import KNOWN_KEYS
from tickets.imports.forms import MappingForm, UploadForm, mapping_text
from tickets.imports.models import ImportRun
from tickets.imports.selectors import undo_plan
from workforce.people.models import User

State = ImportRun.State
_STEPS: dict[str, str] = {
    State.UPLOADED: "mapping",
    State.RUNNING: "progress",
}


def address_of(run: ImportRun) -> str:
    """Where a run is shown: the step it has reached."""
    return reverse(
        f"admin:ticket_imports_{_STEPS.get(run.state, 'report')}", args=[run.pk]
    )


class Step(UnfoldModelAdminViewMixin, TemplateView):
    """A page about one import, or about one to be begun."""

    title = _("Import")
    permission_required: Any = "ticket_imports.add_importrun"
    raise_exception = True

    def get_run(self) -> ImportRun:
        runs = ImportRun.objects.select_related("job", "created_by")
        return get_object_or_404(runs, pk=self.kwargs["run_id"])

    def person(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 -- the permission check came first
        return user

    def back_with(self, refusal: OperationRefused, run: ImportRun) -> HttpResponse:
        messages.error(self.request, refusal.message)
        return redirect(address_of(run))


class UploadStep(Step):
    template_name = "ticket_imports/upload.html"
    title = _("Import a ticket history")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", UploadForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        told = form.cleaned_data
        run = services.keep_upload(
            chunks=told["file"].chunks(),
            file_name=told["file"].name,
            source=told["source"],
            format=told["format"],
            mapping=form.mapping(),
            time_zone="",
            actor=self.person(),
            at=timezone.now(),
        )
        return redirect("admin:ticket_imports_mapping", run.pk)


class MappingStep(Step):
    template_name = "ticket_imports/mapping.html"
    title = _("How the file is read")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        if run.state in {State.RUNNING, State.DONE, State.UNDONE}:
            return redirect(address_of(run))
        return self._page(run, self._form(run))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was typed, then show how the file reads with it."""
        run = self.get_run()
        form = MappingForm(request.POST)
        if not form.is_valid():
            return self._page(run, form, status=422)
        try:
            services.settle_mapping(
                run_id=run.pk,
                mapping=form.cleaned_data["mapping"],
                time_zone=form.cleaned_data["time_zone"],
            )
        except services.ImportStarted as refusal:
            return self.back_with(refusal, run)
        except OperationRefused as refusal:
            form.add_error("mapping", refusal.message)
            return self._page(run, form, status=422)
        return redirect("admin:ticket_imports_mapping", run.pk)

    @staticmethod
    def _form(run: ImportRun) -> MappingForm:
        told = {"mapping": mapping_text(run.mapping), "time_zone": run.time_zone}
        return MappingForm(initial=told)

    def _page(
        self, run: ImportRun, form: MappingForm, status: int = 200
    ) -> HttpResponse:
        if run.format != ImportRun.Format.CSV:
            form.fields["mapping"].widget = form.fields["mapping"].hidden_widget()
        preview = None
        if not form.errors:
            try:
                preview = services.preview(services.source_of(run))
            except OperationRefused as refusal:
                preview = services.Preview(problem=refusal.message)
        return self.render_to_response(
            self.get_context_data(
                run=run,
                form=form,
                preview=preview,
                keys=KNOWN_KEYS,
                size=_size_of(run),
            ),
            status=status,
        )


class StartStep(Step):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        try:
            services.start_import(run_id=run.pk, actor=self.person(), at=timezone.now())
        except OperationRefused as refusal:
            return self.back_with(refusal, run)
        return redirect("admin:ticket_imports_progress", run.pk)


class ProgressStep(Step):
    template_name = "ticket_imports/progress.html"
    title = _("Import under way")
    permission_required = "ticket_imports.view_importrun"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        if run.state != State.RUNNING:
            return self._leave(run)
        return self.render_to_response(self.get_context_data(run=run, job=run.job))

    def _leave(self, run: ImportRun) -> HttpResponse:
        """Go on to the report; htmx, which asks every two seconds, by its own header."""
        if self.request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address_of(run)})
        return redirect(address_of(run))


class CancelStep(Step):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        try:
            services.cancel_import(run_id=run.pk, at=timezone.now())
        except OperationRefused as refusal:
            return self.back_with(refusal, run)
        run.refresh_from_db()
        return redirect(address_of(run))


class ReportStep(Step):
    template_name = "ticket_imports/report.html"
    title = _("Report of the import")
    permission_required = "ticket_imports.view_importrun"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        if run.state in _STEPS:
            return redirect(address_of(run))
        facts = run.report.get("facts", {})
        return self.render_to_response(
            self.get_context_data(
                run=run,
                report=run.report,
                facts=facts,
                first_at=_moment(facts.get("first_at")),
                last_at=_moment(facts.get("last_at")),
                no_priority=facts.get("by_priority", {}).get(NONE, 0),
                is_done=run.state == State.DONE,
                arrivals=bars(run.arrivals),
                statuses=bars(facts.get("by_status", {})),
                priorities=bars(facts.get("by_priority", {})),
                hands=_hands(facts),
                can_undo=request.user.has_perm("ticket_imports.delete_importrun")
                and run.state != State.UNDONE,
                can_start=run.state in {State.FAILED, State.CANCELLED}
                and run.job_id is not None,
            )
        )


class RejectsFile(Step):
    permission_required = "ticket_imports.view_importrun"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        run = self.get_run()
        path = Path(run.rejects_path) if run.rejects_path else None
        if path is None or not path.is_file():
            raise Http404
        return FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename=f"rejects-{run.source}-{run.pk}.csv",
            content_type="text/csv; charset=utf-8",
        )


class UndoStep(Step):
    template_name = "ticket_imports/undo.html"
    title = _("Undo this import")
    permission_required = "ticket_imports.delete_importrun"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        if run.state in {*_STEPS, State.UNDONE}:
            return redirect(address_of(run))
        return self.render_to_response(
            self.get_context_data(run=run, plan=undo_plan(run))
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.get_run()
        try:
            services.start_undo(run_id=run.pk, actor=self.person(), at=timezone.now())
        except OperationRefused as refusal:
            return self.back_with(refusal, run)
        messages.info(request, _("The import is being undone."))
        return redirect("admin:ticket_imports_report", run.pk)


def bars(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Rows of a bar chart: label, count, and the share of the longest bar in percent."""
    top = max(counts.values(), default=0) or 1
    return [
        {"label": label, "count": count, "percent": round(100 * count / top, 1)}
        for label, count in counts.items()
    ]


def _hands(facts: dict[str, Any]) -> list[dict[str, Any]]:
    handoffs, returns = facts.get("handoffs", {}), facts.get("ping_pongs", {})
    return [
        {"name": name, "count": count, "returns": returns.get(name, {})}
        for name, count in handoffs.items()
    ]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _size_of(run: ImportRun) -> int | None:
    path = Path(run.path)
    return path.stat().st_size if path.is_file() else None
