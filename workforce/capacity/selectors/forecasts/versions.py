"""Forecasts of one queue over time: which hold, which held, and what would change."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from workforce.capacity.core.bands import Total
from workforce.capacity.core.overlays import Change, Overlay
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts.periods import WEEK, ahead_of, periods

HISTORY = 12
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekChange:
    """One week: what the published forecast says, and what the new one would."""

    first: date
    last: date
    before: float | None
    new: Total
    is_whole: bool
    is_covered: bool

    @property
    def change(self) -> float | None:
        """The new against the published, where both know the same days."""
        if not self.before or not self.is_covered:
            return None
        return self.new.mean / self.before - 1


def draft_of(queue: Queue) -> Forecast | None:
    """Return the queue's newest draft, or none."""
    drafts = Forecast.objects.filter(queue=queue, state=Forecast.State.DRAFT)
    return drafts.select_related("created_by").order_by("-created_at", "-pk").first()


def once_published(queue: Queue) -> QuerySet[Forecast]:
    """Return the newest forecasts that hold or held, with who published them."""
    rows = Forecast.objects.filter(queue=queue).exclude(state=Forecast.State.DRAFT)
    rows = rows.select_related("published_by").defer("quality")
    return rows.order_by("-published_at", "-pk")[:HISTORY]


def week_changes(
    queue: Queue,
    draft: Forecast,
    before: Forecast | None,
    *,
    today: date,
    overlays: list[Overlay],
) -> list[WeekChange]:
    """Return what publishing a draft with these overlays changes, week by week."""
    end = draft.ends_on + timedelta(days=1)
    ahead = ahead_of(
        queue, draft, before, start=today, end=end, today=today, overlays=overlays
    )
    return [
        WeekChange(
            first=each.first,
            last=each.last,
            before=each.other,
            new=each.overlaid,
            is_covered=each.other_days >= each.overlaid.n,
            is_whole=(each.end - each.first).days == WEEK_DAYS,
        )
        for each in periods(ahead, WEEK)
        if each.overlaid is not None
    ]


def overlays_in(forecast: Forecast | None) -> list[Change]:
    """Return the overlays a forecast was published with, as they were then."""
    stored = forecast.applied.get("overlays", []) if forecast else []
    return [Change.from_dict(each) for each in stored]


def baseline_of(forecast: Forecast) -> dict[date, float]:
    """Return the days that overlays changed at publication, as they were before."""
    stored: dict[str, float] = forecast.applied.get("baseline", {})
    return {date.fromisoformat(day): mean for day, mean in stored.items()}
