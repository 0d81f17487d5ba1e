"""The rolling view: what is expected of each queue in each of the coming months."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workforce.capacity.core.bands import Total, joined
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts.lines import (
    bands_of,
    forecasts_by_state,
    within,
)
from workforce.capacity.selectors.volumes import days as day_table

MONTHS = 4
"""Ninety-one days from now touch four months."""


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One queue in one month: what came in it so far, and what is still expected."""

    month: date
    whole: Total | None
    came: float
    until: date | None

    @property
    def is_cut(self) -> bool:
        """Whether the forecast ends before the month does."""
        return self.until is not None


@dataclass(frozen=True, slots=True)
class MonthRow:
    queue: Queue
    forecast: Forecast | None
    cells: list[MonthCell]


def month_starts(today: date, count: int = MONTHS) -> list[date]:
    """Return the first days of this month and the next, and of the month after them."""
    first = today.replace(day=1)
    found = [first]
    for _month in range(count):
        found.append(next_month(found[-1]))
    return found


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_rows(queues: Sequence[Queue], at: datetime) -> list[MonthRow]:
    """Return a row for each of ``listed`` queues by its published forecast."""
    if not queues:
        return []
    todays = {q.pk: at.astimezone(ZoneInfo(q.time_zone)).date() for q in queues}
    months = month_starts(min(todays.values()))
    published = {
        q.pk: forecasts_by_state(q).get(Forecast.State.PUBLISHED) for q in queues
    }
    bands = bands_of(
        (row.pk for row in published.values() if row), months[0], months[-1]
    )
    past = day_table([q.pk for q in queues], months[0], max(todays.values()))

    def cell(row: int, queue: Queue, start: date, end: date) -> MonthCell:
        forecast, today = published[queue.pk], todays[queue.pk]
        inside = (past.days >= np.datetime64(start)) & (
            past.days < np.datetime64(min(end, today))
        )
        came = float(np.nansum(past.offered[row, inside]))
        if forecast is None or forecast.pk not in bands:
            return MonthCell(start, None, came, None)
        rest = within(*bands[forecast.pk], max(start, today), end)
        cut = forecast.ends_on < end - timedelta(days=1)
        return MonthCell(
            start,
            rest.plus(came) if rest else None,
            came,
            forecast.ends_on if cut else None,
        )

    return [
        MonthRow(
            queue,
            published[queue.pk],
            [cell(row, queue, start, end) for start, end in itertools.pairwise(months)],
        )
        for row, queue in enumerate(queues)
    ]


def month_totals(rows: Sequence[MonthRow]) -> list[Total | None]:
    """Return all queues' sum by month, taken to miss together; none without any."""
    columns = zip(*(row.cells for row in rows), strict=True)
    found = []
    for cells in columns:
        known = [cell.whole for cell in cells if cell.whole is not None]
        found.append(joined(known) if known else None)
    return found
