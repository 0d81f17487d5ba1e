"""Addresses of the assistant's rules and conversations."""

from django.urls import URLPattern, path

from kb.views.assistant import overview, talks

urlpatterns: list[URLPattern] = [
    path("assistant/", overview.OverviewView.as_view(), name="assistant"),
    path("assistant/rules/", overview.RulesView.as_view(), name="assistant-rules"),
    path("assistant/conversations/", talks.TalksView.as_view(), name="assistant-talks"),
    path(
        "assistant/conversations/<int:pk>/",
        talks.TalkView.as_view(),
        name="assistant-talk",
    ),
    path(
        "assistant/answers/<int:pk>/judge/",
        talks.JudgeView.as_view(),
        name="assistant-answer-judge",
    ),
]
