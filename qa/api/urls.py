"""Addresses of the quality side of the API."""

from rest_framework.routers import SimpleRouter

from qa.api import score_views, views

router = SimpleRouter()
router.register("scorecards", views.ScorecardViewSet, basename="api-scorecard")
router.register(
    "scorecard-versions",
    views.ScorecardVersionViewSet,
    basename="api-scorecard-version",
)
router.register("reviews", views.ReviewViewSet, basename="api-review")
router.register("draws", views.DrawViewSet, basename="api-draw")
router.register("sample-items", views.ItemViewSet, basename="api-sample-item")
router.register("calibrations", views.CalibrationViewSet, basename="api-calibration")
router.register("scores", score_views.ScoreViewSet, basename="api-score")

urlpatterns = router.urls
