"""One gap: what speaks for it, what it costs, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from kb.forms.work import StartForm, TakeForm
from kb.models import GapTask, Vote, WorklistRow
from kb.selectors.gaps.existing import kind_for, topic_for
from kb.selectors.work import worklist as selectors
from kb.services import gaps as services
from kb.views.acting import actor_of
from kb.views.work import words
from kb.views.work.worklist import DECIDE, VIEW
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

WRITE = "kb.add_article"


class GapView(StaffPageMixin, TemplateView):
    """The evidence and the terms of one gap; its decisions go to ``GapDecideView``."""

    permission = VIEW
    template_name = "kb/work/gap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = WorklistRow.objects.select_related("article", "category")
        row = get_object_or_404(rows, pk=self.kwargs["pk"])
        user = actor_of(self.request)
        task = (
            GapTask.objects.filter(key=row.key)
            .select_related("owner", "article")
            .first()
        )
        line = selectors.line_of(row, task, today=timezone.localdate())
        tickets = selectors.tickets_of(row, user)
        return super().get_context_data(
            title=row.title,
            row=row,
            task=task,
            line=line,
            state=words.state_words(task),
            chip=words.state_chip(task, is_overdue=line.is_overdue),
            terms=words.term_lines(row),
            unanswered=words.unanswered(row),
            findings=words.finding_lines(row),
            tickets=tickets,
            hidden=len(row.evidence.get("tickets", [])) - len(tickets),
            flags=selectors.flags_of(row),
            reasons=_reasons(row),
            **self._forms(row, task),
            here="work",
            **kwargs,
        )

    def _forms(self, row: WorklistRow, task: GapTask | None) -> dict[str, Any]:
        user = actor_of(self.request)
        found: dict[str, Any] = {"may_decide": user.has_perm(DECIDE)}
        if not found["may_decide"]:
            return found
        taken = {"owner": task and task.owner_id, "due_on": task and task.due_on}
        found["take"] = TakeForm(initial=taken if task else {"owner": user.pk})
        if user.has_perm(WRITE):
            found["start"] = StartForm(
                initial={"kind": kind_for(row), "topic": topic_for(row)}
            )
        return found


def _reasons(row: WorklistRow) -> list[tuple[str, int]]:
    names = dict(Vote.Reason.choices)
    counted = row.evidence.get("reasons", {})
    return [(str(names.get(code, code)), count) for code, count in counted.items()]


class GapDecideView(StaffPageMixin, View):
    """Take a gap on, close or dismiss it, take that back, or start its article."""

    permission = DECIDE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(WorklistRow, pk=pk)
        act = {
            "take": self._take,
            "done": self._done,
            "dismiss": self._dismiss,
            "undo": self._undo,
            "start": self._start,
        }.get(request.POST.get("verb", ""))
        if act is None:
            raise PermissionDenied
        try:
            answer = act(row)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            answer = None
        return answer or redirect("kb:gap", row.pk)

    def _who_and_when(self) -> dict[str, Any]:
        return {"actor": actor_of(self.request), "at": timezone.now()}

    def _take(self, row: WorklistRow) -> None:
        form = TakeForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("Choose an owner from the list, and a day."))
            return
        services.take_on(key=row.key, **form.cleaned_data, **self._who_and_when())

    def _done(self, row: WorklistRow) -> None:
        services.finish(key=row.key, **self._who_and_when())

    def _dismiss(self, row: WorklistRow) -> None:
        reason = self.request.POST.get("reason", "")
        services.dismiss(key=row.key, reason=reason, **self._who_and_when())

    def _undo(self, row: WorklistRow) -> None:
        services.undo(key=row.key, **self._who_and_when())

    def _start(self, row: WorklistRow) -> HttpResponse | None:
        form = StartForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("Choose a topic and a purpose."))
            return None
        article = services.start_article(
            key=row.key,
            topic_id=form.cleaned_data["topic"].pk,
            kind=form.cleaned_data["kind"],
            **self._who_and_when(),
        )
        return redirect("kb:article", article.pk)
