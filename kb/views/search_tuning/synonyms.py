"""Synonyms: what means the same, and what saving an entry does to known questions."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.forms.search_tuning import SynonymForm
from kb.models import Synonym
from kb.selectors.gaps.synonym_answers import Answers, answered_by_synonym
from kb.selectors.known_questions import Effect, what_breaks_with_synonyms
from kb.selectors.searching import choices
from kb.selectors.synonyms import synonym_rows
from kb.services import synonyms as services
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

SEE = "kb.view_synonym"


class SynonymsView(StaffPageMixin, TemplateView):
    """Which words of customers lead to which words of ours?"""

    permission = SEE
    template_name = "kb/search_tuning/synonyms.html"
    title = gettext_lazy("Synonyms")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, text = self.request.user, self.request.GET.get("q", "").strip()
        return super().get_context_data(
            page=synonym_rows(text, self.request.GET.get("page")),
            text=text,
            may_add=user.has_perm("kb.add_synonym"),
            may_change=user.has_perm("kb.change_synonym"),
            may_delete=user.has_perm("kb.delete_synonym"),
            **kwargs,
        )


class SynonymFormView(StaffPageMixin, TemplateView):
    """The form: first it shows what breaks and gets better, then it saves."""

    permission: str | None = "kb.change_synonym"
    template_name = "kb/search_tuning/synonym.html"

    def page(
        self,
        form: SynonymForm,
        synonym: Synonym | None = None,
        effect: Effect | None = None,
        status: int = 200,
        answered: Answers | None = None,
    ) -> HttpResponse:
        context = self.get_context_data(
            title=synonym.term if synonym else _("New synonym"),
            form=form,
            synonym=synonym,
            effect=effect,
            answered=answered,
        )
        return self.render_to_response(context, status=status)

    def submitted(self, synonym: Synonym | None) -> HttpResponse:
        form = SynonymForm(self.request.POST, languages=choices.languages())
        if not form.is_valid():
            return self.page(form, synonym, status=422)
        pk = synonym.pk if synonym else None
        try:
            draft = services.checked_draft(synonym_id=pk, **form.values())
            if form.cleaned_data["seen"] != _seal(draft):
                return self._effect_of(draft, form, synonym)
            services.save_synonym(synonym_id=pk, draft=draft, at=timezone.now())
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, synonym, status=409)
        messages.success(self.request, _("Saved. Searches find by it at once."))
        return redirect("kb:synonyms")

    def _effect_of(
        self, draft: services.Draft, form: SynonymForm, synonym: Synonym | None
    ) -> HttpResponse:
        pk = synonym.pk if synonym else None
        effect = what_breaks_with_synonyms(saved=draft.searched, replaces_id=pk)
        answered = answered_by_synonym(
            saved=draft.searched, replaces_id=pk, at=timezone.now()
        )
        form.data = {**form.data.dict(), "seen": _seal(draft)}
        return self.page(form, synonym, effect, answered=answered)


def _seal(draft: services.Draft) -> str:
    """Tell one entry from another, so that what is saved is what was looked at."""
    return sha256(repr(draft).encode()).hexdigest()[:16]


class SynonymNewView(SynonymFormView):
    """Enter a synonym."""

    permission = "kb.add_synonym"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"term": request.GET.get("term", ""), "is_active": True}
        return self.page(SynonymForm(initial=initial, languages=choices.languages()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.submitted(None)


class SynonymView(SynonymFormView):
    """Change a synonym."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        synonym = self._synonym()
        initial = {
            "term": synonym.term,
            "same_as": "\n".join(synonym.same_as),
            "language": synonym.language,
            "is_active": synonym.is_active,
        }
        form = SynonymForm(initial=initial, languages=choices.languages())
        return self.page(form, synonym)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.submitted(self._synonym())

    def _synonym(self) -> Synonym:
        return get_object_or_404(Synonym, pk=self.kwargs["pk"])


class SynonymDeleteView(StaffPageMixin, TemplateView):
    """Show what breaks without a synonym, then delete it."""

    permission = "kb.delete_synonym"
    template_name = "kb/search_tuning/synonym_delete.html"
    title = gettext_lazy("Delete a synonym")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        synonym = get_object_or_404(Synonym, pk=self.kwargs["pk"])
        effect = what_breaks_with_synonyms(replaces_id=synonym.pk)
        return super().get_context_data(synonym=synonym, effect=effect, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        services.delete_synonym(synonym_id=pk, at=timezone.now())
        messages.success(request, _("Deleted. Searches no longer know it."))
        return redirect("kb:synonyms")
