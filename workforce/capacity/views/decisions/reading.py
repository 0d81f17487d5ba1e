"""Reading what was decided: a version with what changed in it, and the print."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today
from workforce.capacity.models import Approval, Decision, DecisionVersion
from workforce.capacity.selectors.decisions import compared, section_data, sections_of
from workforce.capacity.selectors.decisions.figures import day_text
from workforce.capacity.selectors.decisions.records import (
    approvals_of,
    evidence_open_to,
    last_number,
)
from workforce.capacity.selectors.decisions.sections import readable
from workforce.capacity.selectors.decisions.sight import VIEW
from workforce.capacity.selectors.decisions.summary import summary_of
from workforce.capacity.selectors.decisions.trigger_rows import moment_text
from workforce.capacity.views.decisions.acting import (
    CHIPS,
    State,
    actor_of,
    decision_or_404,
)

LOG_PRINTED = 60


def version_or_404(decision: Decision, number: int) -> DecisionVersion:
    version = (
        decision.versions.select_related("created_by").filter(number=number).first()
    )
    if version is None:
        raise Http404
    return version


class VersionView(StaffPageMixin, TemplateView):
    """One version as it was proposed, and what it changed against another."""

    permission = VIEW
    template_name = "capacity/decisions/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        decision = decision_or_404(self.request, self.kwargs["pk"])
        version = version_or_404(decision, self.kwargs["number"])
        older = _against(self.request, decision, version)
        sections = readable(version.content["sections"], user)
        approvals = approvals_of(decision, version.number)
        return super().get_context_data(
            title=_("%(title)s, version %(number)d")
            % {"title": version.content["title"], "number": version.number},
            decision=decision,
            version=version,
            chip=CHIPS[State(decision.state)],
            older=older,
            others=[
                each
                for each in decision.versions.defer("content")
                if each.number != version.number
            ],
            changes=compared(older, version, user) if older else [],
            sections=sections,
            summary=summary_of(sections),
            state_words=state_of_version(version, approvals),
            approvals=approvals,
            **kwargs,
        )


def _against(
    request: HttpRequest, decision: Decision, version: DecisionVersion
) -> DecisionVersion | None:
    """The version to compare with: the one asked for, else the one before."""
    asked = request.GET.get("against", "")
    number = version.number - 1
    if asked.isascii() and asked.isdigit() and len(asked) < 9:
        number = int(asked)
    return decision.versions.filter(number=number).first()


def state_of_version(version: DecisionVersion, approvals: list[Approval]) -> str:
    """Say what became of a version, by its answers alone, and the day it is of."""
    answers = {row.answer for row in approvals}
    words = _("Proposed on %(day)s")
    if Approval.Answer.REJECTED in answers:
        words = _("Proposed on %(day)s and rejected")
    elif answers == {Approval.Answer.APPROVED}:
        words = _("Proposed on %(day)s and approved")
    return words % {"day": day_text(today(version.created_at))}


class PrintView(StaffPageMixin, TemplateView):
    """The record on paper: as it is now, or exactly as a version was decided."""

    permission = VIEW
    template_name = "capacity/decisions/print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decision = decision_or_404(self.request, self.kwargs["pk"])
        asked = self.request.GET.get("version", "")
        record = self._version(decision, asked) if asked else self._present(decision)
        summary = summary_of(record["sections"])
        return super().get_context_data(
            decision=decision, summary=summary, **record, **kwargs
        )

    def _present(self, decision: Decision) -> dict[str, Any]:
        user, at = actor_of(self.request), timezone.now()
        number = last_number(decision)
        return {
            "title": decision.title,
            "version": None,
            "number": number,
            "kind_name": decision.get_kind_display(),
            "owner": decision.owner,
            "state_name": decision.get_state_display(),
            "state_words": decision.get_state_display(),
            "written": moment_text(at),
            "sections": [
                {**section_data(each, decision, user, at), "template": each.template}
                for each in sections_of(decision, user)
            ],
            "approvals": approvals_of(decision, number),
            "evidence": self._evidence(decision)[:LOG_PRINTED],
        }

    def _evidence(self, decision: Decision) -> Any:
        rows = decision.evidence.select_related("actor")
        return evidence_open_to(rows, actor_of(self.request))

    def _version(self, decision: Decision, asked: str) -> dict[str, Any]:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 9):
            raise Http404
        version = version_or_404(decision, int(asked))
        content, user = version.content, actor_of(self.request)
        approvals = approvals_of(decision, version.number)
        answers = [row.answered_at for row in approvals if row.answered_at]
        until = max([version.created_at, *answers])
        evidence = self._evidence(decision).filter(at__lte=until)
        return {
            "title": content["title"],
            "version": version,
            "number": version.number,
            "kind_name": content["kind_name"],
            "owner": content["owner"],
            "state_name": "",
            "state_words": state_of_version(version, approvals),
            "written": content["written"],
            "sections": readable(content["sections"], user),
            "approvals": approvals,
            "evidence": evidence[:LOG_PRINTED],
        }
