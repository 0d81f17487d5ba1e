"""Queues in the admin: what is planned for, and which tickets fill it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display

from supportops.common.errors import OperationRefused
from supportops.common.histories import GuardedHistory
from workforce.capacity.forms.queues import QueueForm
from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.selectors.queues import VIEW_ALL, queues_visible_to
from workforce.capacity.services import volumes


@admin.register(Queue)
class QueueAdmin(GuardedHistory, ModelAdmin):
    form = QueueForm
    gone_rows_permission = VIEW_ALL
    list_display = (
        "name",
        "channel",
        "handling",
        "filled_by",
        "interval_minutes",
        "time_zone",
        "calendar",
        "country",
        "is_active",
        "numbers",
    )
    list_select_related = ("calendar",)
    list_per_page = 25
    list_filter = (
        "is_active",
        ("handling", ChoicesDropdownFilter),
        ("teams", RelatedDropdownFilter),
        ("calendar", RelatedDropdownFilter),
        "interval_minutes",
    )
    list_filter_submit = True
    search_fields = ("name", "channel")
    ordering = ("name", "channel", "pk")
    autocomplete_fields = ("teams", "channels", "calendar")
    actions_detail = ("to_volumes",)
    actions = ("count_again",)
    fieldsets = (
        (None, {"fields": ("name", "channel", "handling", "is_active")}),
        (_("Which tickets fill it"), {"fields": ("channels", "teams")}),
        (_("Intervals"), {"fields": ("interval_minutes", "time_zone")}),
        (_("When it is staffed"), {"fields": ("calendar", "country")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        return queues_visible_to(request.user).prefetch_related("channels")

    def save_model(
        self, request: HttpRequest, obj: Queue, form: Any, change: bool
    ) -> None:
        """Give a new queue its assumptions, which staffing stands on."""
        super().save_model(request, obj, form, change)
        Assumptions.objects.get_or_create(queue=obj)

    @display(description=_("Filled by"))
    def filled_by(self, queue: Queue) -> str:
        names = ", ".join(str(channel) for channel in queue.channels.all())
        return names or str(_("import only"))

    @display(description=_("Volumes"))
    def numbers(self, queue: Queue) -> SafeString:
        return format_html(
            '<a class="so-link" href="{}">{}</a>',
            reverse("capacity:volumes-queue", args=[queue.pk]),
            _("See"),
        )

    @action(description=_("Volumes"), url_path="volumes")
    def to_volumes(self, request: HttpRequest, object_id: int) -> Any:
        return redirect("capacity:volumes-queue", object_id)

    @admin.action(description=_("Count again from tickets"), permissions=["change"])
    def count_again(self, request: HttpRequest, queryset: QuerySet[Queue]) -> None:
        for queue in queryset.order_by("name", "pk"):
            try:
                volumes.start_rebuild(
                    queue_id=queue.pk,
                    actor=request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                )
            except OperationRefused as refusal:
                messages.warning(request, refusal.message)
