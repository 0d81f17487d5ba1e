"""What is missing in a language, and starting a translation."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.selectors.articles.sight import VIEW, articles_visible_to
from kb.selectors.articles.standing import untranslated
from kb.services import articles as services
from kb.services.articles.steps import ADD
from kb.views.acting import actor_of
from kb.views.articles.page import article_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

PAGE_SIZE = 25


class TranslationsView(StaffPageMixin, TemplateView):
    """Published articles without a translation, the most read first."""

    permission = VIEW
    title = gettext_lazy("Missing translations")
    template_name = "kb/articles/translations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        codes = [code for code, _name in settings.ARTICLE_LANGUAGES]
        asked = self.request.GET.get("language", "")
        language = asked if asked in codes else codes[-1]
        rows = untranslated(articles_visible_to(user), language)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            language=language,
            languages=settings.ARTICLE_LANGUAGES,
            page=page,
            rows=page.object_list,
            may_add=user.has_perm(ADD),
            **kwargs,
        )


class TranslateView(StaffPageMixin, View):
    """Start a translation and open its editor."""

    permission = ADD
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        try:
            made = services.start_translation(
                article_id=article.pk,
                language=request.POST.get("language", ""),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("kb:article", pk=pk)
        return redirect("kb:article-edit", pk=made.pk)
