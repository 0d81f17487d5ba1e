"""Today: what came so far against the forecast, and what the rest will be."""

from workforce.capacity.views.intraday.pages import TodayQueueView, TodayView

__all__ = ["TodayQueueView", "TodayView"]
