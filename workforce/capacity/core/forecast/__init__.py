"""Forecasts of volume by interval: five plain methods, an ensemble, and their backtest.

Numpy only. Time is local wall clock: a day has as many slots as its length in intervals,
whatever clocks do on it.
"""

from workforce.capacity.core.forecast.backtesting import backtest
from workforce.capacity.core.forecast.predicting import forecast
from workforce.capacity.core.forecast.records import (
    BEST,
    LEVELS,
    METHODS,
    RECIPE,
    SEEDS,
    Backtest,
    CalendarEvent,
    EventEffect,
    Figures,
    Forecast,
    Outlier,
)

__all__ = [
    "BEST",
    "LEVELS",
    "METHODS",
    "RECIPE",
    "SEEDS",
    "Backtest",
    "CalendarEvent",
    "EventEffect",
    "Figures",
    "Forecast",
    "Outlier",
    "backtest",
    "forecast",
]
