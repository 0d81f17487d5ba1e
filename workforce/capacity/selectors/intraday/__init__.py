"""Today: what has come so far, against the forecast, and what the rest will be."""

from workforce.capacity.selectors.intraday.overview import (
    Status,
    TodayRow,
    overview,
)
from workforce.capacity.selectors.intraday.today import Intraday, Rest, today

__all__ = ["Intraday", "Rest", "Status", "TodayRow", "overview", "today"]
