"""Addresses of weighing options and segments of a decision."""

from django.urls import URLPattern, path

from workforce.capacity.views.weighing.steps import WeighStepView

urlpatterns: list[URLPattern] = [
    path("decisions/<int:pk>/weigh/", WeighStepView.as_view(), name="decision-weigh"),
]
