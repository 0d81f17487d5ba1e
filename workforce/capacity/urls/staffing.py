"""Addresses of staffing."""

from django.urls import URLPattern, path

from workforce.capacity.views.staffing import exports, index, planned, queue

urlpatterns: list[URLPattern] = [
    path("staffing/", index.StaffingIndexView.as_view(), name="staffing"),
    path(
        "staffing/csv/", index.StaffingListCsvView.as_view(), name="staffing-list-csv"
    ),
    path(
        "staffing/<int:pk>/",
        queue.StaffingQueueView.as_view(),
        name="staffing-queue",
    ),
    path(
        "staffing/<int:pk>/answer/",
        queue.StaffingAnswerView.as_view(),
        name="staffing-answer",
    ),
    path(
        "staffing/<int:pk>/keep/",
        queue.KeepAssumptionsView.as_view(),
        name="staffing-keep",
    ),
    path(
        "staffing/<int:pk>/csv/<slug:grain>/",
        exports.StaffingCsvView.as_view(),
        name="staffing-csv",
    ),
    path(
        "staffing/<int:pk>/planned/",
        planned.PlannedView.as_view(),
        name="staffing-planned",
    ),
    path(
        "staffing/<int:pk>/planned/copy/",
        planned.CopyDayView.as_view(),
        name="staffing-planned-copy",
    ),
    path(
        "staffing/<int:pk>/planned/template/",
        planned.StartFromTemplateView.as_view(),
        name="staffing-planned-template",
    ),
    path(
        "staffing/<int:pk>/planned/file/",
        planned.BlockFileView.as_view(),
        name="staffing-planned-file",
    ),
    path(
        "staffing/<int:pk>/planned/csv/",
        planned.PlannedCsvView.as_view(),
        name="staffing-planned-csv",
    ),
]
