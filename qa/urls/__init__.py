"""Addresses of quality, one module a noun. Included under ``quality/``."""

from qa.urls import (
    calibration,
    figures,
    reliability,
    reviews,
    sampling,
    scorecards,
    scoring,
)

app_name = "qa"

urlpatterns = [
    *figures.urlpatterns,
    *scoring.urlpatterns,
    *reviews.urlpatterns,
    *scorecards.urlpatterns,
    *sampling.urlpatterns,
    *calibration.urlpatterns,
    *reliability.urlpatterns,
]
