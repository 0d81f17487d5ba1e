"""The rolling view: three months ahead over all queues."""

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from workforce.capacity.selectors.forecasts.lines import listed
from workforce.capacity.selectors.forecasts.months import (
    month_rows,
    month_totals,
)
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.views.forecasts import VIEW, rights_of

PAGE_SIZE = 100


class MonthsView(StaffPageMixin, TemplateView):
    """What comes in the next three months, queue by queue and in all?"""

    permission = VIEW
    title = gettext_lazy("Three months ahead")
    template_name = "capacity/forecasts/months.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        queues = listed(queues_visible_to(self.request.user).filter(is_active=True))
        queues = queues.order_by("name", "channel", "pk")
        page = Paginator(queues, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows = month_rows(list(page.object_list), now)
        months = [cell.month for cell in rows[0].cells] if rows else []
        return super().get_context_data(
            page=page,
            rows=rows,
            months=months,
            totals=zip(months, month_totals(rows), strict=False),
            without=sum(row.forecast is None for row in rows),
            **rights_of(self.request),
            **kwargs,
        )
