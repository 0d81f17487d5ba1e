"""Addresses of the assistant in the help centre."""

from django.urls import URLPattern, path

from kb.views.help_assistant import pages

urlpatterns: list[URLPattern] = [
    path("assistant/", pages.AssistantView.as_view(), name="assistant"),
    path("assistant/person/", pages.PersonView.as_view(), name="assistant-person"),
    path("assistant/new/", pages.NewView.as_view(), name="assistant-new"),
    path(
        "assistant/answers/<int:pk>/",
        pages.JudgeView.as_view(),
        name="assistant-judge",
    ),
]
