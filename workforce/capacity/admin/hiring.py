"""Lead times of hiring: four kinds, each with its months."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from supportops.common.histories import GuardedHistory
from workforce.capacity.models import LeadTime


@admin.register(LeadTime)
class LeadTimeAdmin(GuardedHistory, ModelAdmin):
    list_display = ("scenario", "months_low", "months_high", "considerations")
    readonly_fields = ("scenario",)
    list_per_page = 25

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
