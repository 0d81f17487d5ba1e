"""Events and overlays in the admin: their lists and histories.

Events are entered on their own page, which shows the days; here they can be searched and
their history read. Overlays are entered here.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from supportops.common.histories import GuardedHistory
from workforce.capacity.models import Event, Overlay
from workforce.capacity.selectors.events.lists import events_visible_to
from workforce.capacity.selectors.queues import VIEW_ALL


@admin.register(Event)
class EventAdmin(GuardedHistory, ModelAdmin):
    gone_rows_permission = VIEW_ALL
    list_display = ("name", "kind", "days", "repeats", "treatment", "percent", "active")
    list_filter = ("kind", "repeats", "treatment", "is_active")
    list_per_page = 25
    search_fields = ("name", "note")
    filter_horizontal = ("queues",)
    ordering = ("-starts_on", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return events_visible_to(request.user)

    @display(description=_("days"), ordering="starts_on")
    def days(self, event: Event) -> str:
        return f"{event.starts_on} – {event.ends_on}"

    @display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, event: Event) -> bool:
        return event.is_active


@admin.register(Overlay)
class OverlayAdmin(GuardedHistory, ModelAdmin):
    list_display = ("name", "kind", "percent", "starts_on", "ends_on", "is_standard")
    list_filter = ("kind", "is_standard")
    list_per_page = 25
    search_fields = ("name", "response")
    filter_horizontal = ("queues",)
    readonly_fields = ("is_standard",)
    ordering = ("-is_standard", "name")

    def has_delete_permission(
        self, request: HttpRequest, obj: Any | None = None
    ) -> bool:
        """Those that ship with the product are changed, not deleted."""
        if obj is not None and obj.is_standard:
            return False
        return super().has_delete_permission(request, obj)
