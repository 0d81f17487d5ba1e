"""Day segments, for the apps that own the facts: declare, mark, refresh, load."""

from supportops.metrics.registry import register_segment
from supportops.metrics.selectors import load
from supportops.metrics.services import mark_dirty, refresh

__all__ = ["load", "mark_dirty", "refresh", "register_segment"]
