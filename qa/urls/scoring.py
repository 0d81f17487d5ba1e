"""Addresses of scoring: home, inbox, the room, and what the room's script asks for."""

from django.urls import path

from qa.selectors import inbox
from qa.views import home
from qa.views.scoring import inbox as scoring_inbox
from qa.views.scoring import room as scoring_room

room = "reviews/<int:pk>/score/"

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("inbox/", scoring_inbox.InboxView.as_view(), name="inbox"),
    path("reviews/next/", scoring_inbox.StartView.as_view(), name="review-next"),
    path("reviews/new/", scoring_inbox.AdhocView.as_view(), name="review-new"),
    path(
        "items/<int:pk>/start/",
        scoring_inbox.StartView.as_view(),
        {"origin": inbox.DRAWN},
        name="item-start",
    ),
    path(
        "calibration-items/<int:pk>/start/",
        scoring_inbox.StartView.as_view(),
        {"origin": inbox.CALIBRATED},
        name="calibration-item-start",
    ),
    path(room, scoring_room.ScoringRoomView.as_view(), name="score"),
    path(room + "state/", scoring_room.StateView.as_view(), name="scoring-state"),
    path(room + "save/", scoring_room.SaveView.as_view(), name="scoring-save"),
    path(room + "pins/", scoring_room.PinsView.as_view(), name="scoring-pins"),
    path(room + "submit/", scoring_room.SubmitView.as_view(), name="scoring-submit"),
    path(room + "skip/", scoring_room.SkipView.as_view(), name="scoring-skip"),
]
