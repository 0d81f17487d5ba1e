"""Addresses of volumes."""

from django.urls import URLPattern, path

from workforce.capacity.views.volumes import imports, index, outliers, queue

urlpatterns: list[URLPattern] = [
    path("volumes/", index.VolumesView.as_view(), name="volumes"),
    path("volumes/csv/", index.VolumesCsvView.as_view(), name="volumes-csv"),
    path("volumes/<int:pk>/", queue.VolumesQueueView.as_view(), name="volumes-queue"),
    path(
        "volumes/<int:pk>/csv/days/",
        queue.VolumesQueueCsvView.as_view(),
        {"grain": "days"},
        name="volumes-queue-days",
    ),
    path(
        "volumes/<int:pk>/csv/intervals/",
        queue.VolumesQueueCsvView.as_view(),
        {"grain": "intervals"},
        name="volumes-queue-intervals",
    ),
    path(
        "volumes/<int:pk>/count/", queue.RebuildView.as_view(), name="volumes-rebuild"
    ),
    path("volumes/outliers/", outliers.OutliersView.as_view(), name="outliers"),
    path(
        "volumes/outliers/csv/", outliers.OutliersCsvView.as_view(), name="outliers-csv"
    ),
    path(
        "volumes/outliers/decide/",
        outliers.DecideOutliersView.as_view(),
        name="outliers-decide",
    ),
    path("volumes/imports/", imports.ImportsView.as_view(), name="volume-imports"),
    path(
        "volumes/imports/template/",
        imports.TemplateCsvView.as_view(),
        name="volume-template",
    ),
    path(
        "volumes/imports/<int:pk>/", imports.ImportView.as_view(), name="volume-import"
    ),
    path(
        "volumes/imports/<int:pk>/mapping/",
        imports.MappingView.as_view(),
        name="volume-import-mapping",
    ),
    path(
        "volumes/imports/<int:pk>/refused/",
        imports.RefusalsCsvView.as_view(),
        name="volume-import-refused",
    ),
    path(
        "volumes/imports/<int:pk>/cancel/",
        imports.ImportActionView.as_view(),
        {"action": "cancel"},
        name="volume-import-cancel",
    ),
    path(
        "volumes/imports/<int:pk>/undo/",
        imports.ImportActionView.as_view(),
        {"action": "undo"},
        name="volume-import-undo",
    ),
]
