"""Tasks of keeping content alive: what comes back, how often, and whose it is."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from kb.models import ContentTask
from kb.selectors.work.people import DO_DUTIES, who_may
from supportops.common.histories import GuardedHistory


@admin.register(ContentTask)
class ContentTaskAdmin(GuardedHistory, ModelAdmin):
    list_display = ("name", "cadence", "role", "owner", "page", "is_active")
    list_filter = ("cadence", "is_active")
    list_select_related = ("owner",)
    search_fields = ("name",)
    ordering = ("position", "pk")
    list_per_page = 25
    fields = ("name", "cadence", "role", "owner", "page", "is_active", "position")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "owner":
            kwargs["queryset"] = who_may(DO_DUTIES)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A task that is no longer wanted is switched off: its duties stay."""
        return False
