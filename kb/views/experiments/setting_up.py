"""A new experiment: which article, which two versions, by which rule."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.core.differences import compare
from kb.forms.experiments import ArticleForm, ExperimentForm
from kb.models import Article, Experiment
from kb.selectors.experiments.planning import (
    has_own_text,
    other_versions,
    outlook,
    read_text,
)
from kb.services import experiments as services
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

COPY = "copy"
"""Stands for the working copy among the versions."""


@dataclass(frozen=True)
class Choice:
    """One text that could be B."""

    value: str
    label: str
    text: str
    is_chosen: bool = False


class NewExperimentView(StaffPageMixin, TemplateView):
    """Choose the article, then B; compare; then the rule."""

    permission = services.ADD
    title = gettext_lazy("New experiment")
    template_name = "kb/experiments/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(ExperimentForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ExperimentForm(request.POST)
        context = self._context(form)
        if not form.is_valid() or context.get("chosen") is None:
            return self.render_to_response(context, status=422)
        try:
            experiment = self._create(context["article"], context["chosen"], form)
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(context, status=409)
        messages.success(
            request, _("Set up. Readers see B only after you have started it.")
        )
        return redirect("kb:experiment", pk=experiment.pk)

    def _create(
        self, article: Article, chosen: Choice, form: ExperimentForm
    ) -> Experiment:
        who: dict[str, Any] = {"actor": actor_of(self.request), "at": timezone.now()}
        if chosen.value == COPY:
            version = services.save_candidate(article_id=article.pk, **who)
            version_id = version.pk
        else:
            version_id = int(chosen.value)
        return services.create_experiment(
            article_id=article.pk, version_b_id=version_id, **form.columns, **who
        )

    def _context(self, form: ExperimentForm) -> dict[str, Any]:
        which = ArticleForm(self.request.GET or None, user=actor_of(self.request))
        context: dict[str, Any] = {"which": which, "form": form}
        if which.is_bound and which.is_valid():
            article = which.cleaned_data["article"]
            context |= self._of_article(article)
        return self.get_context_data(
            has_articles=which.fields["article"].queryset.exists(), **context
        )

    def _of_article(self, article: Article) -> dict[str, Any]:
        choices = choices_of(article, self.request.GET.get("b", ""))
        chosen = next((each for each in choices if each.is_chosen), None)
        at = timezone.now()
        return {
            "article": article,
            "choices": choices,
            "chosen": chosen,
            "difference": chosen and compare(read_text(article.published), chosen.text),
            "outlooks": [
                outlook(article, each, at=at) for each in Experiment.Outcome.values
            ],
        }


def choices_of(article: Article, asked: str) -> list[Choice]:
    """Return the texts that can be B; the first unless another was asked for."""
    found = []
    if has_own_text(article):
        label = _("The working copy, saved but not published")
        found.append((COPY, label, read_text(article)))
    for version in other_versions(article):
        label = _("Version %(number)d") % {"number": version.number}
        if version.note:
            label = f"{label}: {version.note}"
        found.append((str(version.pk), label, read_text(version)))
    values = [value for value, _label, _text in found]
    taken = asked if asked in values else next(iter(values), "")
    return [
        Choice(value, label, text, is_chosen=value == taken)
        for value, label, text in found
    ]
