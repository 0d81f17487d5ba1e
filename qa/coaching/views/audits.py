"""Metric audits: the list, a new one, and judging it line by line."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.coaching.forms.audits import AuditForm, ConclusionForm
from qa.coaching.models import AuditLine, MetricAudit
from qa.coaching.selectors import audits as selectors
from qa.coaching.services import audits as services
from qa.coaching.views.acting import StepView, actor_of, tried
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import today
from tickets.selectors import tickets_visible_to


class AuditListView(StaffPageMixin, TemplateView):
    permission = "coaching.view_metricaudit"
    title = gettext_lazy("Metric audits")
    template_name = "coaching/audits.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(audits=list(selectors.audits()), **kwargs)


class NewAuditView(StaffPageMixin, TemplateView):
    permission = "coaching.add_metricaudit"
    title = gettext_lazy("New metric audit")
    template_name = "coaching/audit_new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AuditForm(today=today(timezone.now()))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        form = AuditForm(request.POST, today=today(now))
        if form.is_valid():
            audit = tried(
                form,
                lambda: services.start_audit(
                    **form.cleaned_data, actor=actor_of(request), at=now
                ),
            )
            if audit is not None:
                return redirect("coaching:audit", pk=audit.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AuditView(StaffPageMixin, TemplateView):
    """Each line with what is reported, and what a person found in the ticket."""

    permission = "coaching.view_metricaudit"
    template_name = "coaching/audit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.audit = get_object_or_404(selectors.audits(), pk=kwargs["pk"])
        if "csv" in request.GET:
            return _csv(self.audit)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, audit = actor_of(self.request), self.audit
        results = selectors.results_of(audit)
        ids = {line.ticket_id for each in results for line in each.lines}
        openable = tickets_visible_to(user).filter(pk__in=ids)
        return super().get_context_data(
            title=_("Audit of %(start)s to %(last)s")
            % {
                "start": date_format(audit.starts_on),
                "last": date_format(audit.ends_on),
            },
            audit=audit,
            results=results,
            openable=set(openable.values_list("pk", flat=True)),
            changed=selectors.changed_since(audit),
            may_change=user.has_perm("coaching.change_metricaudit")
            and audit.state == MetricAudit.State.OPEN,
            verdicts=AuditLine.Verdict.choices,
            form=ConclusionForm(),
            **kwargs,
        )


HEADER = (
    "metric", "ticket", "reported", "verdict", "found", "note", "checked_by",
    "checked_at",
)  # fmt: skip


def _csv(audit: MetricAudit) -> HttpResponseBase:
    def rows() -> Iterator[tuple[Any, ...]]:
        for line in selectors.lines_of(audit):
            at = line.checked_at
            yield (
                line.metric,
                line.ticket_id,
                line.reported,
                line.verdict,
                line.found,
                line.note,
                line.checked_by or "",
                at.astimezone(UTC).isoformat() if at else "",
            )

    return csv_response(f"metric-audit-{audit.starts_on}", HEADER, rows())


class JudgeView(StepView):
    permission = "coaching.change_metricaudit"

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        self.line = get_object_or_404(AuditLine, pk=kwargs["pk"])
        return services.judge_line(
            line_id=self.line.pk,
            verdict=request.POST.get("verdict", ""),
            found=request.POST.get("found", "")[:120],
            note=request.POST.get("note", "")[:500],
            actor=actor_of(request),
            at=timezone.now(),
        )

    def back(self, **kwargs: Any) -> str:
        address = reverse("coaching:audit", kwargs={"pk": self.line.audit_id})
        return f"{address}#line-{self.line.pk}"


class CloseAuditView(StepView):
    permission = "coaching.change_metricaudit"
    done = gettext_lazy("Closed.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.close_audit(
            audit_id=kwargs["pk"],
            conclusion=request.POST.get("conclusion", ""),
            actor=actor_of(request),
            at=timezone.now(),
        )

    def back(self, **kwargs: Any) -> str:
        return reverse("coaching:audit", kwargs={"pk": kwargs["pk"]})
