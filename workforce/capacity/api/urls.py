"""Addresses of the capacity side of the API, all under ``capacity/``."""

from rest_framework.routers import SimpleRouter

from workforce.capacity.api.views import decisions, forecasts, planning, queues

router = SimpleRouter()
router.register("queues", queues.QueueViewSet, basename="api-capacity-queue")
router.register(
    "forecasts", forecasts.ForecastViewSet, basename="api-capacity-forecast"
)
router.register(
    "planned-staff", planning.PlannedStaffViewSet, basename="api-capacity-planned-staff"
)
router.register("events", planning.CapacityEventViewSet, basename="api-capacity-event")
router.register(
    "investigations",
    forecasts.InvestigationViewSet,
    basename="api-capacity-investigation",
)
router.register(
    "decisions", decisions.DecisionViewSet, basename="api-capacity-decision"
)

urlpatterns = router.urls
