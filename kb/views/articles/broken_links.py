"""All published articles with links that readers cannot follow."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.selectors.articles.links import broken, problems_by_article
from kb.selectors.articles.sight import VIEW, articles_visible_to
from kb.views.acting import actor_of
from supportops.common.pages import StaffPageMixin

PAGE_SIZE = 25


class BrokenLinksView(StaffPageMixin, TemplateView):
    permission = VIEW
    title = gettext_lazy("Broken links")
    template_name = "kb/articles/broken_links.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = articles_visible_to(actor_of(self.request))
        rows = broken(
            seen.filter(pk__in=list(problems_by_article()))
            .select_related("topic", "owner")
            .defer("body")
            .order_by("title", "pk")
        )
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            rows=page.object_list,
            total=sum(each.count for each in rows),
            broken=sum(bool(each.count) for each in rows),
            moved=sum(len(each.problems) - each.count for each in rows),
            **kwargs,
        )
