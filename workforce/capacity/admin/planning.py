"""Tasks of the planning calendar: what comes back, when, and whose it is."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from supportops.common.histories import GuardedHistory
from workforce.capacity.models import PlanningTask
from workforce.capacity.selectors.planning import possible_owners


@admin.register(PlanningTask)
class PlanningTaskAdmin(GuardedHistory, ModelAdmin):
    list_display = ("name", "cadence", "due_day", "owner", "page", "is_active")
    list_filter = ("cadence", "is_active")
    list_select_related = ("owner",)
    search_fields = ("name",)
    ordering = ("cadence", "position", "pk")
    list_per_page = 25
    fields = ("name", "cadence", "due_day", "owner", "page", "is_active", "position")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            kwargs["queryset"] = possible_owners()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """A task that is no longer wanted is switched off: its duties stay."""
        return False
