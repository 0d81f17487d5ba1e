"""The list of articles, and what is done with many at once."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from kb.forms.articles.listing import BulkForm, FilterForm
from kb.selectors.articles.links import problems_by_article
from kb.selectors.articles.listing import listed, topic_choices
from kb.selectors.articles.sight import CHANGE, VIEW, articles_visible_to
from kb.services import articles as services
from kb.views.acting import actor_of
from kb.views.articles.chips import chips_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import today

PAGE_SIZE = 25
HEADER = (
    "id", "title", "address", "language", "state", "audience", "purpose", "topic",
    "owner", "published", "reviewed", "review due", "helpful", "not helpful",
    "text changed",
)  # fmt: skip


class ArticlesView(StaffPageMixin, TemplateView):
    """Every article, in every state, narrowed by what the address says."""

    permission = VIEW
    title = gettext_lazy("Articles")
    template_name = "kb/articles/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = FilterForm(request.GET)
        filters = form.filters()
        day = today(timezone.now())
        rows = listed(actor_of(request), filters, today=day)
        if "csv" in request.GET:
            return csv_response("articles", HEADER, _csv_rows(rows))
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        problems = problems_by_article()
        context = self.get_context_data(
            form=form,
            filters=filters,
            page=page,
            rows=[
                {
                    "article": each,
                    "chips": chips_of(each, is_changed=each.is_changed, today=day),
                    "problems": sum(
                        problem.is_broken for problem in problems.get(each.pk, ())
                    ),
                }
                for each in page.object_list
            ],
            is_first=not filters.is_narrowed and not page.paginator.count,
            topics=topic_choices(),
            people=form.people,
            **kwargs,
        )
        return self.render_to_response(context)


def _csv_rows(rows: Any) -> Iterator[tuple[Any, ...]]:
    for each in rows:
        yield (
            each.pk, each.title, each.slug, each.language, each.get_state_display(),
            each.get_audience_display(), each.get_kind_display(), each.topic,
            each.owner or "", _moment(each.published_at), _moment(each.reviewed_at),
            each.review_due_on, each.yes, each.no, _moment(each.text_changed_at or each.created_at),
        )  # fmt: skip


def _moment(at: Any) -> str:
    return at.isoformat(timespec="minutes") if at else ""


class BulkView(StaffPageMixin, View):
    """Archive, give away, move or mark as reviewed what was ticked: all or none."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BulkForm(request.POST)
        back = redirect(_list_address(request))
        if "redirects_to" in form.errors:
            messages.error(
                request,
                _("“%(typed)s” is not the number of an article.")
                % {"typed": request.POST.get("redirects_to", "")[:200]},
            )
            return back
        if not form.is_valid() or not form.cleaned_data["ids"]:
            messages.error(request, _("Tick the articles first."))
            return back
        seen = articles_visible_to(actor_of(request))
        ids = list(
            seen.filter(pk__in=form.cleaned_data["ids"]).values_list("pk", flat=True)
        )
        if form.cleaned_data["verb"] == "export":
            return redirect(f"{reverse('kb:articles-export')}?{_ids(ids)}")
        try:
            words = _do(form.cleaned_data, ids, actor_of(request))
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, words)
        return back


def _do(wanted: dict[str, Any], ids: list[int], actor: Any) -> str:
    now = timezone.now()
    if wanted["verb"] == "archive":
        services.archive(
            article_ids=ids, redirects_to=wanted["redirects_to"], actor=actor, at=now
        )
        return ngettext(
            "%(n)s article is archived.", "%(n)s articles are archived.", len(ids)
        ) % {"n": len(ids)}
    changes: services.Settings = {}
    if wanted["verb"] == "owner":
        changes = {"owner_id": wanted["owner"]}
    elif wanted["verb"] == "topic":
        changes = {"topic_id": wanted["topic"] or 0}
    services.change_many(
        article_ids=ids,
        actor=actor,
        at=now,
        is_reviewed=wanted["verb"] == "reviewed",
        **changes,
    )
    return ngettext(
        "%(n)s article is changed.", "%(n)s articles are changed.", len(ids)
    ) % {"n": len(ids)}


def _ids(ids: list[int]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("ids", ids)
    return query.urlencode()


def _list_address(request: HttpRequest) -> str:
    """Return to the list as it was narrowed; its address goes through the form's parser."""
    shown = QueryDict(request.POST.get("shown", "")).urlencode()
    address = reverse("kb:articles")
    return f"{address}?{shown}" if shown else address
