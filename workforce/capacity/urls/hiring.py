"""Addresses of hiring."""

from django.urls import URLPattern, path

from workforce.capacity.views.hiring import hires, pages

one = "hiring/<int:pk>/"
one_hire = "hiring/hires/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("hiring/", pages.HiringView.as_view(), name="hiring"),
    path("hiring/new/", pages.NewPlanView.as_view(), name="hiring-new"),
    path(one, pages.PlanView.as_view(), name="hiring-plan"),
    path(one + "edit/", pages.PlanFormView.as_view(), name="hiring-plan-edit"),
    path(one + "hires/new/", hires.NewHireView.as_view(), name="hiring-plan-hire"),
    path(
        one + "take-suggestion/",
        hires.TakeSuggestionView.as_view(),
        name="hiring-plan-take",
    ),
    path(one_hire, hires.HireFormView.as_view(), name="hire"),
    path(one_hire + "move/", hires.MoveView.as_view(), name="hire-move"),
]
