"""Articles and topics in the admin's search: found here, changed on their pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.admin import ModelAdmin

from kb.models import Article, Topic
from kb.selectors.articles.sight import articles_visible_to


class FoundOnly(ModelAdmin):
    """Read-only; the form leads to the page of the row."""

    list_per_page = 25

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(FoundOnly):
    list_display = ("title", "state", "audience", "language", "topic", "owner")
    list_filter = ("state", "audience", "kind", "language")
    list_select_related = ("topic", "owner")
    search_fields = ("title", "slug", "keywords")
    ordering = ("title", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        seen = articles_visible_to(request.user)
        return super().get_queryset(request).filter(pk__in=seen.values("pk"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        may_see = article is not None and self.has_view_permission(request, article)
        if request.method != "GET" or not may_see:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("kb:article", pk=article.pk)


@admin.register(Topic)
class TopicAdmin(FoundOnly):
    list_display = ("name", "parent", "level", "kind", "slug")
    list_filter = ("kind", "level")
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "description")
    ordering = ("level", "position", "name")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        topic = self.get_object(request, object_id)
        may_see = topic is not None and self.has_view_permission(request, topic)
        if request.method != "GET" or not may_see:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("kb:topics")
