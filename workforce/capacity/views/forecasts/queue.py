"""One queue: how much will come, and how sure is it?"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.asked_days import asked_day
from supportops.common.pages import StaffPageMixin
from workforce.capacity.forms.forecasts import OverlayChoice, OverlayForm
from workforce.capacity.models import Forecast, Investigation, Queue, QueueMethod
from workforce.capacity.selectors.forecasts.applied import applied_events, doubled
from workforce.capacity.selectors.forecasts.comparison import method_rows
from workforce.capacity.selectors.forecasts.lines import (
    backtest_of,
    figures_of,
    last_data,
)
from workforce.capacity.selectors.forecasts.periods import (
    DAY,
    INTERVAL,
    MONTH,
    WEEK,
    Ahead,
    ahead_of,
    days_total,
    periods,
)
from workforce.capacity.selectors.forecasts.quality import quality_words
from workforce.capacity.selectors.forecasts.scenarios import overlays_of
from workforce.capacity.selectors.forecasts.versions import (
    draft_of,
    once_published,
    overlays_in,
)
from workforce.capacity.views.forecasts import VIEW, queue_or_404, rights_of
from workforce.capacity.views.forecasts.pictures import (
    Noted,
    interval_page,
    period_page,
)

GRAINS: dict[str, Promise] = {
    DAY: gettext_lazy("By day"),
    INTERVAL: gettext_lazy("By interval"),
    WEEK: gettext_lazy("By week"),
    MONTH: gettext_lazy("By month"),
}
PASTS: dict[int, Promise] = {
    8: gettext_lazy("8 weeks back"),
    26: gettext_lazy("26 weeks back"),
    52: gettext_lazy("A year back"),
}
THREE_MONTHS = timedelta(days=91)
EVENTS_SHOWN = 8


@dataclass(frozen=True)
class Asked:
    """What the address asks to see."""

    request: HttpRequest
    queue: Queue

    @cached_property
    def today(self) -> date:
        return timezone.now().astimezone(ZoneInfo(self.queue.time_zone)).date()

    @cached_property
    def grain(self) -> str:
        asked = self.request.GET.get("grain", "")
        return asked if asked in GRAINS else DAY

    @cached_property
    def past(self) -> int:
        asked = self.request.GET.get("past", "")
        return int(asked) if asked in map(str, PASTS) else min(PASTS)

    @cached_property
    def monday(self) -> date:
        day = asked_day(self.request.GET.get("week")) or self.today
        return day - timedelta(days=day.weekday())

    @cached_property
    def shows_draft(self) -> bool:
        return self.request.GET.get("show", "") == "draft"

    def address(self, **changes: Any) -> str:
        """Return this page's address with some of what it asks changed."""
        said = self.request.GET.copy()
        for name, value in changes.items():
            said[name] = str(value)
        return f"?{said.urlencode()}"


class ForecastView(StaffPageMixin, TemplateView):
    permission = VIEW
    template_name = "capacity/forecasts/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        queue = queue_or_404(self.request, self.kwargs["pk"])
        asked = Asked(self.request, queue)
        held = list(once_published(queue))
        published = next(
            (row for row in held if row.state == Forecast.State.PUBLISHED), None
        )
        draft = draft_of(queue)
        shown = draft if asked.shows_draft or published is None else published
        shown = shown or published
        context = {
            "title": str(queue),
            "queue": queue,
            "asked": asked,
            "published": published,
            "draft": draft,
            "shown": shown,
            "held": held,
            "last_data": last_data([queue.pk]).get(queue.pk),
            "has_forecast": shown is not None,
            **rights_of(self.request),
            **self._method(queue, shown),
        }
        if shown is not None:
            compared = published if shown is draft else None
            context |= self._shown(asked, shown, compared)
        return super().get_context_data(**context, **kwargs)

    def _method(self, queue: Queue, shown: Forecast | None) -> dict[str, Any]:
        chosen = QueueMethod.objects.filter(queue=queue).first() or QueueMethod()
        return {"chosen": chosen, "methods": method_rows(shown, chosen.method)}

    def _shown(
        self, asked: Asked, shown: Forecast, compared: Forecast | None
    ) -> dict[str, Any]:
        queue = asked.queue
        choice = OverlayChoice(self.request.GET, list(overlays_of(queue)))
        ahead = _ahead(asked, shown, compared, choice)
        noted = Noted.of(queue, ahead.start, shown.ends_on)
        page = (
            interval_page(asked, shown, compared, choice)
            if asked.grain == INTERVAL
            else period_page(asked, ahead, noted, compared, choice)
        )
        today = asked.today
        events = [each for each in applied_events(shown) if each.last >= today]
        return page | {
            "choice": choice,
            "compared": compared,
            "overlay_form": OverlayForm(),
            "next_week": _next(ahead, 7),
            "next_weeks": _next(ahead, 28),
            "months": _future(ahead, MONTH, today.replace(day=1)),
            "weeks": _future(ahead, WEEK, today - timedelta(days=today.weekday())),
            "figures": figures_of(shown),
            "backtest": backtest_of(shown),
            "quality": quality_words(shown),
            "stored_overlays": overlays_in(shown),
            "doubled": doubled(choice.changes, events, since=today),
            "applied_events": events[:EVENTS_SHOWN],
            "more_events": max(0, len(events) - EVENTS_SHOWN),
            "days_left": max(0, (shown.ends_on - today).days + 1),
            "investigations": queue.investigations.filter(
                state=Investigation.State.OPEN
            ).count(),
            "grains": [
                (code, name, asked.address(grain=code)) for code, name in GRAINS.items()
            ],
            "pasts": [(n, name, asked.address(past=n)) for n, name in PASTS.items()],
        }


def _ahead(
    asked: Asked, shown: Forecast, compared: Forecast | None, choice: OverlayChoice
) -> Ahead:
    """Read every day that any part of the page needs, once."""
    weeks = asked.past * (1 if asked.grain == DAY else 2)
    start = min(asked.today - timedelta(weeks=weeks), asked.today.replace(day=1))
    start = start.replace(day=1) if asked.grain == MONTH else start
    start -= timedelta(days=start.weekday() if asked.grain == WEEK else 0)
    monday = asked.today - timedelta(days=asked.today.weekday())
    return ahead_of(
        asked.queue,
        shown,
        compared,
        start=min(start, monday),
        end=max(shown.ends_on, asked.today) + timedelta(days=1),
        today=asked.today,
        overlays=choice.changes,
    )


def _next(ahead: Ahead, days: int) -> Any:
    """Return the sum of the next days from today on, or none."""
    return days_total(ahead, ahead.today, ahead.today + timedelta(days=days))


def _future(ahead: Ahead, grain: str, start: date) -> list[Any]:
    """Return the periods from the running one on, three months of them."""
    end = ahead.today + THREE_MONTHS
    found = periods(ahead, grain, start=start, end=end)
    return [each for each in found if each.whole is not None]
