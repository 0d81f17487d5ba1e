"""Fired alerts, newest first: what was crossed, when, on which ticket."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from sla.core.alerts import BREACH, THRESHOLDS
from sla.models import SlaAlert, SlaClock
from supportops.common.templatetags.times import relative
from tickets.selectors import tickets_visible_to


class ThresholdFilter(admin.SimpleListFilter):
    title = gettext_lazy("Threshold")
    parameter_name = "threshold"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (str(value), _("%(percent)d %%") % {"percent": value})
            for value in THRESHOLDS
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value is None or not value.isdecimal():
            return queryset
        return queryset.filter(threshold=int(value))


@admin.register(SlaAlert)
class SlaAlertAdmin(ModelAdmin):
    list_display = ("shown_threshold", "metric", "on_ticket", "crossed", "fired")
    list_display_links = None
    list_filter = (ThresholdFilter, ("clock__metric", ChoicesDropdownFilter))
    list_filter_sheet = True
    list_select_related = ("clock__ticket",)
    search_fields = ("=clock__ticket__id",)
    search_help_text = gettext_lazy("A ticket number")
    ordering = ("-fired_at", "-pk")
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlaAlert]:
        """Alerts on tickets that the person may see."""
        alerts = super().get_queryset(request)
        if request.user.has_perm("tickets.view_all_tickets"):
            return alerts
        return alerts.filter(clock__ticket__in=tickets_visible_to(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: SlaAlert | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: SlaAlert | None = None
    ) -> bool:
        return False

    @admin.display(description=gettext_lazy("Threshold"), ordering="threshold")
    def shown_threshold(self, alert: SlaAlert) -> SafeString:
        words = _("missed") if alert.threshold >= BREACH else _("warning")
        return format_html(
            '<span class="so-chip {}">{} % {}</span>',
            "late" if alert.threshold >= BREACH else "watch",
            alert.threshold,
            words,
        )

    @admin.display(description=gettext_lazy("Promise"), ordering="clock__metric")
    def metric(self, alert: SlaAlert) -> str:
        return str(SlaClock.Metric(alert.clock.metric).label)

    @admin.display(description=gettext_lazy("Ticket"))
    def on_ticket(self, alert: SlaAlert) -> SafeString:
        ticket = alert.clock.ticket
        return format_html(
            '<a class="so-link" href="{}">#{} {}</a>',
            reverse("admin:tickets_ticket_change", args=[ticket.pk]),
            ticket.pk,
            ticket.subject,
        )

    @admin.display(description=gettext_lazy("Crossed"), ordering="crossed_at")
    def crossed(self, alert: SlaAlert) -> Any:
        return relative(alert.crossed_at)

    @admin.display(description=gettext_lazy("Told"), ordering="fired_at")
    def fired(self, alert: SlaAlert) -> Any:
        return relative(alert.fired_at)
