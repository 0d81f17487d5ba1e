"""Events: what moves volume on known days."""

from workforce.capacity.views.events.forms import (
    EventActiveView,
    EventCopyView,
    EventNewView,
    EventPreviewView,
    EventView,
)
from workforce.capacity.views.events.pages import EventsView

__all__ = [
    "EventActiveView",
    "EventCopyView",
    "EventNewView",
    "EventPreviewView",
    "EventView",
    "EventsView",
]
