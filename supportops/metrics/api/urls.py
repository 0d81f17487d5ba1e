"""Addresses of the metric side of the API."""

from rest_framework.routers import SimpleRouter

from supportops.metrics.api import views

router = SimpleRouter()
router.register("metrics", views.MetricViewSet, basename="api-metric")

urlpatterns = router.urls
