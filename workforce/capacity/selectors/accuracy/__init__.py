"""Forecasts against what came, judged by what was published before the day."""

from workforce.capacity.selectors.accuracy.days import (
    JudgedDays,
    Sides,
    judged_days,
    sides,
)
from workforce.capacity.selectors.accuracy.intervals import (
    JudgedIntervals,
    judged_intervals,
)
from workforce.capacity.selectors.accuracy.reports import (
    HorizonRow,
    QueueRow,
    Row,
    accuracy,
    by_horizon,
    by_queue,
    by_weekday,
    heat,
    interval_rows,
    record,
    rows_of,
)

__all__ = [
    "HorizonRow",
    "JudgedDays",
    "JudgedIntervals",
    "QueueRow",
    "Row",
    "Sides",
    "accuracy",
    "by_horizon",
    "by_queue",
    "by_weekday",
    "heat",
    "interval_rows",
    "judged_days",
    "judged_intervals",
    "record",
    "rows_of",
    "sides",
]
