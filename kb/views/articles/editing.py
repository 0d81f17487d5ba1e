"""Writing: a new article, the editor, its live preview, its saving, what it may link to."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from kb.core.article_templates import places_left, template_of
from kb.core.markdown import TextTooLong
from kb.forms.articles.writing import NewArticleForm, TextForm
from kb.models import Article, Kind
from kb.selectors.articles import versions
from kb.selectors.articles.choices import choices_for
from kb.selectors.articles.links import problems_of, unfinished_links_in
from kb.selectors.articles.rendering import rendered_for_staff
from kb.selectors.articles.sight import CHANGE, PUBLISH
from kb.services import articles as services
from kb.services.articles.steps import ADD
from kb.views.acting import actor_of
from kb.views.articles.page import article_of
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
            saved = _save(form, article, request)
        except OperationRefused as refusal:
            context = self._context(article, form.cleaned_data, str(refusal))
            return self.render_to_response(context, status=409)
        unfinished = unfinished_links_in(saved.body)
        if unfinished:
            messages.warning(request, _words_of_unfinished(len(unfinished)))
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
            in_review=article.review_asked_at is not None,
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
        unfinished = unfinished_links_in(saved.body)
        told = {"revision": saved.revision, "places": places_left(text)}
        if unfinished:
            told["warning"] = _words_of_unfinished(len(unfinished))
        return JsonResponse(told)


def _words_of_unfinished(count: int) -> str:
    return ngettext(
        "%(n)s link has no text or no address.",
        "%(n)s links have no text or no address.",
        count,
    ) % {"n": count}


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
        parts = [request.POST.get(name, "") for name in ("title", "summary")]
        return JsonResponse(
            {
                "places": places_left("\n".join([*parts, body])),
                "html": text.html,
                "problems": [
                    {
                        "target": each.target or f"[{each.text}]()",
                        "words": each.words,
                        "is_broken": each.is_broken,
                    }
                    for each in problems
                ],
                "words": len(text.plain.split()),
            }
        )


class ChoicesView(StaffPageMixin, View):
    """Articles that the text may link to, for the editor's list."""

    permission = CHANGE
    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        found = choices_for(
            article, user=actor_of(request), text=request.GET.get("q", "")[:200]
        )
        return JsonResponse({"articles": [asdict(each) for each in found]})
