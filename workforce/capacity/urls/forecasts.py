"""Addresses of forecasts."""

from django.urls import URLPattern, path

from workforce.capacity.views.forecasts import (
    choosing,
    downloads,
    index,
    months,
    overlays,
    publishing,
    queue,
)

urlpatterns: list[URLPattern] = [
    path("forecasts/", index.ForecastsView.as_view(), name="forecasts"),
    path("forecasts/compute/", index.ComputeView.as_view(), name="forecasts-compute"),
    path("forecasts/months/", months.MonthsView.as_view(), name="forecasts-months"),
    path(
        "forecasts/publish/",
        publishing.PublishManyView.as_view(),
        name="forecasts-publish",
    ),
    path("forecasts/<int:pk>/", queue.ForecastView.as_view(), name="forecast"),
    path(
        "forecasts/<int:pk>/csv/",
        downloads.ForecastCsvView.as_view(),
        name="forecast-csv",
    ),
    path(
        "forecasts/<int:pk>/method/",
        choosing.MethodView.as_view(),
        name="forecast-method",
    ),
    path(
        "forecasts/<int:pk>/overlays/",
        overlays.SaveOverlayView.as_view(),
        name="forecast-overlays",
    ),
    path(
        "forecasts/<int:pk>/overlays/<int:overlay>/delete/",
        overlays.DeleteOverlayView.as_view(),
        name="forecast-overlay-delete",
    ),
    path(
        "forecasts/<int:pk>/publish/",
        publishing.PublishView.as_view(),
        name="forecast-publish",
    ),
    path(
        "forecasts/<int:pk>/discard/",
        publishing.DiscardView.as_view(),
        name="forecast-discard",
    ),
]
