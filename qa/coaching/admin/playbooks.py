"""Playbooks, which support leads may reword."""

from django import forms
from django.contrib import admin
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from qa.coaching.models import Playbook
from qa.coaching.selectors.goals import criterion_titles


class PlaybookForm(forms.ModelForm):
    class Meta:
        model = Playbook
        fields = (
            "title",
            "signs",
            "approach",
            "resources",
            "criterion_key",
            "root_cause_kind",
            "position",
        )
        widgets = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": 6})
            for name in ("signs", "approach", "resources")
        }


@admin.register(Playbook)
class PlaybookAdmin(ModelAdmin):
    form = PlaybookForm
    list_display = ("title", "fits", "root_cause_kind")
    search_fields = ("title", "approach")
    ordering = ("position", "pk")
    list_per_page = 25

    def get_changelist_instance(self, request):
        """Read the names of criteria once."""
        changelist = super().get_changelist_instance(request)
        titles = criterion_titles()
        for book in changelist.result_list:
            key = book.criterion_key
            book.criterion_title = titles.get(key, key)
        return changelist

    @admin.display(description=Playbook._meta.get_field("criterion_key").verbose_name)  # noqa: SLF001 -- Django's documented API
    def fits(self, book):
        return book.criterion_title or "–"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
