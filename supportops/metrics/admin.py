"""The segments, to look at: they are made by workers and rebuilt by a command."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from supportops.metrics.models import Segment


@admin.register(Segment)
class SegmentAdmin(ModelAdmin):
    list_display = ("day", "kind", "rows", "built_at")
    list_per_page = 25
    ordering = ("-day", "kind", "pk")
    show_full_result_count = False
    fields = readonly_fields = ("kind", "day", "rows", "built_at", "digest")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("payload")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
