"""The picture of a queue's forecast and the table under it, by each grain."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workforce.capacity.charts.bands import Area, Chart, Line, Mark, Span, first_of_days
from workforce.capacity.forms.forecasts import OverlayChoice
from workforce.capacity.models import Forecast, OutlierDay, Queue
from workforce.capacity.selectors.events.calendar import events_of, spans_of
from workforce.capacity.selectors.forecasts.periods import (
    DAY,
    MONTH,
    Ahead,
    Period,
    periods,
)
from workforce.capacity.selectors.forecasts.weeks import time_rows, week_of
from workforce.capacity.templatetags.forecast_figures import percent_change, volume

TABLE_PAST = 28


class Asked(Protocol):
    """What the picture needs of what the address asks."""

    queue: Queue

    @property
    def today(self) -> date: ...
    @property
    def grain(self) -> str: ...
    @property
    def monday(self) -> date: ...
    def address(self, **changes: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class EventSpan:
    """One occurrence of an event of the queue."""

    name: str
    first: date
    last: date
    percent: float | None

    @property
    def words(self) -> str:
        if self.percent is None:
            return self.name
        return f"{self.name} {percent_change(self.percent)}"


@dataclass(frozen=True, slots=True)
class Noted:
    """Days to be marked: outliers that were not dismissed, and events."""

    outliers: list[OutlierDay]
    events: list[EventSpan]

    @classmethod
    def of(cls, queue: Queue, start: date, last: date) -> "Noted":
        rows = OutlierDay.objects.filter(queue=queue, day__gte=start, day__lte=last)
        end = last + timedelta(days=1)
        found = [
            EventSpan(
                event.name,
                first,
                until,
                None if event.percent is None else float(event.percent),
            )
            for event in events_of(queue)
            for first, until in spans_of(event, start, end)
        ]
        return cls(
            outliers=list(
                rows.exclude(state=OutlierDay.State.DISMISSED).order_by("day")
            ),
            events=sorted(found, key=lambda each: (each.first, each.name)),
        )


def period_page(
    asked: Asked,
    ahead: Ahead,
    noted: Noted,
    compared: Forecast | None,
    choice: OverlayChoice,
) -> dict[str, Any]:
    """Return the picture by day, week or month, and its table."""
    rows = [
        row
        for row in periods(ahead, asked.grain)
        if row.came is not None or row.whole is not None
    ]
    chart = Chart(
        label=_label(asked, rows),
        names=[_name(row, asked.grain) for row in rows],
        unit=_("Contacts offered a %(grain)s, %(zone)s")
        % {"grain": _grain_word(asked.grain), "zone": asked.queue.time_zone},
        now=next((i for i, row in enumerate(rows) if not row.is_over), None),
        areas=_areas(rows, with_overlays=bool(choice.changes)),
        lines=_lines(rows, compared, choice),
        marks=_outlier_marks(rows, noted) if asked.grain == DAY else [],
        spans=_event_spans(rows, noted) if asked.grain != MONTH else [],
    )
    since = asked.today - timedelta(days=TABLE_PAST)
    return {
        "chart": chart,
        "rows": [row for row in rows if asked.grain != DAY or row.first >= since],
        "has_outliers": bool(chart.marks),
        "has_events": bool(chart.spans),
    }


def _grain_word(grain: str) -> str:
    return {DAY: _("day"), MONTH: _("month")}.get(grain, _("week"))


def _name(row: Period, grain: str) -> str:
    return date_format(row.first, "M Y" if grain == MONTH else "j M")


def _label(asked: Asked, rows: Sequence[Period]) -> str:
    coming = [row.whole for row in rows if row.whole is not None and not row.is_over]
    if not coming:
        return _("%(queue)s: nothing expected any more.") % {"queue": asked.queue}
    return _(
        "%(queue)s: from %(first)s to %(last)s, %(low)s to %(high)s are expected a "
        "%(grain)s."
    ) % {
        "queue": asked.queue,
        "first": date_format(asked.today),
        "last": date_format(rows[-1].last),
        "low": volume(min(each.mean for each in coming)),
        "high": volume(max(each.mean for each in coming)),
        "grain": _grain_word(asked.grain),
    }


def _areas(rows: Sequence[Period], *, with_overlays: bool) -> list[Area]:
    totals = [row.overlaid if with_overlays else row.whole for row in rows]
    return [
        Area(
            _("95 of 100 times within"),
            "wide",
            [each and each.low95 for each in totals],
            [each and each.high95 for each in totals],
        ),
        Area(
            _("80 % band"),
            "narrow",
            [each and each.low80 for each in totals],
            [each and each.high80 for each in totals],
        ),
    ]


def _lines(
    rows: Sequence[Period], compared: Forecast | None, choice: OverlayChoice
) -> list[Line]:
    lines = [
        Line(_("Actual"), "actual", [row.came if row.is_over else None for row in rows])
    ]
    if compared is not None:
        lines.append(
            Line(_("Published forecast"), "before", [row.other for row in rows])
        )
    expected = [row.whole and row.whole.mean for row in rows]
    lines.append(Line(_("Expected"), "expected", expected))
    if choice.changes:
        overlaid = [
            None if row.is_over else row.overlaid and row.overlaid.mean for row in rows
        ]
        lines.append(Line(_("With overlays"), "other", overlaid))
    return lines


def _outlier_marks(rows: Sequence[Period], noted: Noted) -> list[Mark]:
    place = {row.first: index for index, row in enumerate(rows)}
    return [
        Mark(
            place[each.day],
            float(each.actual),
            "outlier",
            _("Outlier, %(day)s: %(actual)s came, %(expected)s expected. %(state)s")
            % {
                "day": date_format(each.day),
                "actual": volume(each.actual),
                "expected": volume(each.expected),
                "state": each.get_state_display(),
            },
        )
        for each in noted.outliers
        if each.day in place
    ]


def _event_spans(rows: Sequence[Period], noted: Noted) -> list[Span]:
    firsts = [row.first for row in rows]
    lasts = [row.last for row in rows]
    found = []
    for event in noted.events:
        first = bisect_left(lasts, event.first)
        last = bisect_right(firsts, event.last) - 1
        if first <= last:
            found.append(Span(first, last, event.words))
    return found


def interval_page(
    asked: Asked, shown: Forecast, compared: Forecast | None, choice: OverlayChoice
) -> dict[str, Any]:
    """Return one week's picture by interval, and its table of times by days."""
    week = week_of(
        asked.queue,
        shown,
        compared,
        monday=asked.monday,
        overlays=choice.changes,
        today=asked.today,
    )
    plan = week.overlaid if choice.changes else week.shown
    lines = [Line(_("Actual"), "actual", _known(week.came))]
    if compared is not None:
        lines.append(Line(_("Published forecast"), "before", _known(week.other)))
    lines.append(Line(_("Expected"), "expected", _known(week.shown.mean)))
    if choice.changes:
        lines.append(Line(_("With overlays"), "other", _known(week.overlaid.mean)))
    chart = Chart(
        label=_("%(queue)s by interval, week from %(day)s")
        % {"queue": asked.queue, "day": date_format(week.monday)},
        names=[date_format(moment, "D") for moment in week.local],
        printed=first_of_days([moment.date() for moment in week.local]),
        unit=_("Contacts offered in %(minutes)d minutes, %(zone)s")
        % {
            "minutes": asked.queue.interval_minutes,
            "zone": asked.queue.time_zone,
        },
        areas=[
            Area(
                _("95 of 100 times within"),
                "wide",
                _known(plan.low95),
                _known(plan.high95),
            ),
            Area(
                _("80 % band"),
                "narrow",
                _known(plan.low80),
                _known(plan.high80),
            ),
        ],
        lines=lines,
    )
    return {
        "chart": chart,
        "week": week,
        "week_days": [week.monday + timedelta(days=n) for n in range(7)],
        "times": time_rows(week, plan.mean),
        "week_before": asked.address(week=week.monday - timedelta(days=7)),
        "week_after": asked.address(week=week.monday + timedelta(days=7)),
    }


def _known(values: np.ndarray) -> list[float | None]:
    return [float(each) if np.isfinite(each) else None for each in values]
