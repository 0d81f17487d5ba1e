"""Assumptions and planned people in the admin: read, with their history.

They are changed on the pages of staffing, which show what a change does.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter

from supportops.common.histories import GuardedHistory
from workforce.capacity.forms.staffing import clock
from workforce.capacity.models import Assumptions, PlannedStaff
from workforce.capacity.selectors.queues import VIEW_ALL, queues_visible_to


class _OfVisibleQueues(GuardedHistory, ModelAdmin):
    """Rows of the queues that a person sees; nothing is changed here."""

    gone_rows_permission = VIEW_ALL
    list_select_related = ("queue",)
    list_filter_sheet = True
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.filter(queue__in=queues_visible_to(request.user).values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Assumptions)
class AssumptionsAdmin(_OfVisibleQueues):
    list_display = (
        "queue", "service_level", "target_seconds", "handle_seconds", "max_occupancy",
        "shrinkage", "changed_at", "page",
    )  # fmt: skip
    search_fields = ("queue__name",)
    ordering = ("queue__name", "pk")

    @admin.display(description=gettext_lazy("Staffing"))
    def page(self, row: Assumptions) -> SafeString:
        return _link("capacity:staffing-queue", row.queue_id, gettext_lazy("Open"))


@admin.register(PlannedStaff)
class PlannedStaffAdmin(_OfVisibleQueues):
    list_display = ("queue", "weekday", "hours", "people", "name", "valid_from", "page")
    list_filter = (("queue", RelatedDropdownFilter),)
    search_fields = ("queue__name", "name")
    ordering = ("queue__name", "weekday", "starts_minute", "pk")

    @admin.display(description=gettext_lazy("Hours"), ordering="starts_minute")
    def hours(self, block: PlannedStaff) -> str:
        return f"{clock(block.starts_minute)}–{clock(block.ends_minute)}"

    @admin.display(description=gettext_lazy("Planned people"))
    def page(self, block: PlannedStaff) -> SafeString:
        return _link("capacity:staffing-planned", block.queue_id, gettext_lazy("Open"))


def _link(name: str, queue_id: int, words: Any) -> SafeString:
    address = reverse(name, args=[queue_id])
    return format_html('<a class="so-link" href="{}">{}</a>', address, words)
