"""Queues with eight weeks of volumes, for tests of forecasts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.factories.capacity import fill_days, make_queue
from workforce.capacity.models import Queue

TODAY = date(2026, 6, 1)
"""A Monday, the first of a month."""
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEK = (200, 160, 160, 160, 160, 80, 80)


def taught_queue(name: str = "", *, weeks: int = 8, **fields: Any) -> Queue:
    """Return a queue with a thousand contacts a week until yesterday."""
    queue = make_queue(name, **fields)
    fill_days(queue, WEEK * weeks, first=TODAY - timedelta(weeks=weeks))
    return queue
