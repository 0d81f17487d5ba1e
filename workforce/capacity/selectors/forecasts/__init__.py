"""Reads of forecasts: what is expected, and what the pages show of it."""

from workforce.capacity.core.overlays import Expected
from workforce.capacity.selectors.forecasts.expected import (
    DayBands,
    day_band,
    expected,
    expected_days,
    published,
)

__all__ = [
    "DayBands",
    "Expected",
    "day_band",
    "expected",
    "expected_days",
    "published",
]
