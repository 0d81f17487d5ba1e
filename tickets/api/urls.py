"""Addresses of the ticket side of the API."""

from rest_framework.routers import SimpleRouter

from tickets.api import views

router = SimpleRouter()
router.register("tickets", views.TicketViewSet, basename="api-ticket")
router.register("messages", views.MessageViewSet, basename="api-message")
router.register("events", views.EventViewSet, basename="api-event")

urlpatterns = router.urls
