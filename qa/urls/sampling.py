"""Addresses of sampling."""

from django.urls import URLPattern, path

from qa.views import sampling
from qa.views.sampling import draws as sampling_draws
from qa.views.sampling import reports as sampling_reports

one_plan = "sampling/plans/<int:pk>/"
one_draw = "sampling/draws/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(one_plan, sampling.PlanView.as_view(), name="sampling-plan"),
    path(
        one_plan + "preview/", sampling.PreviewView.as_view(), name="sampling-preview"
    ),
    path(one_draw, sampling_draws.DrawView.as_view(), name="sampling-draw"),
    path(
        one_draw + "reassign/",
        sampling_draws.ReassignView.as_view(),
        name="sampling-reassign",
    ),
    path(
        "sampling/items/<int:pk>/replace/",
        sampling_draws.ReplaceView.as_view(),
        name="sampling-replace",
    ),
    path(
        "sampling/coverage/",
        sampling_reports.CoverageView.as_view(),
        name="sampling-coverage",
    ),
    path(
        "sampling/replacements/",
        sampling_reports.ReplacementsView.as_view(),
        name="sampling-replacements",
    ),
    path(
        "sampling/precision/",
        sampling_reports.PrecisionView.as_view(),
        name="sampling-precision",
    ),
]
