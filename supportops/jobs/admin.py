"""Background work in the admin: the list, one job's page, progress, cancel."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from supportops.common.errors import OperationRefused
from supportops.common.templatetags.times import relative
from supportops.jobs import selectors, services
from supportops.jobs.models import Job

CHIP = {
    Job.State.QUEUED: "idle",
    Job.State.RUNNING: "watch",
    Job.State.DONE: "ok",
    Job.State.FAILED: "late",
    Job.State.CANCELLED: "idle",
}


@admin.register(Job)
class JobAdmin(ModelAdmin):
    list_display = ("title", "shown_state", "progress", "created_by", "asked", "took")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_filter_sheet = True
    search_fields = ("title", "kind")
    ordering = ("-created_at", "-pk")
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return selectors.jobs_visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:job_id>/progress/",
                wrap(require_safe(self.progress_view)),
                name="jobs_job_progress",
            ),
            path(
                "<int:job_id>/cancel/",
                wrap(require_POST(self.cancel_view)),
                name="jobs_job_cancel",
            ),
            path(
                "<int:job_id>/change/",
                wrap(require_safe(self.job_view)),
                name="jobs_job_change",
            ),
            *super().get_urls(),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Everybody on the staff sees the jobs they asked for; leads see all."""
        if obj is None or request.user.has_perm("jobs.view_job"):
            return request.user.is_active and request.user.is_staff
        return obj.created_by_id == request.user.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Job | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Job | None = None
    ) -> bool:
        return False

    # -- pages --------------------------------------------------------------------

    def job_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """One job: how far it is, and what came of it."""
        job = self._visible(request, job_id)
        return TemplateResponse(
            request,
            "jobs/job.html",
            {
                **self.admin_site.each_context(request),
                **progress_context(job),
                "title": job.title,
                "result": [(name, _shown(job.result[name])) for name in job.result],
                "list_url": reverse("admin:jobs_job_changelist"),
            },
        )

    def progress_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """The fragment that replaces itself until the job has ended."""
        job = self._visible(request, job_id)
        response = TemplateResponse(
            request, "jobs/progress.html", progress_context(job)
        )
        if not job.is_open:
            # Pages that show results listen for it (htmx: hx-trigger="jobEnded from:body").
            response.headers["HX-Trigger"] = "jobEnded"
        return response

    def cancel_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """Ask the job to stop; by htmx answer with the fragment."""
        job = self._visible(request, job_id)
        if not may_cancel(request, job):
            raise PermissionDenied
        refusal = ""
        try:
            services.request_cancel(job_id=job.pk, at=timezone.now())
        except OperationRefused as error:
            refusal = str(error)
        if request.headers.get("HX-Request"):
            job.refresh_from_db()
            context = {**progress_context(job), "refusal": refusal}
            return TemplateResponse(request, "jobs/progress.html", context)
        if refusal:
            messages.warning(request, refusal)
        else:
            messages.info(request, _("The work stops at its next step."))
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job.pk]))

    def _visible(self, request: HttpRequest, job_id: int) -> Job:
        return get_object_or_404(self.get_queryset(request), pk=job_id)

    # -- columns ------------------------------------------------------------------

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def shown_state(self, job: Job) -> SafeString:
        chip = CHIP[Job.State(job.state)]
        return format_html(
            '<span class="so-chip {}">{}</span>', chip, job.get_state_display()
        )

    @admin.display(description=gettext_lazy("Progress"))
    def progress(self, job: Job) -> str:
        if job.percent is not None:
            return _("%(percent)d %%") % {"percent": job.percent}
        return str(job.done) if job.done else "–"

    @admin.display(description=gettext_lazy("Asked"), ordering="created_at")
    def asked(self, job: Job) -> Any:
        return relative(job.created_at)

    @admin.display(description=gettext_lazy("Took"))
    def took(self, job: Job) -> str:
        if job.started_at is None or job.finished_at is None:
            return "–"
        seconds = (job.finished_at - job.started_at).total_seconds()
        return _("%(seconds).1f s") % {"seconds": seconds}


def _shown(value: Any) -> str:
    """A result's value as text; what is nested as JSON."""
    if not isinstance(value, list | dict):
        return str(value)
    return json.dumps(value, indent=1, ensure_ascii=False) if value else "–"


def may_cancel(request: HttpRequest, job: Job) -> bool:
    """Whoever asked for the work may stop it, and who may change every job."""
    return job.created_by_id == request.user.pk or request.user.has_perm(
        "jobs.change_job"
    )


def progress_context(job: Job) -> dict[str, Any]:
    """What ``jobs/progress.html`` needs; any page may include it."""
    return {"job": job, "chip": CHIP[Job.State(job.state)]}
