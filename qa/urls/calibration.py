"""Addresses of calibration."""

from django.urls import path

from qa.views.calibration import edit as calibration_edit
from qa.views.calibration import list as calibration_list
from qa.views.calibration import room as calibration_room
from qa.views.calibration import steps as calibration_steps

one = "calibrations/<int:pk>/"

urlpatterns = [
    path(
        "calibrations/",
        calibration_list.CalibrationsView.as_view(),
        name="calibrations",
    ),
    path(
        "calibrations/new/",
        calibration_edit.NewCalibrationView.as_view(),
        name="calibration-new",
    ),
    path(one, calibration_room.RoomView.as_view(), name="calibration"),
    path(
        one + "draft/",
        calibration_edit.EditCalibrationView.as_view(),
        name="calibration-draft",
    ),
    path(one + "step/", calibration_steps.StepView.as_view(), name="calibration-step"),
    path(
        one + "items/<int:item>/gold/",
        calibration_steps.GoldView.as_view(),
        name="calibration-gold",
    ),
    path(
        one + "items/<int:item>/<slug:criterion>/decide/",
        calibration_steps.DecideView.as_view(),
        name="calibration-decide",
    ),
    path(
        one + "minutes/",
        calibration_steps.MinutesView.as_view(),
        name="calibration-minutes",
    ),
    path(
        one + "minutes.md",
        calibration_steps.MinutesView.as_view(as_file=True),
        name="calibration-minutes-file",
    ),
]
