"""Addresses of costs."""

from django.urls import URLPattern, path

from workforce.capacity.views.costs import pages, steps

one = "costs/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("costs/", pages.CostsView.as_view(), name="costs"),
    path("costs/new/", pages.NewView.as_view(), name="calculation-new"),
    path(one, pages.CalculationView.as_view(), name="calculation"),
    path(one + "compute/", pages.ComputeView.as_view(), name="calculation-compute"),
    path(one + "copy/", steps.CopyView.as_view(), name="calculation-copy"),
    path(
        one + "reference/", steps.ReferenceView.as_view(), name="calculation-reference"
    ),
    path(one + "remove/", steps.RemoveView.as_view(), name="calculation-remove"),
    path(one + "print/", steps.PrintView.as_view(), name="calculation-print"),
    path(one + "history/", steps.HistoryView.as_view(), name="calculation-history"),
    path(one + "export/", steps.ExportView.as_view(), name="calculation-export"),
]
