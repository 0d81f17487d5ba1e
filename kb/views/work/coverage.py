"""Which ticket categories have an article, and which do not."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.selectors.work.coverage import TARGET, WARNING, coverage
from kb.views.work.worklist import VIEW
from supportops.common.pages import StaffPageMixin


class CoverageView(StaffPageMixin, TemplateView):
    """Tickets of the last months by category, with the articles for each."""

    permission = VIEW
    title = gettext_lazy("Coverage by ticket category")
    template_name = "kb/work/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = coverage(at=timezone.now())
        return super().get_context_data(
            found=found,
            chip=_chip(found.of_categories),
            target=TARGET,
            warning=WARNING,
            here="coverage",
            **kwargs,
        )


def _chip(share: float | None) -> str:
    if share is None:
        return "idle"
    if share >= TARGET:
        return "ok"
    return "watch" if share >= WARNING else "late"
