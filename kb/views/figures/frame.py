"""What every page of self-service shares: its period, language and refusals."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from kb.models import Article, Place
from kb.selectors.figures.windows import Window
from supportops.common.pages import StaffPageMixin
from supportops.metrics.core.periods import Period, Preset
from supportops.metrics.scopes import ScopeInvalid, period_from

VIEW = "kb.view_search"
CUSTOM = "custom"
PERIODS = {
    Preset.DAYS_7: _("7 days"),
    Preset.DAYS_30: _("30 days"),
    Preset.DAYS_90: _("90 days"),
    Preset.LAST_MONTH: _("Last month"),
    Preset.LAST_QUARTER: _("Last quarter"),
    Preset.MONTHS_12: _("12 months"),
    CUSTOM: _("From – to"),
}


class FiguresPage(StaffPageMixin, TemplateView):
    """A page of figures: reads the filters of its address, refuses with 400."""

    permission = VIEW
    problem = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            period = asked_period(request.GET)
        except ScopeInvalid as refusal:
            self.problem, period = str(refusal), asked_period({})
        language, place = self._language(), self._place()
        self.window = Window.of(period, language=language, place=place)
        self.now = timezone.now()
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        return self.page()

    def page(self, status: int = 200, **context: Any) -> HttpResponseBase:
        context = self.get_context_data(**context)
        return self.render_to_response(context, status=400 if self.problem else status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            window=self.window,
            problem=self.problem,
            periods=PERIODS.items(),
            chosen=chosen_period(self.request.GET),
            languages=self.languages,
            places=Place.choices,
            carried=self.carried,
            **kwargs,
        )

    @cached_property
    def languages(self) -> list[str]:
        """The languages of articles, most of them first."""
        known = Article.objects.order_by("language").values_list("language", flat=True)
        return list(known.distinct())

    @property
    def carried(self) -> str:
        """The filters, as the addresses of the other pages take them."""
        kept = self.request.GET.copy()
        names = {"period", "from", "to", "language", "place"}
        for name in set(kept) - names:
            del kept[name]
        return kept.urlencode()

    def _language(self) -> str:
        asked = self.request.GET.get("language", "")
        return asked if asked in self.languages else ""

    def _place(self) -> str:
        asked = self.request.GET.get("place", "")
        return asked if asked in Place.values else Place.HELP


def asked_period(params: Mapping[str, Any]) -> Period:
    """Read the period; days are UTC's, as in all metrics."""
    kind = chosen_period(params)
    wanted: dict[str, Sequence[str]] = {"period": [kind]}
    if kind == CUSTOM:
        wanted = {name: [params.get(name, "")] for name in ("from", "to")}
    return period_from(wanted, at=timezone.now())


def chosen_period(params: Mapping[str, Any]) -> str:
    """Return the kind of period; two dates without one mean those."""
    has_dates = bool(params.get("from") or params.get("to"))
    kind = params.get("period") or (CUSTOM if has_dates else Preset.DAYS_30)
    return str(Preset.DAYS_30 if kind == CUSTOM and not has_dates else kind)


def address(name: str, **kwargs: Any) -> str:
    """Return an address of another part, or nothing where there is none."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
