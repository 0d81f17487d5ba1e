"""Every write to forecasts: compute, choose, lay over, publish, throw away."""

from workforce.capacity.services.forecasting.computing import run_forecast
from workforce.capacity.services.forecasting.methods import choose_method
from workforce.capacity.services.forecasting.overlays import (
    delete_overlay,
    save_overlay,
)
from workforce.capacity.services.forecasting.publishing import (
    discard_draft,
    publish_forecast,
)
from workforce.capacity.services.forecasting.refusals import (
    ForecastOver,
    HistoryTooShort,
    HorizonOutOfRange,
    MethodUnknown,
    NotADraft,
    NothingToForecast,
    OverlayRefused,
    PublishedSince,
    QueueInactive,
    StandardOverlay,
)
from workforce.capacity.services.forecasting.running import (
    ask_for_forecasts,
    compute_forecasts,
    renew_forecasts,
    tell_publishers,
)

__all__ = [
    "ForecastOver",
    "HistoryTooShort",
    "HorizonOutOfRange",
    "MethodUnknown",
    "NotADraft",
    "NothingToForecast",
    "OverlayRefused",
    "PublishedSince",
    "QueueInactive",
    "StandardOverlay",
    "ask_for_forecasts",
    "choose_method",
    "compute_forecasts",
    "delete_overlay",
    "discard_draft",
    "publish_forecast",
    "renew_forecasts",
    "run_forecast",
    "save_overlay",
    "tell_publishers",
]
