"""Stored clocks, for whoever wants to see the rows behind a figure. Read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.paginator import InfinitePaginator

from sla.models import SlaClock
from supportops.common.templatetags.times import duration, relative
from tickets.selectors import tickets_visible_to

CHIP = {
    SlaClock.State.RUNNING: "watch",
    SlaClock.State.PAUSED: "idle",
    SlaClock.State.MET: "ok",
    SlaClock.State.MISSED: "late",
}


@admin.register(SlaClock)
class SlaClockAdmin(ModelAdmin):
    list_display = ("on_ticket", "metric", "cycle", "shown_state", "due", "promised")
    list_display_links = None
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("metric", ChoicesDropdownFilter),
    )
    list_filter_sheet = True
    list_select_related = ("ticket",)
    search_fields = ("=ticket__id",)
    search_help_text = gettext_lazy("A ticket number")
    ordering = ("-pk",)
    list_per_page = 25
    show_full_result_count = False
    # No count: there are as many clocks as promises ever made.
    paginator = InfinitePaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlaClock]:
        """Clocks of tickets that the person may see."""
        clocks = super().get_queryset(request)
        if request.user.has_perm("tickets.view_all_tickets"):
            return clocks
        return clocks.filter(ticket__in=tickets_visible_to(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: SlaClock | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: SlaClock | None = None
    ) -> bool:
        return False

    @admin.display(description=gettext_lazy("Ticket"))
    def on_ticket(self, clock: SlaClock) -> SafeString:
        return format_html(
            '<a class="so-link" href="{}">#{} {}</a>',
            reverse("admin:tickets_ticket_change", args=[clock.ticket_id]),
            clock.ticket_id,
            clock.ticket.subject,
        )

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def shown_state(self, clock: SlaClock) -> SafeString:
        return format_html(
            '<span class="so-chip {}">{}</span>',
            CHIP[SlaClock.State(clock.state)],
            clock.get_state_display(),
        )

    @admin.display(description=gettext_lazy("Due"))
    def due(self, clock: SlaClock) -> Any:
        return relative(clock.due_at) or "–"

    @admin.display(description=gettext_lazy("Target"))
    def promised(self, clock: SlaClock) -> str:
        return duration(clock.target_seconds) or "–"
