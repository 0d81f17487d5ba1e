"""Statuses and their moves, categories, product areas, channels, tags."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action

from supportops.common.histories import GuardedHistory
from tickets import services
from tickets.admin.moves_page import StatusMovesPage
from tickets.forms import CategoryForm, StatusForm
from tickets.models import Category, Channel, ProductArea, Status, Tag


@admin.register(Status)
class StatusAdmin(GuardedHistory, ModelAdmin):
    form = StatusForm
    list_display = ("name", "code", "category", "is_intake", "position", "is_active")
    list_filter = (("category", ChoicesDropdownFilter),)
    list_filter_submit = True
    ordering = ("position", "pk")
    search_fields = ("name", "code")
    actions_list = ("open_moves",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        # History, imports and automation name statuses by their code.
        return ("code",) if obj else ()

    def get_urls(self) -> list[Any]:
        page = StatusMovesPage.as_view()
        return [
            path(
                "moves/",
                self.admin_site.admin_view(page),
                name="tickets_status_moves",
            ),
            *super().get_urls(),
        ]

    @action(description=_("Allowed moves"), url_path="allowed-moves", icon="grid_on")
    def open_moves(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:tickets_status_moves")


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    form = CategoryForm
    list_display = ("path",)
    list_per_page = 50
    ordering = ("path", "pk")
    search_fields = ("path",)
    autocomplete_fields = ("parent",)

    def save_model(
        self, request: HttpRequest, obj: Category, form: Any, change: bool
    ) -> None:
        saved = services.save_category(
            name=obj.name, parent=obj.parent, category_id=obj.pk if change else None
        )
        obj.pk, obj.path = saved.pk, saved.path


class NamedAdmin(ModelAdmin):
    """A plain list of names."""

    list_display: tuple[str, ...] = ("name",)
    ordering = ("name", "pk")
    search_fields = ("name",)


@admin.register(ProductArea)
class ProductAreaAdmin(NamedAdmin):
    pass


@admin.register(Channel)
class ChannelAdmin(NamedAdmin):
    list_display = ("name", "code", "icon")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        # Published policies name channels by their code.
        return ("code",) if obj else ()


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    list_display = ("name", "uses")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(used=Count("tickets"))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple:
        # The log of every ticket that had it names it so.
        return ("name",) if obj else ()

    @admin.display(description=_("tickets"), ordering="used")
    def uses(self, tag: Any) -> int:
        return tag.used
