"""Publishing: what changes for readers, what would break, and the button."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.core.article_templates import places_left
from kb.core.markdown import LONGEST
from kb.models import Article
from kb.selectors.articles import reviewing, versions
from kb.selectors.articles.links import Problem, problems_of
from kb.selectors.articles.sight import PUBLISH
from kb.selectors.known_questions import Effect, what_breaks
from kb.services import articles as services
from kb.views.acting import actor_of
from kb.views.articles.page import article_of, may
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin


@dataclass(frozen=True)
class Concerns:
    """What the publisher should know first."""

    places: tuple[str, ...]
    problems: tuple[Problem, ...]
    moved: tuple[Problem, ...]
    effect: Effect
    lacks_summary: bool

    @property
    def is_clear(self) -> bool:
        found = self.places or self.problems or self.effect.broken
        return not (found or self.lacks_summary)


def concerns_about(article: Article) -> Concerns:
    text = "\n".join((article.title, article.summary, article.body))
    problems = problems_of(article)
    return Concerns(
        places_left(text),
        tuple(each for each in problems if each.is_broken),
        tuple(each for each in problems if not each.is_broken),
        what_breaks(
            article_id=article.pk,
            title=article.title,
            summary=article.summary,
            body=article.body,
            keywords=article.keywords,
        ),
        lacks_summary=not article.summary.strip(),
    )


class PublishView(StaffPageMixin, TemplateView):
    """What changes for readers, what would break, and the button.

    The page carries the text that was read: if somebody saves meanwhile, the publisher
    sees what changed since.
    """

    permission = PUBLISH
    title = gettext_lazy("Publish")
    template_name = "kb/articles/publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article = article_of(self.request, self.kwargs["pk"])
        shown = article.published
        difference = None
        if shown is not None:
            difference = versions.comparison(
                versions.text_of(shown), versions.text_of(article)
            )
        reviewers = list(article.reviewers.all())
        context = {
            "article": article,
            "difference": difference,
            "since_sent": reviewing.since_sent(article),
            "concerns": concerns_about(article),
            "reviewers": reviewers,
            **may(actor_of(self.request), article, reviewers),
            **kwargs,
        }
        return super().get_context_data(**context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        try:
            version = services.publish(
                article_id=article.pk,
                note=request.POST.get("note", ""),
                revision=_number(request, "revision"),
                broken_links=_number(request, "broken_links") or 0,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except services.StaleArticle as refusal:
            since = reviewing.since_read(article, _read_text(request))
            return self._refused(refusal, since_read=since)
        except services.BrokenLinks as refusal:
            return self._refused(refusal)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("kb:article", pk=pk)
        messages.success(
            request, _("Version %(number)s is published.") % {"number": version.number}
        )
        return redirect("kb:article", pk=pk)

    def _refused(self, refusal: OperationRefused, **more: Any) -> HttpResponse:
        context = self.get_context_data(
            refusal=str(refusal), note=self.request.POST.get("note", ""), **more
        )
        return self.render_to_response(context, status=409)


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return (
        int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    )


def _read_text(request: HttpRequest) -> versions.Text:
    """Return the text the page carried when it was read, as a browser sends it back."""
    sent = request.POST
    return versions.Text(
        versions.WORKING_COPY,
        sent.get("read_title", ""),
        sent.get("read_summary", ""),
        sent.get("read_body", "")[: 2 * LONGEST].replace("\r\n", "\n"),
        tuple(sent.get("read_keywords", "").splitlines()),
    )
