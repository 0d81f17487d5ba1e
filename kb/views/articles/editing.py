"""Writing: a new article, the editor, its live preview and saving, and publishing."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.core.article_templates import places_left, template_of
from kb.core.markdown import TextTooLong
from kb.forms.articles.writing import NewArticleForm, TextForm
from kb.models import Article, Kind
from kb.selectors.articles import versions
from kb.selectors.articles.links import Problem, problems_of
from kb.selectors.articles.rendering import rendered_for_staff
from kb.selectors.articles.sight import CHANGE, PUBLISH
from kb.selectors.known_questions import Effect, what_breaks
from kb.services import articles as services
from kb.services.articles.steps import ADD
from kb.views.acting import actor_of
from kb.views.articles.page import article_of, may
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin


class NewArticleView(StaffPageMixin, TemplateView):
    permission = ADD
    title = gettext_lazy("New article")
    template_name = "kb/articles/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = {
            name: request.GET[name]
            for name in ("title", "topic")
            if name in request.GET
        }
        kind = request.GET.get("kind") or Kind.HOW_TO
        form = NewArticleForm(initial={"kind": kind, "language": "en", **asked})
        return self.render_to_response(self._context(form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewArticleForm(request.POST)
        if form.is_valid():
            try:
                article = _create(form.cleaned_data, request)
            except OperationRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("kb:article-edit", pk=article.pk)
        return self.render_to_response(self._context(form), status=422)

    def _context(self, form: NewArticleForm) -> dict[str, Any]:
        examples = [
            (kind.label, template_of(kind.value).title, template_of(kind.value).body)
            for kind in Kind
        ]
        return self.get_context_data(form=form, examples=examples)


def _create(read: dict[str, Any], request: HttpRequest) -> Article:
    return services.create_article(
        kind=read["kind"],
        topic_id=int(read["topic"]),
        language=read["language"],
        audience=read["audience"],
        title=read["title"],
        summary="",
        actor=actor_of(request),
        at=timezone.now(),
    )


class EditView(StaffPageMixin, TemplateView):
    """The editor. Without scripts it saves by its form."""

    permission = CHANGE
    title = gettext_lazy("Write")
    template_name = "kb/articles/edit.html"

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        article = article_of(request, pk)
        if article.state == Article.State.ARCHIVED:
            messages.error(request, _("It is archived. Restore it first."))
            return redirect("kb:article", pk=pk)
        return self.render_to_response(self._context(article, article))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        form = TextForm(request.POST)
        if not form.is_valid():
            context = self._context(article, article, _("The text cannot be read."))
            return self.render_to_response(context, status=422)
        try:
            _save(form, article, request)
        except OperationRefused as refusal:
            context = self._context(article, form.cleaned_data, str(refusal))
            return self.render_to_response(context, status=409)
        if request.POST.get("then") == "publish":
            return redirect("kb:article-publish", pk=pk)
        return redirect("kb:article", pk=pk)

    def _context(
        self, article: Article, text: Any, refusal: str = ""
    ) -> dict[str, Any]:
        def part(name: str) -> Any:
            return text[name] if isinstance(text, dict) else getattr(text, name)

        body = part("body")
        return self.get_context_data(
            article=article,
            title=part("title") or article.title,
            name=part("title"),
            summary=part("summary"),
            body=body,
            keywords=part("keywords"),
            refusal=refusal,
            stored=article if refusal else None,
            text=rendered_for_staff(body[:100_000], language=article.language),
            places=places_left("\n".join((part("title"), part("summary"), body))),
            template_body=template_of(article.kind).body,
            may_publish_now=self.request.user.has_perm(PUBLISH),
        )


def _save(form: TextForm, article: Article, request: HttpRequest) -> Article:
    return services.save_working_copy(
        article_id=article.pk,
        **form.cleaned_data,
        actor=actor_of(request),
        at=timezone.now(),
    )


class SaveView(StaffPageMixin, View):
    """Save the working copy as it is typed; the answer is for the editor's script."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        form = TextForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"message": _("The text cannot be read.")}, status=400)
        try:
            saved = _save(form, article, request)
        except services.StaleArticle as refusal:
            stored = Article.objects.get(pk=pk)
            return JsonResponse(
                {
                    "code": refusal.code,
                    "message": str(refusal),
                    "revision": refusal.revision,
                    "stored": versions_text(stored),
                },
                status=409,
            )
        except OperationRefused as refusal:
            return JsonResponse(
                {"code": refusal.code, "message": str(refusal)}, status=422
            )
        text = "\n".join((saved.title, saved.summary, saved.body))
        return JsonResponse({"revision": saved.revision, "places": places_left(text)})


def versions_text(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in versions.TEXT}


class PreviewView(StaffPageMixin, View):
    """What a text will look like, and which of its links lead nowhere."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        body = request.POST.get("body", "")
        try:
            text = rendered_for_staff(body, language=article.language)
        except TextTooLong as error:
            words = _("The text has %(n)s characters; %(most)s are allowed.")
            return JsonResponse(
                {"message": words % {"n": error.length, "most": error.limit}},
                status=422,
            )
        problems = problems_of(article, body=body)
        return JsonResponse(
            {
                "html": text.html,
                "problems": [
                    {"target": each.target, "words": each.words} for each in problems
                ],
                "words": len(text.plain.split()),
            }
        )


@dataclass(frozen=True)
class Concerns:
    """What the publisher should know first."""

    places: tuple[str, ...]
    problems: tuple[Problem, ...]
    effect: Effect

    @property
    def is_clear(self) -> bool:
        return not (self.places or self.problems or self.effect.broken)


def concerns_about(article: Article) -> Concerns:
    text = "\n".join((article.title, article.summary, article.body))
    return Concerns(
        places_left(text),
        problems_of(article),
        what_breaks(
            article_id=article.pk,
            title=article.title,
            summary=article.summary,
            body=article.body,
            keywords=article.keywords,
        ),
    )


class PublishView(StaffPageMixin, TemplateView):
    """What changes for readers, what would break, and the button."""

    permission = PUBLISH
    title = gettext_lazy("Publish")
    template_name = "kb/articles/publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article = article_of(self.request, self.kwargs["pk"])
        shown = article.published
        difference = None
        if shown is not None:
            old = versions.text_numbered(article, shown.number)
            new = versions.text_numbered(article, 0)
            difference = versions.comparison(old, new) if old and new else None
        reviewers = list(article.reviewers.all())
        return super().get_context_data(
            article=article,
            difference=difference,
            concerns=concerns_about(article),
            reviewers=reviewers,
            **may(actor_of(self.request), article, reviewers),
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        revision = request.POST.get("revision", "")
        try:
            version = services.publish(
                article_id=article.pk,
                note=request.POST.get("note", ""),
                revision=int(revision) if revision.isdecimal() else None,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except services.StaleArticle:
            messages.error(
                request, _("Somebody changed the text meanwhile. Read it again.")
            )
            return redirect("kb:article-publish", pk=pk)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("kb:article", pk=pk)
        messages.success(
            request, _("Version %(number)s is published.") % {"number": version.number}
        )
        return redirect("kb:article", pk=pk)
