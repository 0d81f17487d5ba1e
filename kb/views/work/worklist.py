"""The worklist: what to write or mend next, by the hours it would save."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.forms.work import STATES, TakeForm, WorklistFilters
from kb.models import WorklistRow
from kb.selectors.gaps.measured import WINDOW_DAYS
from kb.selectors.work import worklist as selectors
from kb.services import gaps as services
from kb.views.acting import actor_of
from kb.views.work import words
from supportops.common.pages import StaffPageMixin
from supportops.jobs.models import Job
from supportops.jobs.selectors import jobs_visible_to
from supportops.metrics.exports import csv_response

PAGE_SIZE = 25
VIEW = "kb.view_gaptask"
DECIDE = "kb.change_gaptask"
LAST = "kb_gaps_decided"
"""Where the session keeps the last decision about several gaps, until it is shown."""


class WorklistView(StaffPageMixin, TemplateView):
    """Gaps ranked by hours saved; ``csv`` among the parameters downloads them."""

    permission = VIEW
    title = gettext_lazy("Content work")
    template_name = "kb/work/worklist.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "csv" in request.GET:
            return _csv(selectors.worklist(WorklistFilters(request.GET).filters()))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = WorklistFilters(self.request.GET).filters()
        rows = selectors.worklist(filters).select_related("article", "category")
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        today = timezone.localdate()
        lines = selectors.lines(list(page.object_list), today=today)
        return super().get_context_data(
            filters=filters,
            query=_query(self.request),
            page=page,
            lines=[_line(line) for line in lines],
            computed=selectors.computed(),
            rules=words.rule_lines(selectors.fired_rules()),
            sources=WorklistRow.Source.choices,
            states=STATES,
            languages=selectors.languages(),
            owners=[(str(one.pk), str(one)) for one in selectors.owners()],
            days=WINDOW_DAYS,
            **self._deciding(),
            job=_running(self.request),
            here="work",
            **kwargs,
        )

    def _deciding(self) -> dict[str, Any]:
        """What a person who decides about several gaps at once needs."""
        if not self.request.user.has_perm(DECIDE):
            return {"may_decide": False}
        return {
            "may_decide": True,
            "decided": self.request.session.pop(LAST, None),
            "take": TakeForm(
                auto_id="bulk_%s", initial={"owner": self.request.user.pk}
            ),
        }


def _line(line: selectors.Line) -> dict[str, Any]:
    return {
        "line": line,
        "row": line.row,
        "task": line.task,
        "state": words.state_words(line.task),
        "chip": words.state_chip(line.task, is_overdue=line.is_overdue),
        "unanswered": words.unanswered(line.row),
        "rules": [words.RULE_WORDS[code].name for code in line.rules],
    }


def _query(request: HttpRequest) -> str:
    """The filters as a query, without the page and the download."""
    kept = [
        (name, value)
        for name, value in request.GET.items()
        if name not in {"page", "csv"}
    ]
    return urlencode(kept)


def _running(request: HttpRequest) -> Job | None:
    jobs = jobs_visible_to(request.user).filter(kind=services.WORK)
    running = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return running.order_by("-pk").first()


def _csv(rows: Any) -> HttpResponseBase:
    header = (
        "gap", "sources", "action", "what_exists", "category", "language", "searches",
        "tickets", "hours_low", "hours", "hours_high", "rules", "state", "owner", "due",
    )  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        today = timezone.localdate()
        found = list(rows.select_related("article", "category"))
        for line in selectors.lines(found, today=today):
            row, task = line.row, line.task
            yield (
                row.title, ", ".join(line.sources), row.get_action_display(),
                row.article or "", row.category or "", row.language, row.searches,
                row.tickets, row.hours_low, row.hours, row.hours_high,
                ", ".join(line.rules), str(words.state_words(task)),
                (task and task.owner) or "", (task and task.due_on) or "",
            )  # fmt: skip

    return csv_response(f"content-worklist-{timezone.localdate()}", header, lines())


class ComputeView(StaffPageMixin, View):
    """Have the worklist computed now."""

    permission = DECIDE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        services.ask_for_worklist(actor=actor_of(request), at=timezone.now())
        return redirect("kb:work")
