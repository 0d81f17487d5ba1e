"""Disputes in the admin, for looking rows up. Read only; the queue decides."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action

from qa.admin.reviews import ReadOnly
from qa.models import Dispute, DisputeLine
from qa.review_phrases import dispute_tone
from qa.selectors.disputes import disputes_visible_to
from supportops.common.templatetags.times import relative


class DisputeLineInline(ReadOnly, TabularInline):
    model = DisputeLine
    fields = readonly_fields = (
        "criterion_key",
        "proposed_level",
        "reason",
        "outcome",
        "final_level",
    )
    ordering = ("pk",)
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("qa.view_dispute")


@admin.register(Dispute)
class DisputeAdmin(ReadOnly, ModelAdmin):
    list_display = ("on_ticket", "kind", "agent", "shown_state", "due", "arbiter")
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_filter_sheet = True
    list_per_page = 25
    list_select_related = ("review__ticket", "review__agent", "arbiter")
    search_fields = ("=review__ticket__id",)
    search_help_text = _("A ticket number")
    ordering = ("-pk",)
    show_full_result_count = False
    inlines = (DisputeLineInline,)
    actions_detail = ("to_page",)
    fields = readonly_fields = (
        "on_ticket",
        "agent",
        "kind",
        "state",
        "reason",
        "opened_at",
        "due_at",
        "arbiter",
        "decided_at",
        "decision",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        return disputes_visible_to(request.user).order_by("-pk")

    @admin.display(description=_("Ticket"))
    def on_ticket(self, dispute: Dispute) -> SafeString:
        ticket = dispute.review.ticket
        return format_html("#{} {}", ticket.pk, ticket.subject)

    @admin.display(description=_("Agent"))
    def agent(self, dispute: Dispute) -> Any:
        return dispute.review.agent

    @admin.display(description=_("State"), ordering="state")
    def shown_state(self, dispute: Dispute) -> SafeString:
        return format_html(
            '<span class="so-chip {}">{}</span>',
            dispute_tone(dispute),
            dispute.get_state_display(),
        )

    @admin.display(description=_("Due"), ordering="due_at")
    def due(self, dispute: Dispute) -> Any:
        return relative(dispute.due_at)

    @action(description=_("Read"), url_path="page", icon="gavel")
    def to_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("qa:dispute", pk=object_id)
