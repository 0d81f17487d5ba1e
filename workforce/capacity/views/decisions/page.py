"""The page of a decision: a document, edited section by section."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today
from workforce.capacity.forms.decisions.life import ProposeForm
from workforce.capacity.forms.decisions.parts import editor_of
from workforce.capacity.models import Approval, Decision, Evidence
from workforce.capacity.selectors.decisions import (
    can_edit,
    section_data,
    sections_of,
)
from workforce.capacity.selectors.decisions.crossings import crossings_in
from workforce.capacity.selectors.decisions.inputs import Unvalidated, unvalidated
from workforce.capacity.selectors.decisions.lists import approvals_waiting_for
from workforce.capacity.selectors.decisions.narrowing import filters_of
from workforce.capacity.selectors.decisions.records import (
    accepted_inputs,
    approvals_of,
    evidence_open_to,
)
from workforce.capacity.selectors.decisions.sight import CHANGE, EDITABLE, VIEW
from workforce.capacity.selectors.decisions.summary import summary_of
from workforce.capacity.selectors.decisions.watching import (
    CannotWatch,
    would_have_fired,
)
from workforce.capacity.services import decisions as services
from workforce.capacity.services.decisions.evidence import READABLE
from workforce.capacity.views.decisions.acting import (
    CHIPS,
    State,
    actor_of,
    decision_or_404,
)

EVIDENCE_SHOWN = 40
ANSWER_CHIPS = {
    Approval.Answer.ASKED: "watch",
    Approval.Answer.APPROVED: "ok",
    Approval.Answer.REJECTED: "late",
}


class DecisionPage(StaffPageMixin, TemplateView):
    """The frame: reading, and what ``editing`` adds to one section."""

    permission = VIEW
    template_name = "capacity/decisions/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = decision_or_404(request, kwargs["pk"])
        editing = {}
        part = request.GET.get("edit", "")
        if part:
            editor = editor_of(part)
            if editor is None or not can_edit(decision, actor_of(request)):
                return redirect("capacity:decision", pk=decision.pk)
            form = editor(None, decision=decision, user=actor_of(request))
            editing = {"part": part, "form": form, "revision": decision.revision}
        return self.page(decision, editing)

    def page(
        self, decision: Decision, editing: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        user, at = actor_of(self.request), timezone.now()
        versions = list(decision.versions.select_related("created_by").defer("content"))
        number = versions[0].number if versions else 0
        evidence = evidence_open_to(decision.evidence.select_related("actor"), user)
        shown = list(evidence[:EVIDENCE_SHOWN])
        writes = user.has_perm(CHANGE)
        may_propose = can_edit(decision, user)
        sections = self._sections(decision, editing, at)
        approvals = approvals_of(decision, number)
        context = self.get_context_data(
            title=decision.title,
            decision=decision,
            chip=CHIPS[State(decision.state)],
            sections=sections,
            crossed=crossings_in(sections, at),
            editing=editing,
            versions=versions,
            number=number,
            approvals=[
                (row, ANSWER_CHIPS[Approval.Answer(row.answer)]) for row in approvals
            ],
            answers=approvals,
            summary=summary_of(sections),
            asked=approvals_waiting_for(user).filter(decision=decision).first(),
            knowingly=accepted_inputs(decision, number),
            evidence=shown,
            why=next((row for row in shown if row.kind == decision.state), None),
            evidence_count=evidence.count(),
            writes=writes,
            may_propose=may_propose,
            may_read_inputs=writes and decision.state in READABLE,
            may_reopen=writes and decision.state in (State.PROPOSED, State.APPROVED),
            may_retire=writes and decision.state != State.RETIRED,
            is_worked_on=decision.state in EDITABLE,
            missing=[words for each in sections for words in each["missing"]],
            unvalidated=self._unvalidated(decision, at) if may_propose else [],
            propose_form=ProposeForm(decision=decision) if may_propose else None,
            now=at,
            fired_kind=Evidence.Kind.FIRED,
        )
        return self.render_to_response(context, status=status)

    def _sections(
        self, decision: Decision, editing: dict[str, Any], at: Any
    ) -> list[dict[str, Any]]:
        user = actor_of(self.request)
        may_edit = can_edit(decision, user)
        found = []
        for section in sections_of(decision, user):
            missing = section.missing(decision, at) if may_edit else []
            is_edited = section.key == editing.get("part")
            written = section_data(section, decision, user, at)
            is_next = (
                may_edit and written["key"] == "options" and not is_computed(written)
            )
            found.append(
                {
                    **written,
                    "template": section.template,
                    "prompt": section.prompt,
                    "may_edit": may_edit
                    and section.is_editable
                    and editor_of(section.key) is not None,
                    "is_edited": is_edited,
                    "missing": missing,
                    "is_open": is_edited or bool(missing) or is_next,
                }
            )
        return found

    def _unvalidated(self, decision: Decision, at: Any) -> list[Unvalidated]:
        """Everything a proposal stands on, costs too: who proposes accepts all of it."""
        return unvalidated(decision.inputs.all(), today(at))


def is_computed(options: dict[str, Any]) -> bool:
    return bool(options["data"]["measures"])


class SaveView(DecisionPage):
    """Save one section. What cannot be saved stays in the form, beside what it met."""

    permission = CHANGE
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = decision_or_404(request, kwargs["pk"])
        part = request.POST.get("part", "")
        editor = editor_of(part)
        if editor is None:
            raise Http404
        form = editor(request.POST, decision=decision, user=actor_of(request))
        editing = {"part": part, "form": form, "revision": _revision(request)}
        if not form.is_valid():
            return self.page(decision, editing, status=422)
        if "preview" in request.POST:
            editing["previews"] = previews(form, decision)
            return self.page(decision, editing)
        try:
            services.save_part(
                decision_id=decision.pk,
                part=part,
                data=form.content(),
                revision=editing["revision"],
                actor=actor_of(request),
                at=timezone.now(),
            )
        except services.StaleDecision as refusal:
            editing |= {"changes": refusal.changes, "revision": refusal.revision}
            return self.page(decision, editing, status=409)
        except OperationRefused as refusal:
            form.refuse(str(refusal))
            return self.page(decision, editing, status=422)
        address = reverse("capacity:decision", args=[decision.pk])
        return redirect(f"{address}#{part}")


def _revision(request: HttpRequest) -> int:
    """The revision the section was opened at; an unreadable one counts as the first."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def previews(form: Any, decision: Decision) -> list[dict[str, Any]]:
    """Look every trigger of the form up in the last twelve months, unsaved."""
    found: list[dict[str, Any]] = []
    now, queues = timezone.now(), filters_of(decision)
    for place, row in enumerate(form.filled() if hasattr(form, "filled") else (), 1):
        if not hasattr(row, "unsaved"):
            continue
        try:
            looked_up = would_have_fired(row.unsaved(), now, queues)
        except CannotWatch as problem:
            found.append({"place": place, "problem": str(problem)})
            continue
        if looked_up is None:
            words = _("This figure is about the present moment: it has no past.")
            found.append({"place": place, "problem": words})
        else:
            found.append({"place": place, "preview": looked_up})
    return found
