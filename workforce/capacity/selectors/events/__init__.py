"""Events: which there are, when they happen, and what forecasting is told about them."""

from workforce.capacity.selectors.events.calendar import (
    calendar_events,
    events_of,
    key_of,
    spans_of,
)
from workforce.capacity.selectors.events.lists import (
    EventRow,
    concerned,
    event_rows,
    events_visible_to,
    holidays_by_day,
)

__all__ = [
    "EventRow",
    "calendar_events",
    "concerned",
    "event_rows",
    "events_of",
    "events_visible_to",
    "holidays_by_day",
    "key_of",
    "spans_of",
]
