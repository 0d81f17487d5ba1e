"""Addresses of content work."""

from django.urls import URLPattern, path

from kb.views.work import batches, duties, flags, gap, worklist

urlpatterns: list[URLPattern] = [
    path("work/", worklist.WorklistView.as_view(), name="work"),
    path("work/compute/", worklist.ComputeView.as_view(), name="work-compute"),
    path("work/decide/", batches.GapsDecideView.as_view(), name="work-decide"),
    path("work/<int:pk>/", gap.GapView.as_view(), name="gap"),
    path("work/<int:pk>/decide/", gap.GapDecideView.as_view(), name="gap-decide"),
    path("duties/", duties.DutiesView.as_view(), name="duties"),
    path("duties/<int:pk>/", duties.DutyView.as_view(), name="duty"),
    path(
        "duties/tasks/<int:pk>/owner/",
        duties.DutyOwnerView.as_view(),
        name="duty-owner",
    ),
    path("flags/", flags.FlagsView.as_view(), name="flags"),
    path("flags/<int:pk>/", flags.FlagDecideView.as_view(), name="flag-decide"),
]
