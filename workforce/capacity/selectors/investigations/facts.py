"""What is known about the week of an investigation: curves, causes, events, outliers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from workforce.capacity.core.causes import Cause, suspected
from workforce.capacity.core.occurrences import Span
from workforce.capacity.models import (
    DayVolume,
    Event,
    ForecastDay,
    Investigation,
    OutlierDay,
    Queue,
)
from workforce.capacity.selectors.accuracy.intervals import (
    JudgedIntervals,
    judged_intervals,
)
from workforce.capacity.selectors.events.calendar import events_of, spans_of
from workforce.capacity.selectors.investigations.weeks import (
    WEEK,
    WeekReview,
    review_weeks,
)
from workforce.capacity.selectors.training import holiday_names

EARLIER_WEEKS = 4
HANDLE_WEEKS = 8


@dataclass(frozen=True)
class Detail:
    """Everything the page of an investigation shows beside what people wrote."""

    review: WeekReview | None
    intervals: JudgedIntervals
    causes: list[Cause]
    events: list[tuple[Event, list[Span]]]
    outliers: list[OutlierDay]
    earlier: list[WeekReview]

    @property
    def days_without_event(self) -> list[date]:
        """Days outside their band that neither an event nor a holiday explains."""
        known = {
            day
            for _event, spans in self.events
            for first, last in spans
            for day in _days(first, last)
        }
        known |= set(self._days_of("holiday"))
        return [day for day in self._days_of("day") if day not in known]

    def _days_of(self, code: str) -> list[date]:
        found = (each.values["day"] for each in self.causes if each.code == code)
        return [day for day in found if isinstance(day, date)]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def detail(investigation: Investigation) -> Detail:
    """Return the week of an investigation as the numbers stand now."""
    queue, monday = investigation.queue, investigation.starts_on
    mondays = [monday - WEEK * back for back in range(EARLIER_WEEKS + 1)]
    reviews = {each.monday: each for each in review_weeks(queue, mondays)}
    review = reviews.pop(monday, None)
    end = monday + WEEK
    earlier = [reviews[each] for each in mondays[1:] if each in reviews]
    snapshots = _snapshots(review, end) if review else {}
    intervals = judged_intervals(queue, monday, end, snapshots)
    causes = []
    if review is not None:
        causes = suspected(
            review.week,
            [each.week for each in earlier],
            hours=_more_by_hour(intervals),
            missing=review.missing,
            holidays=holiday_names(queue, monday, end),
            handle_times=_handle_times(queue, monday),
        )
    return Detail(
        review=review,
        intervals=intervals,
        causes=causes,
        events=_events(queue, monday, end),
        outliers=list(
            OutlierDay.objects.filter(
                queue=queue, day__gte=monday, day__lt=end
            ).order_by("day")
        ),
        earlier=earlier,
    )


def _snapshots(review: WeekReview, end: date) -> dict[date, int]:
    """Return the rows of the forecast that judges the week, by judged day."""
    rows = ForecastDay.objects.filter(
        forecast=review.forecast, day__gte=review.monday, day__lt=end
    ).values_list("day", "pk")
    return {day: key for day, key in rows if day in review.week.days}


def _more_by_hour(intervals: JudgedIntervals) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    difference = intervals.values.actual - intervals.values.mean
    for moment, more in zip(intervals.starts, difference, strict=True):
        hour = datetime.fromtimestamp(int(moment), intervals.zone).hour
        found[hour] += float(more)
    return dict(found)


def _handle_times(queue: Queue, monday: date) -> tuple[float, float] | None:
    """Return the mean handle time of the week and of the eight weeks before."""
    means = []
    for start, end in (
        (monday, monday + WEEK),
        (monday - HANDLE_WEEKS * WEEK, monday),
    ):
        sums = DayVolume.objects.filter(
            queue=queue, day__gte=start, day__lt=end
        ).aggregate(timed=Sum("timed"), seconds=Sum("handle_seconds"))
        if not sums["timed"]:
            return None
        means.append(sums["seconds"] / sums["timed"])
    return means[0], means[1]


def _events(queue: Queue, start: date, end: date) -> list[tuple[Event, list[Span]]]:
    found: Sequence[tuple[Event, list[Span]]] = [
        (event, spans_of(event, start, end)) for event in events_of(queue)
    ]
    return [(event, spans) for event, spans in found if spans]
