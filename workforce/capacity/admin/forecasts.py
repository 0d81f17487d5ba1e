"""Forecasts in the admin: every one that was computed, to look up, never to change."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from workforce.capacity.models import Forecast
from workforce.capacity.selectors.queues import queues_visible_to


@admin.register(Forecast)
class ForecastAdmin(ModelAdmin):
    list_display = (
        "queue_shown",
        "state",
        "method",
        "starts_on",
        "ends_on",
        "created_at",
        "published_at",
        "published_by",
    )
    list_filter = ("state", "method", "asked_method")
    list_filter_sheet = True
    list_select_related = ("queue", "published_by")
    list_per_page = 25
    search_fields = ("queue__name", "note")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    fields = (
        "to_page",
        "state",
        "asked_method",
        "method",
        "trained_until",
        "starts_on",
        "ends_on",
        "created_by",
        "created_at",
        "published_by",
        "published_at",
        "note",
        "quality",
        "applied",
        "backtest",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Forecast]:
        rows = super().get_queryset(request).select_related("queue")
        return rows.filter(queue__in=queues_visible_to(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Any | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Any | None = None
    ) -> bool:
        return False

    @display(description=_("queue"), ordering="queue__name")
    def queue_shown(self, forecast: Forecast) -> str:
        return str(forecast.queue)

    @display(description=_("queue"))
    def to_page(self, forecast: Forecast) -> SafeString:
        address = reverse("capacity:forecast", args=[forecast.queue_id])
        return format_html(
            '<a class="so-link" href="{}">{}</a>', address, forecast.queue
        )
