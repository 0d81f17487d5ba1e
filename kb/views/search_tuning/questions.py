"""Known questions: does the search still find their articles?"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb import search
from kb.forms.search_tuning import QuestionForm
from kb.models import Article, KnownQuestion
from kb.selectors import known_questions as selectors
from kb.selectors.readers import Audience, articles_readable_by, audience_of
from kb.selectors.searching import choices
from kb.services import known_questions as services
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id

SEE = "kb.view_knownquestion"
PER_PAGE = 25
OFFERED = 8
FILTERS = (
    ("all", gettext_lazy("All")),
    ("failing", gettext_lazy("Not found")),
    ("off", gettext_lazy("Switched off")),
)


class QuestionsView(StaffPageMixin, TemplateView):
    """Which known questions does the search answer now, and which not?"""

    permission = SEE
    template_name = "kb/search_tuning/questions.html"
    title = gettext_lazy("Known questions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        chosen = self.request.GET.get("show", "all")
        if chosen not in dict(FILTERS):
            chosen = "all"
        audience = audience_of(user)
        checked = selectors.check(selectors.questions(audience=audience))
        page = Paginator(_rows(chosen, checked, audience), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            checked=checked,
            filters=FILTERS,
            chosen=chosen,
            page=page,
            limit=selectors.SHOWN,
            most=selectors.MOST_CHECKED,
            fewest=services.FEWEST_VISITORS,
            agreement=round(100 * services.LEAST_AGREEMENT),
            may_add=user.has_perm("kb.add_knownquestion"),
            may_change=user.has_perm("kb.change_knownquestion"),
            **kwargs,
        )


def _rows(
    chosen: str, checked: selectors.Check, audience: Audience
) -> list[selectors.Place]:
    """Places to list: what fails comes first."""
    if chosen == "off":
        off = selectors.questions(is_active=False, audience=audience)
        return [selectors.Place(question, None, is_published=True) for question in off]
    if chosen == "failing":
        return list(checked.failing)
    return sorted(checked.places, key=lambda place: (place.is_shown, place.is_first))


class QuestionFormView(StaffPageMixin, TemplateView):
    """The form, whether the question is new or not."""

    permission: str | None = "kb.change_knownquestion"
    template_name = "kb/search_tuning/question.html"

    def page(
        self,
        form: QuestionForm,
        question: KnownQuestion | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = self.get_context_data(
            title=_("Change a known question") if question else _("New known question"),
            form=form,
            question=question,
            offered=self._offered(form),
            chosen=form.typed("article"),
        )
        return self.render_to_response(context, status=status)

    def save(self, form: QuestionForm, question: KnownQuestion | None) -> HttpResponse:
        if "look" in self.request.POST:
            return self.page(QuestionForm(**self._kept()), question)
        if not form.is_valid():
            return self.page(form, question, status=422)
        if not self._may_read(form.cleaned_data["article"]):
            raise Http404
        try:
            self._write(form.values(), question)
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, question, status=409)
        messages.success(self.request, _("Saved. It is checked from now on."))
        return redirect("kb:questions")

    def _write(self, values: dict[str, Any], question: KnownQuestion | None) -> None:
        if question is None:
            services.add_question(**values, at=timezone.now())
        else:
            services.change_question(question_id=question.pk, **values)

    def _kept(self) -> dict[str, Any]:
        """What was typed, unchecked: somebody is still looking for the article."""
        return {"initial": self.request.POST.dict(), "languages": choices.languages()}

    def _may_read(self, article_id: int) -> bool:
        readable = articles_readable_by(audience_of(self.request.user))
        return readable.filter(pk=article_id).exists()

    def _offered(self, form: QuestionForm) -> list[dict[str, Any]]:
        """Articles to choose from: the chosen one, then what searches find."""
        audience = audience_of(self.request.user)
        found: dict[int, dict[str, Any]] = {}
        if chosen := row_id(form.typed("article")):
            rows = articles_readable_by(audience).filter(pk=chosen)
            for article in rows.select_related("published"):
                found[article.pk] = _choice(article)
        for text in (form.typed("find"), form.typed("text")):
            if text.strip():
                for hit in search.search(text, audience=audience, limit=OFFERED):
                    found.setdefault(
                        hit.article_id,
                        {
                            "pk": hit.article_id,
                            "title": hit.title,
                            "language": choices.language_name(hit.language),
                        },
                    )
        return list(found.values())


def _choice(article: Article) -> dict[str, Any]:
    title = article.published.title if article.published else article.title
    language = choices.language_name(article.language)
    return {"pk": article.pk, "title": title, "language": language}


class QuestionNewView(QuestionFormView):
    """Enter a question, from nothing or from a search that was tried."""

    permission = "kb.add_knownquestion"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        names = ("text", "language", "article", "find")
        initial = {name: request.GET[name] for name in names if request.GET.get(name)}
        return self.page(QuestionForm(initial=initial, languages=choices.languages()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = QuestionForm(request.POST, languages=choices.languages())
        return self.save(form, None)


class QuestionView(QuestionFormView):
    """Change a question."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        question = self._question()
        initial = {
            "text": question.text,
            "language": question.language,
            "weight": question.weight,
            "article": question.article_id,
        }
        form = QuestionForm(initial=initial, languages=choices.languages())
        return self.page(form, question)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = QuestionForm(request.POST, languages=choices.languages())
        return self.save(form, self._question())

    def _question(self) -> KnownQuestion:
        return get_object_or_404(KnownQuestion, pk=self.kwargs["pk"])


class QuestionActiveView(StaffPageMixin, View):
    """Let a question be checked again, or no longer."""

    permission = "kb.change_knownquestion"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        question = get_object_or_404(KnownQuestion, pk=pk)
        is_active = request.POST.get("active") == "1"
        services.set_question_active(question_id=question.pk, is_active=is_active)
        text = (
            _("“%(text)s” is checked again.")
            if is_active
            else _("“%(text)s” is no longer checked, and clicks do not bring it back.")
        )
        messages.success(request, text % {"text": question.text})
        return redirect("kb:questions")
