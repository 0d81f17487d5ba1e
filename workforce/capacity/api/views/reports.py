"""What selectors return about one queue, as the values that are shown."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from workforce.capacity.api.inputs import refusal_words
from workforce.capacity.api.numbers import moment, number
from workforce.capacity.core.judging import Figures
from workforce.capacity.core.volumes.csv_grid import Refused
from workforce.capacity.core.volumes.slots import local_days
from workforce.capacity.models import Queue, VolumeImport
from workforce.capacity.selectors import volumes
from workforce.capacity.selectors.accuracy import (
    Row,
    interval_rows,
    judged_days,
    judged_intervals,
    record,
    rows_of,
)
from workforce.capacity.selectors.staffing import StaffingNeed, Standing

Values = dict[str, Any]
GRAIN_PLACES = ("month", "week", "day", "interval")
"""The order in which ``record`` returns its figures."""


def standing(found: Standing) -> Values:
    return {
        **asdict(found.given),
        "handle_source": found.handle.source.value,
        "handle_n": found.handle.n,
    }


# Volumes ----------------------------------------------------------------------------------


def volume_rows(queue: Queue, start: date, end: date, grain: str) -> list[Values]:
    """Return the rows of the days ``[start, end)``, oldest first: one query."""
    rows = _interval_volumes if grain == "interval" else _day_volumes
    return list(rows(queue, start, end))


def _interval_volumes(queue: Queue, start: date, end: date) -> Iterator[Values]:
    series = volumes.intervals(queue, start, end)
    days = local_days(queue.time_zone, series.starts).tolist()
    for place, day in enumerate(days):
        yield {
            "day": day,
            "starts_at": moment(series.starts[place]),
            "minutes": int(series.minutes[place]),
            **{name: _whole(getattr(series, name)[place]) for name in volumes.FACTS},
        }


def _day_volumes(queue: Queue, start: date, end: date) -> Iterator[Values]:
    table = volumes.days([queue.pk], start, end)
    for place in np.flatnonzero(table.known[0]):
        yield {
            "day": start + timedelta(days=int(place)),
            "starts_at": None,
            "minutes": None,
            **{name: _whole(getattr(table, name)[0, place]) for name in volumes.FACTS},
        }


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def written(run: VolumeImport, refused: Sequence[Refused]) -> Values:
    """Return what became of posted rows, each by its place from 1."""
    return {
        "import_run": run.pk,
        "rows": run.rows_read,
        "new": run.rows_new,
        "replaced": run.rows_replaced,
        "same": run.rows_same,
        "refused": len(refused),
        "first_at": run.first_at,
        "last_at": run.last_at,
        "refusals": [
            {"row": one.first, "code": one.code, "detail": refusal_words(one)}
            for one in refused
        ],
    }


# Accuracy ---------------------------------------------------------------------------------


def accuracy(queue: Queue, start: date, end: date, grain: str, horizon: int) -> Values:
    """Return the rows of one grain and the record over all of them."""
    days = judged_days([queue], start, end, horizon=horizon)
    intervals = None
    if grain == "interval":
        intervals = judged_intervals(queue, start, end, days.keys)
    rows = rows_of(days, grain) if intervals is None else interval_rows(intervals)
    total = record(days, intervals)[GRAIN_PLACES.index(grain)]
    return {
        "grain": grain,
        "horizon_days": horizon,
        "total": {**_record(total), "verdict": total.verdict.value},
        "rows": [_judged(row) for row in rows],
    }


def _judged(row: Row) -> Values:
    is_interval = isinstance(row.start, datetime)
    return {
        "start": row.start.date() if isinstance(row.start, datetime) else row.start,
        "starts_at": row.start if is_interval else None,
        "actual": row.actual,
        "expected": row.expected,
        "low95": row.low95,
        "high95": row.high95,
        "deviation": number(row.deviation),
        "is_outside": bool(row.is_outside),
        "record": _record(row.record),
    }


def _record(figures: Figures) -> Values:
    shares = ("wape", "bias", "floor", "covered80", "covered95")
    return {
        "n": figures.n,
        **{name: number(getattr(figures, name)) for name in shares},
    }


# Staffing ---------------------------------------------------------------------------------


def requirement(need: StaffingNeed) -> Values:
    """Return people needed by interval and day, and over all days covered."""
    peak = need.peak
    return {
        "forecast": need.forecast.pk if need.forecast else None,
        "interval_minutes": need.queue.interval_minutes,
        "covered_days": need.covered_days,
        "assumptions": asdict(need.given),
        "paid_hours": need.paid_hours,
        "careful_hours": need.careful_hours,
        "fte": number(need.fte),
        "careful_fte": number(need.careful_fte),
        "peak_people": peak[0] if peak else None,
        "peak_at": moment(need.times.starts[peak[1]]) if peak else None,
        "days": [asdict(day) for day in need.days],
        "intervals": list(_need_intervals(need)),
    }


def _need_intervals(need: StaffingNeed) -> Iterator[Values]:
    for place, start in enumerate(need.times.starts):
        yield {
            "starts_at": moment(start),
            "volume": float(need.volumes[place]),
            "load_erlangs": float(need.load[place]),
            "people_exact": float(need.exact[place]),
            "people": int(need.agents[place]),
            "careful_people": float(need.careful[place]),
            "paid_people": float(need.paid[place]),
            "hours": float(need.hours[place]),
            "occupancy": number(need.occupancy[place]),
            "service_level": number(need.service_level[place]),
        }
