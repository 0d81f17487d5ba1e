"""Decisions and their evidence as lists, read only: everything is done on their pages."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from workforce.capacity.models import Decision, Evidence
from workforce.capacity.selectors.decisions import decisions_visible_to
from workforce.capacity.selectors.decisions.records import evidence_open_to
from workforce.capacity.selectors.decisions.sight import VIEW


class PageList(ModelAdmin):
    """A list whose rows lead to the page of a decision."""

    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(VIEW)

    def has_module_permission(self, request):
        return request.user.has_perm(VIEW)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(self.page_of(row))

    def history_view(self, request, object_id, extra_context=None):
        """What has happened stands in the evidence log of the page itself."""
        return self.change_view(request, object_id)

    def page_of(self, row):
        raise NotImplementedError


@admin.register(Decision)
class DecisionAdmin(PageList):
    list_display = ("title", "kind", "state", "owner", "starts_on", "ends_on")
    list_filter = ("state", "kind")
    list_select_related = ("owner",)
    search_fields = ("title", "question")
    ordering = ("-changed_at", "-pk")

    def get_queryset(self, request):
        return decisions_visible_to(request.user)

    def page_of(self, row):
        return reverse("capacity:decision", args=[row.pk])


@admin.register(Evidence)
class EvidenceAdmin(PageList):
    list_display = ("at", "kind", "decision", "actor", "text")
    list_filter = ("kind",)
    list_select_related = ("decision", "actor")
    search_fields = ("text", "decision__title")
    ordering = ("-at", "-pk")

    def get_queryset(self, request):
        visible = decisions_visible_to(request.user)
        rows = super().get_queryset(request).filter(decision__in=visible)
        return evidence_open_to(rows, request.user)

    def page_of(self, row):
        return reverse("capacity:decision", args=[row.decision_id]) + "#evidence"
