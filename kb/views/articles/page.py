"""One article: what readers see, what stands around it, and the steps it can take."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.forms.articles.writing import LinkForm, SettingsForm
from kb.models import Article
from kb.selectors.articles import reviewing, standing, versions
from kb.selectors.articles.links import problems_of
from kb.selectors.articles.rendering import rendered_for_staff
from kb.selectors.articles.sight import CHANGE, PUBLISH, VIEW, articles_visible_to
from kb.services import articles as services
from kb.views.acting import actor_of
from kb.views.articles.chips import chips_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id
from supportops.metrics.scopes import today

SHOWN_VERSIONS = 5


def article_of(request: HttpRequest, pk: int) -> Article:
    """Return an article that the user sees, or answer 404."""
    rows = articles_visible_to(actor_of(request))
    return get_object_or_404(
        rows.select_related(
            "topic", "owner", "published", "redirects_to", "review_asked_by"
        ),
        pk=pk,
    )


class ArticleView(StaffPageMixin, TemplateView):
    """The text, beside it state, owner, versions, links, uses and questions."""

    permission = VIEW
    template_name = "kb/articles/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        article = article_of(self.request, self.kwargs["pk"])
        is_changed = versions.is_changed(article)
        shows_copy = article.published is None or "copy" in self.request.GET
        shown = article if shows_copy else article.published
        reviewers = list(article.reviewers.all())
        newest = list(versions.versions_of(article)[: SHOWN_VERSIONS + 1])
        problems = problems_of(article, body=shown.body)
        return super().get_context_data(
            title=shown.title,
            article=article,
            shown=shown,
            shows_copy=shows_copy,
            text=rendered_for_staff(shown.body, language=article.language),
            problems=problems,
            broken_count=sum(each.is_broken for each in problems),
            is_changed=is_changed,
            since_sent=reviewing.since_sent(article),
            chips=chips_of(article, is_changed=is_changed, today=today(timezone.now())),
            reviewers=reviewers,
            tiers=list(article.tiers.all()),
            categories=list(article.categories.all()),
            versions=newest[:SHOWN_VERSIONS],
            has_more_versions=len(newest) > SHOWN_VERSIONS,
            links=list(article.links.select_related("target")),
            link_form=LinkForm(),
            uses=standing.uses_of(article),
            translations=standing.translations_of(article),
            questions=list(standing.questions_of(article)),
            events=standing.events_of(article),
            **may(user, article, reviewers),
            **kwargs,
        )


def may(user: Any, article: Article, reviewers: list[Any]) -> dict[str, bool]:
    """Say which steps are open to a user; the services refuse all others."""
    State = Article.State  # noqa: N806 -- a class
    is_open = article.state != State.ARCHIVED
    publishes = user.has_perm(PUBLISH)
    in_review = article.review_asked_at is not None or article.state == State.REVIEW
    is_part = user in reviewers
    is_own = article.review_asked_by_id == user.pk
    return {
        "may_write": is_open and user.has_perm(CHANGE),
        "may_send": is_open and not in_review and user.has_perm(CHANGE),
        "may_publish": is_open and publishes and (is_part or not reviewers),
        "may_give_back": in_review and (publishes or is_part or is_own),
        "is_own_review": is_own,
        "may_archive": is_open and publishes,
        "may_restore": not is_open and publishes,
        "may_review": article.state == State.PUBLISHED
        and (publishes or is_part or article.owner_id == user.pk),
        "in_review": in_review,
    }


class StepView(StaffPageMixin, View):
    """One step of an article: ``step`` names it."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        step = STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        try:
            words = step(article, request)
        except services.RedirectRefused as refusal:
            messages.error(request, str(refusal))
            typed = urlencode({"redirects_to": request.POST.get("redirects_to", "")})
            return redirect(f"{reverse('kb:article', args=[pk])}?{typed}")
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, words)
        return redirect("kb:article", pk=pk)


def _send(article: Article, request: HttpRequest) -> str:
    services.send_for_review(
        article_id=article.pk, actor=actor_of(request), at=timezone.now()
    )
    return _("It is in review.")


def _give_back(article: Article, request: HttpRequest) -> str:
    services.give_back(
        article_id=article.pk,
        note=request.POST.get("note", ""),
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _("It is no longer in review.")


def _archive(article: Article, request: HttpRequest) -> str:
    typed = request.POST.get("redirects_to", "").strip()
    target = _article_meant(typed, actor_of(request))
    if typed and target is None:
        raise services.RedirectRefused(
            _("“%(typed)s” is not the number or address of an article.")
            % {"typed": typed[:200]}
        )
    services.archive(
        article_ids=[article.pk],
        redirects_to=target.pk if target else None,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _("It is archived.")


def _restore(article: Article, request: HttpRequest) -> str:
    services.restore(article_id=article.pk, actor=actor_of(request), at=timezone.now())
    return _("It is back.")


def _reviewed(article: Article, request: HttpRequest) -> str:
    services.mark_reviewed(
        article_id=article.pk, actor=actor_of(request), at=timezone.now()
    )
    return _("It is marked as reviewed.")


STEPS: dict[str, Callable[[Article, HttpRequest], str]] = {
    "send": _send,
    "give_back": _give_back,
    "archive": _archive,
    "restore": _restore,
    "reviewed": _reviewed,
}


class SettingsView(StaffPageMixin, TemplateView):
    """Topic, audience, people, address and review of one article."""

    permission = CHANGE
    title = gettext_lazy("Settings of the article")
    template_name = "kb/articles/settings.html"

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        article = article_of(request, pk)
        form = SettingsForm(initial=SettingsForm.initial_of(article))
        return self.render_to_response(
            self.get_context_data(form=form, article=article)
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = article_of(request, pk)
        form = SettingsForm(request.POST)
        if form.is_valid():
            try:
                services.change_settings(
                    article_id=pk,
                    actor=actor_of(request),
                    at=timezone.now(),
                    **form.settings(),
                )
            except OperationRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("kb:article", pk=pk)
        context = self.get_context_data(form=form, article=article)
        return self.render_to_response(context, status=422)


class LinksView(StaffPageMixin, View):
    """Add a link to another article, or take one away."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article_of(request, pk)
        how = {"article_id": pk, "actor": actor_of(request), "at": timezone.now()}
        try:
            if "remove" in request.POST:
                gone = row_id(request.POST["remove"])
                services.remove_link(link_id=gone, **how)
            else:
                services.add_link(link=self._wanted(request), **how)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("kb:article", pk=pk)

    def _wanted(self, request: HttpRequest) -> services.LinkTo:
        form = LinkForm(request.POST)
        target = None
        if form.is_valid():
            target = _article_meant(form.cleaned_data["target"], actor_of(request))
        if target is None:
            raise services.LinkRefused(_("No article has this number or address."))
        return services.LinkTo(target.pk, form.cleaned_data["kind"])


def _article_meant(typed: str, user: Any) -> Article | None:
    """Return the article a person means: its number, its address, or "number – title"."""
    rows = articles_visible_to(user)
    number, _space, title = typed.strip().removeprefix("#").partition(" ")
    if key := row_id(number):
        found = rows.filter(pk=key).first()
        title = title.strip().removeprefix("–").strip()
        # A number with other words behind it is no choice: it may be a slip.
        return found if found and title in {"", found.title} else None
    if title:
        return None
    address = typed.strip().rstrip("/").rpartition("/")[2].removeprefix("article:")
    return rows.filter(slug=address).order_by("language").first()
