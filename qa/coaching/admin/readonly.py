"""Lists of coaching in the admin: what a person may see, read only.

A row leads to the page of its own, which shows each reader what is theirs and, for a
plan, logs the reading. Nothing is written here and there is nothing else to open.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from qa.coaching.models import (
    CoachingSession,
    ImprovementPlan,
    MetricAudit,
    Recognition,
)
from qa.coaching.selectors.plans import plans_visible_to
from qa.coaching.selectors.sessions import sessions_visible_to


class ListOnly(ModelAdmin):
    """A list whose rows lead to ``page``."""

    page = ""
    query = ""
    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        if self.get_object(request, object_id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(self.page_of(object_id))

    def page_of(self, object_id):
        return reverse(self.page, kwargs={"pk": object_id}) + self.query

    def history_view(self, request, object_id, extra_context=None):
        """What has happened stands on the page itself."""
        return self.change_view(request, object_id)


@admin.register(CoachingSession)
class CoachingSessionAdmin(ListOnly):
    page = "coaching:session"
    list_display = ("agent", "coach", "state", "due_on", "held_at")
    list_filter = ("state",)
    list_select_related = ("agent", "coach")
    ordering = ("-due_on", "-pk")

    def get_queryset(self, request):
        return sessions_visible_to(request.user)


@admin.register(ImprovementPlan)
class ImprovementPlanAdmin(ListOnly):
    page = "coaching:plan"
    query = "?from=admin"
    list_display = ("agent", "manager", "state", "starts_on", "days")
    list_filter = ("state",)
    list_select_related = ("agent", "manager")
    ordering = ("-starts_on", "-pk")

    def get_queryset(self, request):
        return plans_visible_to(request.user)


@admin.register(MetricAudit)
class MetricAuditAdmin(ListOnly):
    page = "coaching:audit"
    list_display = ("starts_on", "ends_on", "state", "size", "created_by")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    ordering = ("-starts_on", "-pk")


@admin.register(Recognition)
class RecognitionAdmin(ListOnly):
    """Nominations and awards; none of the figures behind them."""

    page = "coaching:wall"
    list_display = ("kind", "agent", "period_start", "state", "nominated_by")
    list_filter = ("kind", "state")
    list_select_related = ("agent", "nominated_by")
    ordering = ("-period_start", "-pk")

    def page_of(self, object_id):
        return reverse(self.page)
