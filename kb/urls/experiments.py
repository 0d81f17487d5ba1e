"""Addresses of experiments."""

from django.urls import URLPattern, path

from kb.views.experiments import acting, pages, setting_up

one = "experiments/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("experiments/", pages.ExperimentsView.as_view(), name="experiments"),
    path(
        "experiments/new/",
        setting_up.NewExperimentView.as_view(),
        name="experiment-new",
    ),
    path(one, pages.ExperimentView.as_view(), name="experiment"),
    path(one + "act/", acting.ActView.as_view(), name="experiment-act"),
]
