"""Computing one queue's forecast: what is learnt from, the draft, and what was noticed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.core.bands import Band
from workforce.capacity.core.forecast import CalendarEvent, forecast
from workforce.capacity.core.forecast import Forecast as Computed
from workforce.capacity.core.snapshot import snapshot_days
from workforce.capacity.models import Forecast, ForecastDay, Queue, QueueMethod
from workforce.capacity.selectors.events.calendar import (
    calendar_events,
    events_of,
    key_of,
)
from workforce.capacity.selectors.outliers import decided
from workforce.capacity.selectors.training import History, history, holidays_of
from workforce.capacity.services.forecasting.refusals import (
    HistoryTooShort,
    NothingToForecast,
    QueueInactive,
)
from workforce.people.models import User

LEAST_DAYS = 14
"""Below two weeks no weekday has come twice: nothing to learn from."""

RECENT = 8
"""Weeks that show on which weekdays a queue is open."""

FREQUENCY = {15: "15min", 30: "30min", 60: "h", 1440: "D"}


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a computation takes, read once."""

    queue: Queue
    past: History
    today: date
    end: date
    holidays: frozenset[date]
    events: list[CalendarEvent]
    keep: frozenset[date]
    drop: frozenset[date]


def run_forecast(
    *,
    queue_id: int,
    method: str | None = None,
    horizon_days: int | None = None,
    actor: User | None,
    at: datetime,
    run: str = "",
) -> Forecast:
    """Compute a queue's forecast and store it as its draft, in place of an older draft.

    Method and horizon are those chosen for the queue unless given. With ``run`` (the
    name of a piece of long work) a forecast that this run has made is returned as it is.
    It learns from the days before today, so that no half day is taken for a quiet one.

    Raises ``QueueInactive``, ``HistoryTooShort`` or ``NothingToForecast``.
    """
    queue = Queue.objects.select_related("calendar").get(pk=queue_id)
    made = Forecast.objects.filter(queue=queue, applied__run=run) if run else None
    if made is not None and (known := made.first()):
        return known
    chosen = QueueMethod.objects.filter(queue=queue).first() or QueueMethod()
    asked = method or chosen.method
    material = _material(queue, horizon_days or chosen.horizon_days, at)
    return _store(material, _computed(material, asked), asked, actor, at, run)


def _material(queue: Queue, horizon_days: int, at: datetime) -> Material:
    if not queue.is_active:
        raise QueueInactive(
            _("%(queue)s is not active: activate it first.") % {"queue": queue}
        )
    today = at.astimezone(ZoneInfo(queue.time_zone)).date()
    past = history(queue, today)
    if past.first is None or past.last is None or past.n_days < LEAST_DAYS:
        raise HistoryTooShort(
            _(
                "%(queue)s has %(n)d days of volumes; a forecast needs %(least)d. "
                "Import its history under Volumes."
            )
            % {"queue": queue, "n": past.n_days, "least": LEAST_DAYS}
        )
    end = today + timedelta(days=horizon_days)
    keep, drop = decided(queue)
    return Material(
        queue=queue,
        past=past,
        today=today,
        end=end,
        holidays=holidays_of(queue, past.first.year, end.year),
        events=calendar_events(queue, past.first, end),
        keep=keep,
        drop=drop,
    )


def _computed(material: Material, method: str) -> Computed:
    past = material.past
    ahead = (material.end - (past.last or material.today)).days - 1
    return forecast(
        past.timestamps,
        past.offered,
        horizon=timedelta(days=ahead),
        method=method,
        freq=FREQUENCY[material.queue.interval_minutes],
        holidays=material.holidays,
        events=material.events,
        keep=material.keep,
        drop=material.drop,
    )


