"""Synonyms and known questions in the admin: found by its search, their history read.

They are changed on their own pages, which show what breaks first.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from kb.models import KnownQuestion, Synonym
from kb.selectors.readers import articles_readable_by, audience_of
from supportops.common.histories import GuardedHistory


class ReadOnly:
    """Nothing is written here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Synonym)
class SynonymAdmin(ReadOnly, GuardedHistory, ModelAdmin):
    list_display = ("term", "others", "language", "active")
    list_filter = ("language", "is_active")
    list_per_page = 25
    search_fields = ("term", "same_as")
    ordering = ("language", "term")

    @display(description=_("means the same as"))
    def others(self, synonym: Synonym) -> str:
        return ", ".join(map(str, synonym.same_as))

    @display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, synonym: Synonym) -> bool:
        return synonym.is_active


@admin.register(KnownQuestion)
class KnownQuestionAdmin(ReadOnly, ModelAdmin):
    list_display = ("text", "article", "language", "weight", "source", "active")
    list_filter = ("language", "source", "is_active")
    list_per_page = 25
    list_select_related = ("article",)
    search_fields = ("text",)
    ordering = ("-weight", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnownQuestion]:
        rows = super().get_queryset(request)
        audience = audience_of(request.user)
        if audience.is_staff:
            return rows
        return rows.filter(article__in=articles_readable_by(audience))

    @display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, question: KnownQuestion) -> bool:
        return question.is_active
