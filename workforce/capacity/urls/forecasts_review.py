"""Addresses of events, accuracy, the day and investigations: all beside forecasts."""

from django.urls import URLPattern, path

from workforce.capacity.views import accuracy, events, intraday, investigations

one_investigation = "forecasts/investigations/<int:pk>/"
one_event = "forecasts/events/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("forecasts/accuracy/", accuracy.AccuracyView.as_view(), name="accuracy"),
    path(
        "forecasts/accuracy/<int:pk>/",
        accuracy.QueueAccuracyView.as_view(),
        name="accuracy-queue",
    ),
    path("forecasts/today/", intraday.TodayView.as_view(), name="today"),
    path(
        "forecasts/today/<int:pk>/",
        intraday.TodayQueueView.as_view(),
        name="today-queue",
    ),
    path("forecasts/events/", events.EventsView.as_view(), name="events"),
    path("forecasts/events/new/", events.EventNewView.as_view(), name="event-new"),
    path(
        "forecasts/events/preview/",
        events.EventPreviewView.as_view(),
        name="event-preview",
    ),
    path(one_event, events.EventView.as_view(), name="event"),
    path(one_event + "copy/", events.EventCopyView.as_view(), name="event-copy"),
    path(one_event + "active/", events.EventActiveView.as_view(), name="event-active"),
    path(
        "forecasts/investigations/",
        investigations.InvestigationsView.as_view(),
        name="investigations",
    ),
    path(
        one_investigation,
        investigations.InvestigationView.as_view(),
        name="investigation",
    ),
    path(
        one_investigation + "close/",
        investigations.CloseView.as_view(),
        name="investigation-close",
    ),
    path(
        one_investigation + "reopen/",
        investigations.ReopenView.as_view(),
        name="investigation-reopen",
    ),
    path(
        one_investigation + "owner/",
        investigations.AssignView.as_view(),
        name="investigation-owner",
    ),
    path(
        one_investigation + "outlier/",
        investigations.OutlierView.as_view(),
        name="investigation-outlier",
    ),
]
