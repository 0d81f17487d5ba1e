"""Versions of an article: the list, what changed between two, an old text anew."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.models import Article, ArticleVersion
from kb.selectors.articles import versions
from kb.selectors.articles.sight import PUBLISH, VIEW
from kb.services import articles as services
from kb.views.acting import actor_of
from kb.views.articles.page import article_of, may
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

WORKING_COPY = versions.WORKING_COPY


class VersionsView(StaffPageMixin, TemplateView):
    """All versions; by default what the newest changed, or what waits to be published."""

    permission = VIEW
    title = gettext_lazy("Versions")
    template_name = "kb/articles/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        article = article_of(self.request, self.kwargs["pk"])
        rows = list(versions.versions_of(article))
        before, after = self._chosen(article, [row.number for row in rows])
        return super().get_context_data(
            article=article,
            versions=rows,
            is_changed=versions.is_changed(article),
            before=before,
            after=after,
            difference=_difference(article, before, after),
            again=_number(self.request, "again"),
            broken=_number(self.request, "broken"),
            **may(user, article, list(article.reviewers.all())),
            **kwargs,
        )

    def _chosen(self, article: Article, numbers: list[int]) -> tuple[int, int]:
        """Return the two versions asked for; 0 is the working copy."""
        if versions.is_changed(article) or len(numbers) < 2:
            usual = (numbers[0] if numbers else WORKING_COPY, WORKING_COPY)
        else:
            usual = (numbers[1], numbers[0])
        known = {*numbers, WORKING_COPY}
        asked = [self.request.GET.get(name, "") for name in ("from", "to")]
        found = [
            int(text) if text in map(str, known) else fallback
            for text, fallback in zip(asked, usual, strict=True)
        ]
        return found[0], found[1]


def _number(request: HttpRequest, name: str) -> int:
    return _count(request.GET.get(name, ""))


def _count(typed: str) -> int:
    """Return a number of versions or links; 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def _difference(
    article: Article, before: int, after: int
) -> versions.Comparison | None:
    old = versions.text_numbered(article, before)
    new = versions.text_numbered(article, after)
    return versions.comparison(old, new) if old and new and before != after else None


class RevertView(StaffPageMixin, View):
    """Publish an old text anew."""

    permission = PUBLISH
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        version = get_object_or_404(
            ArticleVersion,
            article=article,
            number=_count(request.POST.get("version", "")),
        )
        try:
            made = services.revert(
                article_id=pk,
                version_id=version.pk,
                note=request.POST.get("note", ""),
                broken_links=_count(request.POST.get("broken_links", "")),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except services.BrokenLinks as refusal:
            messages.error(request, str(refusal))
            asked = urlencode({"again": version.number, "broken": refusal.count})
            return redirect(f"{reverse('kb:article-versions', args=[pk])}?{asked}")
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("kb:article-versions", pk=pk)
        messages.success(
            request, _("Version %(number)s is published.") % {"number": made.number}
        )
        return redirect("kb:article", pk=pk)
