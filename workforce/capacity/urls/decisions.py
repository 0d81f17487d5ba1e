"""Addresses of decisions."""

from django.urls import URLPattern, path

from workforce.capacity.views.decisions.list import DecisionsView, NewDecisionView
from workforce.capacity.views.decisions.page import DecisionPage, SaveView
from workforce.capacity.views.decisions.reading import PrintView, VersionView
from workforce.capacity.views.decisions.steps import AnswerView, DecisionStepView

urlpatterns: list[URLPattern] = [
    path("decisions/", DecisionsView.as_view(), name="decisions"),
    path("decisions/new/", NewDecisionView.as_view(), name="decision-new"),
    path("decisions/<int:pk>/", DecisionPage.as_view(), name="decision"),
    path("decisions/<int:pk>/save/", SaveView.as_view(), name="decision-save"),
    path("decisions/<int:pk>/step/", DecisionStepView.as_view(), name="decision-step"),
    path("decisions/<int:pk>/answer/", AnswerView.as_view(), name="decision-answer"),
    path("decisions/<int:pk>/print/", PrintView.as_view(), name="decision-print"),
    path(
        "decisions/<int:pk>/versions/<int:number>/",
        VersionView.as_view(),
        name="decision-version",
    ),
]
