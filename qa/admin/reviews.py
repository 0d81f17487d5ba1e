"""Reviews in the admin, for looking rows up. Read only; pages do the rest."""

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

from qa.models import Review, ReviewEvent
from qa.review_phrases import state_tone
from qa.selectors.reading import hides_agent
from qa.selectors.reviews import all_events_visible_to, reviews_shown_to
from supportops.common.templatetags.times import relative


class ReadOnly:
    """A row of the log of reviews is looked at here and changed nowhere."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReviewEventInline(ReadOnly, TabularInline):
    model = ReviewEvent
    fields = readonly_fields = ("at", "kind", "actor")
    ordering = ("at", "pk")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewEvent]:
        return all_events_visible_to(request.user).select_related("actor")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may read the review: what they may read of its events is a queryset."""
        return request.user.has_perm("qa.view_review")


@admin.register(Review)
class ReviewAdmin(ReadOnly, ModelAdmin):
    list_display = (
        "on_ticket",
        "whose_work",
        "reviewer",
        "kind",
        "shown_state",
        "score",
        "submitted",
    )
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_filter_sheet = True
    list_per_page = 25
    list_select_related = (
        "ticket",
        "agent",
        "reviewer",
        "calibration_item__session",
    )
    search_fields = ("=ticket__id",)
    search_help_text = _("A ticket number")
    ordering = ("-pk",)
    show_full_result_count = False
    inlines = (ReviewEventInline,)
    actions_detail = ("to_page", "to_void")
    fields = readonly_fields = (
        "on_ticket",
        "whose_work",
        "reviewer",
        "version",
        "kind",
        "basis",
        "state",
        "score",
        "raw_score",
        "passed",
        "is_critical_fail",
        "submitted_at",
        "released_at",
        "acknowledged_at",
        "dispute_until",
        "is_current",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return reviews_shown_to(request.user).order_by("-pk")

    @admin.display(description=_("Ticket"))
    def on_ticket(self, review: Review) -> SafeString:
        return format_html("#{} {}", review.ticket_id, review.ticket.subject)

    @admin.display(description=_("Agent"))
    def whose_work(self, review: Review) -> Any:
        return _("hidden during calibration") if hides_agent(review) else review.agent

    @admin.display(description=_("State"), ordering="state")
    def shown_state(self, review: Review) -> SafeString:
        return format_html(
            '<span class="so-chip {}">{}</span>',
            state_tone(review),
            review.get_state_display(),
        )

    @admin.display(description=_("Submitted"), ordering="submitted_at")
    def submitted(self, review: Review) -> Any:
        return relative(review.submitted_at) or "–"

    @action(description=_("Read"), url_path="page", icon="grading")
    def to_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("qa:review", pk=object_id)

    @action(
        description=_("Declare void"),
        url_path="void",
        icon="block",
        permissions=["void"],
    )
    def to_void(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("qa:review-void", pk=object_id)

    def has_void_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("qa.void_review")
