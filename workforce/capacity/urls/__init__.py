"""Addresses of capacity, one module a noun."""

from workforce.capacity.urls import (
    costs,
    decisions,
    forecasts,
    forecasts_review,
    hiring,
    planning,
    staffing,
    volumes,
    weighing,
)

app_name = "capacity"
urlpatterns = [
    *volumes.urlpatterns,
    *forecasts_review.urlpatterns,
    *forecasts.urlpatterns,
    *staffing.urlpatterns,
    *hiring.urlpatterns,
    *costs.urlpatterns,
    *decisions.urlpatterns,
    *weighing.urlpatterns,
    *planning.urlpatterns,
]
