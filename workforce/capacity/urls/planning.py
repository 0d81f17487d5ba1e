"""Addresses of the planning calendar."""

from django.urls import URLPattern, path

from workforce.capacity.views.planning import pages

urlpatterns: list[URLPattern] = [
    path("planning/", pages.PlanningView.as_view(), name="planning"),
    path("planning/duties/<int:pk>/", pages.DutyView.as_view(), name="planning-duty"),
    path(
        "planning/tasks/<int:pk>/owner/",
        pages.OwnerView.as_view(),
        name="planning-owner",
    ),
]
