"""Why a forecast is not computed, published or thrown away."""

from supportops.common.errors import OperationRefused


class HistoryTooShort(OperationRefused):
    code = "history_too_short"


class QueueInactive(OperationRefused):
    code = "queue_inactive"


class NothingToForecast(OperationRefused):
    code = "nothing_to_forecast"


class NotADraft(OperationRefused):
    code = "not_a_draft"


class ForecastOver(OperationRefused):
    code = "forecast_over"


class PublishedSince(OperationRefused):
    code = "published_since"


class HorizonOutOfRange(OperationRefused):
    code = "horizon_out_of_range"


class MethodUnknown(OperationRefused):
    code = "method_unknown"


class OverlayRefused(OperationRefused):
    code = "overlay_refused"


class StandardOverlay(OperationRefused):
    code = "standard_overlay"
