"""The list of queues with what is expected of each, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from workforce.capacity.core.bands import NAMES, Band, Total, total
from workforce.capacity.core.forecast import Backtest, Figures
from workforce.capacity.models import (
    DayVolume,
    Forecast,
    ForecastDay,
    Investigation,
    Queue,
)
from workforce.capacity.selectors.volumes import DayTable
from workforce.capacity.selectors.volumes import days as day_table

SHORT, LONG = 7, 28
HEAVY = ("quality", "applied")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue: what is expected by the forecast that holds, or by its draft."""

    queue: Queue
    published: Forecast | None
    draft: Forecast | None
    next_week: Total | None
    next_weeks: Total | None
    last_weeks: float | None
    last_data: date | None
    days_left: int

    @property
    def shown(self) -> Forecast | None:
        return self.published or self.draft

    @property
    def change(self) -> float | None:
        """The coming four weeks against the last four, as a share."""
        if (
            not self.last_weeks
            or self.next_weeks is None
            or self.next_weeks.n < LONG // 2
        ):
            return None
        return self.next_weeks.mean / self.last_weeks - 1

    @property
    def figures(self) -> Figures | None:
        """What the method of the forecast shown did on past days."""
        return figures_of(self.shown)

    @property
    def noise_floor(self) -> float | None:
        return noise_floor_of(self.shown)

    @property
    def open_investigations(self) -> int:
        return int(getattr(self.queue, "open_investigations", 0))


def backtest_of(forecast: Forecast | None) -> Backtest | None:
    """Return the stored figures of all methods; none on a short history."""
    if forecast is None or not forecast.backtest.get("methods"):
        return None
    return Backtest.from_dict(forecast.backtest)


def figures_of(forecast: Forecast | None) -> Figures | None:
    figures = backtest_of(forecast)
    return figures.methods.get(forecast.method) if figures and forecast else None


def noise_floor_of(forecast: Forecast | None) -> float | None:
    figures = backtest_of(forecast)
    return figures.noise_floor if figures else None


def listed(queues: QuerySet[Queue]) -> QuerySet[Queue]:
    """Return the queues with their current forecasts and what else a line needs."""
    wanted = [Forecast.State.PUBLISHED, Forecast.State.DRAFT]
    current = Forecast.objects.filter(state__in=wanted).defer(*HEAVY)
    current = current.select_related("published_by").order_by("created_at", "pk")
    still_open = Count(
        "investigations",
        filter=Q(investigations__state=Investigation.State.OPEN),
        distinct=True,
    )
    return queues.annotate(open_investigations=still_open).prefetch_related(
        Prefetch("forecasts", current, to_attr="current")
    )


def queue_lines(queues: Sequence[Queue], at: datetime) -> list[QueueLine]:
    """Return a line for each of ``listed`` queues: three queries, however many."""
    if not queues:
        return []
    todays = {q.pk: at.astimezone(ZoneInfo(q.time_zone)).date() for q in queues}
    first, last = min(todays.values()), max(todays.values())
    newest = {q.pk: forecasts_by_state(q) for q in queues}
    shown = [
        by_state.get(Forecast.State.PUBLISHED) or by_state.get(Forecast.State.DRAFT)
        for by_state in newest.values()
    ]
    bands = bands_of(
        (row.pk for row in shown if row), first, last + timedelta(days=LONG)
    )
    ids = [queue.pk for queue in queues]
    past = day_table(ids, first - timedelta(days=LONG), last)
    data = last_data(ids)
    return [
        _line(queue, newest[queue.pk], todays[queue.pk], bands, past, row, data)
        for row, queue in enumerate(queues)
    ]


def forecasts_by_state(queue: Queue) -> dict[str, Forecast]:
    """Return the newest forecast of each state that a ``listed`` queue brought along."""
    current: Iterable[Forecast] = queue.current  # type: ignore[attr-defined]
    return {row.state: row for row in current}


def last_data(queue_ids: Sequence[int]) -> dict[int, date]:
    """Return the newest day with volumes of each queue that has any."""
    rows = DayVolume.objects.filter(queue__in=queue_ids).order_by().values("queue_id")
    return dict(rows.annotate(last=Max("day")).values_list("queue_id", "last"))


def bands_of(
    forecast_ids: Iterable[int], start: date, end: date
) -> dict[int, tuple[np.ndarray, Band]]:
    """Return each forecast's days ``[start, end)``, one query: days and their band."""
    rows = ForecastDay.objects.filter(
        forecast__in=list(forecast_ids), day__gte=start, day__lt=end
    )
    found: dict[int, list[tuple[date, tuple[float, ...]]]] = {}
    for forecast_id, day, *values in rows.order_by("day").values_list(
        "forecast_id", "day", *NAMES
    ):
        found.setdefault(forecast_id, []).append((day, tuple(values)))
    return {key: _band(entries) for key, entries in found.items()}


def _band(
    entries: Sequence[tuple[date, tuple[float, ...]]],
) -> tuple[np.ndarray, Band]:
    table = np.array([values for _day, values in entries], dtype=float).T
    days = np.array([day for day, _values in entries], dtype="datetime64[D]")
    return days, Band(*table)


def within(days: np.ndarray, band: Band, start: date, end: date) -> Total | None:
    """Return the total of the days ``[start, end)``; none where the band has no day."""
    inside = (days >= np.datetime64(start)) & (days < np.datetime64(end))
    if not inside.any():
        return None
    return total(Band(*(getattr(band, name)[inside] for name in NAMES)))


def _line(
    queue: Queue,
    by_state: Mapping[str, Forecast],
    today: date,
    bands: Mapping[int, tuple[np.ndarray, Band]],
    past: DayTable,
    row: int,
    data: Mapping[int, date],
) -> QueueLine:
    published = by_state.get(Forecast.State.PUBLISHED)
    draft = by_state.get(Forecast.State.DRAFT)
    shown = published or draft
    days, band = bands.get(shown.pk if shown else 0, (None, None))

    def ahead(count: int) -> Total | None:
        if days is None or band is None:
            return None
        return within(days, band, today, today + timedelta(days=count))

    since = np.datetime64(today - timedelta(days=LONG))
    window = (past.days >= since) & (past.days < np.datetime64(today))
    came = past.offered[row, window]
    left = (published.ends_on - today).days + 1 if published else 0
    return QueueLine(
        queue=queue,
        published=published,
        draft=draft,
        next_week=ahead(SHORT),
        next_weeks=ahead(LONG),
        last_weeks=float(np.nansum(came)) if np.isfinite(came).any() else None,
        last_data=data.get(queue.pk),
        days_left=max(0, left),
    )
