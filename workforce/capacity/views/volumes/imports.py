"""Imports of volumes: upload, mapping, progress and report, undo."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.core.volumes.csv_columns import guess_delimiter
from workforce.capacity.core.volumes.csv_grid import Refused
from workforce.capacity.forms.volumes import MappingForm, UploadForm
from workforce.capacity.models import VolumeImport
from workforce.capacity.selectors.volume_imports import (
    FileUnreadable,
    Preview,
    headers_of,
    imports_visible_to,
    preview,
    text_of,
)
from workforce.capacity.services.volumes import imports
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.volumes.refusals import reason, shown_refusals

SEE, ADD = "capacity.view_volumeimport", "capacity.add_volumeimport"
State = VolumeImport.State
PAGE_SIZE = 25


def import_or_404(request: HttpRequest, pk: int) -> VolumeImport:
    return get_object_or_404(imports_visible_to(actor_of(request)), pk=pk)


class ImportsView(StaffPageMixin, TemplateView):
    """Every import, and the way to a new one."""

    permission = SEE
    title = gettext_lazy("Imports of volumes")
    template_name = "capacity/volumes/imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = imports_visible_to(actor_of(self.request))
        kwargs.setdefault("form", UploadForm())
        return super().get_context_data(
            page=Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")),
            may_import=self.request.user.has_perm(ADD),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(ADD):
            self.raise_exception = True
            return self.handle_no_permission()  # type: ignore[return-value]
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                run = imports.keep_upload(
                    content=form.cleaned_data["file"].read(),
                    file_name=form.cleaned_data["file"].name,
                    time_zone=form.cleaned_data["time_zone"],
                    actor=actor_of(request),
                    at=timezone.now(),
                )
                return redirect("capacity:volume-import-mapping", run.pk)
            except FileUnreadable as refusal:
                form.add_error("file", refusal.message)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class MappingView(StaffPageMixin, TemplateView):
    """How the file is read, with its first rows."""

    permission = ADD
    title = gettext_lazy("How the file is read")
    template_name = "capacity/volumes/mapping.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = import_or_404(request, pk)
        if run.state not in {State.WAITING, State.FAILED}:
            return redirect("capacity:volume-import", pk)
        return self._page(run)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what was chosen; start when asked to, else show how the file reads now."""
        run = import_or_404(request, pk)
        found, _problem = _previewed(run)
        form = MappingForm(run, found, request.POST)
        if not form.is_valid():
            return self._page(run, form, status=422)
        try:
            imports.settle_mapping(
                import_id=run.pk,
                mapping=form.mapping(),
                time_zone=form.cleaned_data["time_zone"],
            )
            if "go" in request.POST:
                imports.import_volumes(
                    import_id=run.pk, actor=actor_of(request), at=timezone.now()
                )
                return redirect("capacity:volume-import", pk)
        except OperationRefused as refusal:
            messages.warning(request, refusal.message)
        return redirect("capacity:volume-import-mapping", pk)

    def _page(
        self, run: VolumeImport, form: MappingForm | None = None, status: int = 200
    ) -> HttpResponse:
        found, problem = _previewed(run)
        return self.render_to_response(
            self.get_context_data(
                run=run,
                preview=found,
                problem=problem,
                form=form or MappingForm(run, found),
                refused=shown_refusals(found.refused),
            ),
            status=status,
        )


def _previewed(run: VolumeImport) -> tuple[Preview, str]:
    """The preview, or the headers alone with what is wrong."""
    try:
        return preview(run), ""
    except FileUnreadable as refusal:
        return Preview(_headers(run), [], 0, [], []), refusal.message


def _headers(run: VolumeImport) -> list[str]:
    """The file's headers; those of the mapping when the file is gone."""
    try:
        text = text_of(run)
        return headers_of(text, guess_delimiter(text))
    except FileUnreadable:
        return sorted(set(run.mapping["columns"].values()))


class ImportView(StaffPageMixin, TemplateView):
    """How far an import is, or what came of it."""

    permission = SEE
    template_name = "capacity/volumes/import.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = import_or_404(request, pk)
        if run.state == State.WAITING:
            return redirect("capacity:volume-import-mapping", pk)
        may_import = request.user.has_perm(ADD)
        return self.render_to_response(
            self.get_context_data(
                run=run,
                # The frame writes titles with a capital; a file name keeps its own.
                title=_("Import of %(file)s") % {"file": run.file_name},
                job=run.job,
                refused=shown_refusals(_refused(run)),
                may_undo=may_import and run.state in {State.DONE, State.FAILED},
                may_start=may_import and run.state == State.FAILED,
            )
        )


def _refused(run: VolumeImport) -> list[Refused]:
    return [Refused(**row) for row in run.refusals]


class ImportActionView(StaffPageMixin, View):
    """Cancel or undo an import."""

    permission = ADD
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        run = import_or_404(request, pk)
        try:
            if action == "cancel":
                imports.cancel_import(import_id=run.pk, at=timezone.now())
            else:
                imports.start_undo(
                    import_id=run.pk, actor=actor_of(request), at=timezone.now()
                )
        except OperationRefused as refusal:
            messages.warning(request, refusal.message)
        return redirect("capacity:volume-import", pk)


class RefusalsCsvView(StaffPageMixin, View):
    """Every refused row with its reason."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run = import_or_404(request, pk)
        rows = (
            (line, row.code, reason(row))
            for row in _refused(run)
            for line in range(row.first, row.last + 1)
        )
        return csv_response(f"refused-{pk}", ("line", "code", "reason"), rows)


class TemplateCsvView(StaffPageMixin, View):
    """A file to start from, with every column that is read."""

    permission = ADD

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        header = (
            "queue", "channel", "start", "offered", "handled", "abandoned",
            "handle_seconds", "backlog",
        )  # fmt: skip
        return csv_response("volumes-template", header, _examples())


def _examples() -> Iterator[tuple[Any, ...]]:
    yield "Care", "phone", "2026-03-02 09:00", 42, 40, 2, 12_800, 0
    yield "Care", "phone", "2026-03-02 09:30", 51, 47, 3, 14_950, 1
