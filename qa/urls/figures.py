"""Addresses of figures."""

from django.urls import path

from qa.views import figures
from qa.views.figures import agent as figures_agent

urlpatterns = [
    path("overview/", figures.OverviewView.as_view(), name="overview"),
    path("agents/<int:pk>/", figures_agent.AgentView.as_view(), name="agent"),
    path("me/", figures_agent.MeView.as_view(), name="me"),
]
