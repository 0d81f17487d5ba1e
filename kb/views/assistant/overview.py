"""How far the assistant can be trusted, and its rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.forms.assistant import RulesForm
from kb.models import AssistantRules
from kb.selectors.assistant import current_rules, trust_by
from kb.selectors.assistant.figures import (
    past_questions,
    preview,
    rules_history,
    standing,
    summary,
)
from kb.services import assistant
from kb.views.acting import actor_of
from kb.views.assistant.charts import curve_picture, reliability_picture
from kb.views.assistant.words import threshold_words
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

VIEW, CHANGE = "kb.view_assistantrules", "kb.change_assistantrules"
TRIED = (0.6, 0.7, 0.8, 0.9, 0.95)


class OverviewView(StaffPageMixin, TemplateView):
    """Is the confidence true, which threshold is in force, and what would others do?"""

    permission = VIEW
    title = gettext_lazy("Assistant")
    template_name = "kb/assistant/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at, rules = timezone.now(), current_rules()
        trust = trust_by(rules)
        found = standing(trust)
        questions = past_questions(trust, at=at)
        tried = _tried(self.request.GET.get("threshold", ""))
        is_measured = rules.mode == AssistantRules.Mode.PRECISION
        levels = sorted({*TRIED, *([tried] if tried is not None else [])})
        return super().get_context_data(
            rules=rules,
            trust=trust,
            words=threshold_words(rules, trust),
            summary=summary(at=at),
            standing=found,
            bins=[each for each in found.bins if each.n],
            reliability=reliability_picture(found.bins),
            curve=curve_picture(
                found.points,
                threshold=trust.threshold,
                target=float(rules.precision) if is_measured else None,
            ),
            questions=len(questions),
            in_force=preview(questions, trust.threshold if rules.is_on else None),
            previews=[preview(questions, each) for each in levels],
            tried=tried,
            history=rules_history(rules),
            may_change=actor_of(self.request).has_perm(CHANGE),
            **kwargs,
        )


def _tried(text: str) -> float | None:
    """Read a threshold in per cent; None for anything else."""
    try:
        share = float(text.replace(",", ".")) / 100
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


class RulesView(StaffPageMixin, TemplateView):
    """Change the rules."""

    permission = CHANGE
    title = gettext_lazy("Rules of self-service")
    template_name = "kb/assistant/rules.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RulesForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        try:
            assistant.save_rules(
                content=form.content(),
                actor=actor_of(request),
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except OperationRefused as refused:
            form.add_error(None, refused.message)
            return self._again(form)
        messages.success(request, _("The rules are saved."))
        return redirect("kb:assistant")

    def _again(self, form: RulesForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = current_rules()
        kwargs.setdefault("form", RulesForm(initial=RulesForm.initial_of(rules)))
        trust = trust_by(rules)
        return super().get_context_data(
            words=threshold_words(rules, trust), judged=trust.judged, **kwargs
        )