@transaction.atomic
def _store(
    material: Material,
    computed: Computed,
    asked: str,
    actor: User | None,
    at: datetime,
    run: str,
) -> Forecast:
    """Write the draft and its days; the queue's row is locked, older drafts go."""
    queue = Queue.objects.select_for_update(of=("self",)).get(pk=material.queue.pk)
    days = list(
        snapshot_days(
            computed.timestamps,
            _band(computed.mean, computed.lower, computed.upper),
            computed.days,
            _band(computed.day_mean, computed.day_lower, computed.day_upper),
            zone=ZoneInfo(queue.time_zone),
            start=material.today,
        )
    )
    if not days:
        raise NothingToForecast(
            _("%(queue)s is closed on every day until %(day)s. Choose more days ahead.")
            % {"queue": queue, "day": material.end}
        )
    queue.forecasts.filter(state=Forecast.State.DRAFT).delete()
    past = material.past
    draft = Forecast.objects.create(
        queue=queue,
        asked_method=asked,
        method=computed.method,
        trained_until=(past.last or material.today) + timedelta(days=1),
        starts_on=material.today,
        ends_on=material.end - timedelta(days=1),
        backtest=computed.backtest.to_dict() if computed.backtest else {},
        quality=_quality(material, computed),
        applied={"run": run, "weights": _weights(computed), "overlays": []}
        | {"events": _events(material, computed)},
        created_by=actor,
        created_at=at,
    )
    ForecastDay.objects.bulk_create(
        [
            ForecastDay(
                forecast=draft, day=each.day, intervals=each.intervals, **each.total
            )
            for each in days
        ],
        batch_size=200,
    )
    return draft


def _band(
    mean: np.ndarray, lower: dict[int, np.ndarray], upper: dict[int, np.ndarray]
) -> Band:
    return Band(mean, lower[80], upper[80], lower[95], upper[95])


def _weights(computed: Computed) -> dict[str, float]:
    return {name: round(float(part), 4) for name, part in computed.weights.items()}


def _quality(material: Material, computed: Computed) -> list[dict[str, Any]]:
    """Return what was noticed in the data, as codes with figures; words come later."""
    past = material.past
    found: list[dict[str, Any]] = [
        {"code": code}
        for code in computed.notes
        if code not in {"gaps", "outliers", "short_history"}
    ]
    if past.last is not None:
        stale = _missing(material, past.last + timedelta(days=1), material.today)
        if stale:
            found.append({"code": "stale", "days": len(stale)})
    if "short_history" in computed.notes:
        found.append({"code": "short_history", "days": computed.history_days})
    if past.first is not None and past.last is not None:
        gaps = _missing(material, past.first, past.last)
        if gaps:
            found.append(
                {"code": "gaps", "days": len(gaps), "last": gaps[-1].isoformat()}
            )
    return found + [
        {
            "code": "outlier",
            "day": each.day.isoformat(),
            "actual": float(each.actual),
            "expected": float(each.expected),
            "confirmed": each.day in material.drop,
        }
        for each in computed.outliers
    ]


def _missing(material: Material, start: date, end: date) -> list[date]:
    """Return days ``[start, end)`` without data on which the queue is usually open."""
    known = np.unique(material.past.timestamps.astype("datetime64[D]"))
    recent = known[known >= np.datetime64(material.today - timedelta(weeks=RECENT))]
    # Day 0 of numpy's calendar, 1 January 1970, was a Thursday.
    weekdays = (recent.astype(int) + 3) % 7
    usual = set(np.flatnonzero(np.bincount(weekdays, minlength=7) * 2 >= RECENT))
    present = set(known.astype(object))
    days = (start + timedelta(days=n) for n in range((end - start).days))
    return [
        day
        for day in days
        if day not in present
        and day.weekday() in usual
        and day not in material.holidays
    ]


def _events(material: Material, computed: Computed) -> list[dict[str, Any]]:
    """Return the events in the horizon, as they are today, with what was learnt."""
    names = {key_of(event): event.name for event in events_of(material.queue)}
    learnt = {key: asdict(effect) for key, effect in computed.events.items()}
    return [
        {
            "key": event.key,
            "name": names.get(event.key, event.key),
            "first": event.first.isoformat(),
            "last": event.last.isoformat(),
            "treatment": event.treatment,
            "percent": event.percent,
            "learnt": learnt.get(event.key),
        }
        for event in material.events
        if event.last >= material.today
    ]
