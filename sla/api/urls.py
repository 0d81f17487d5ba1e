"""Addresses of the promise side of the API."""

from rest_framework.routers import SimpleRouter

from sla.api import views

router = SimpleRouter()
router.register("calendars", views.CalendarViewSet, basename="api-calendar")
router.register("policies", views.PolicyViewSet, basename="api-policy")
router.register(
    "policy-versions", views.PolicyVersionViewSet, basename="api-policy-version"
)
router.register("clocks", views.ClockViewSet, basename="api-clock")

urlpatterns = router.urls
