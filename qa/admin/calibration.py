"""Admin lists of calibrations, case law, gold tickets and changes of rubric."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from qa.core.scorecard import Criterion
from qa.models import (
    CalibrationDecision,
    CalibrationSession,
    GoldTicket,
    RubricChange,
)
from qa.selectors import calibration as selectors
from qa.selectors.case_law import decisions_visible_to
from qa.selectors.scorecards import card_of
from qa.services import gold as gold_services
from qa.services.calibration.minutes import value_label


class ReadOnlyAdmin(ModelAdmin):
    """Rows that services alone write."""

    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalibrationSession)
class CalibrationSessionAdmin(ReadOnlyAdmin):
    """Every round; what is in it is read in its room alone."""

    list_display = ("title", "standing", "due_at", "facilitator", "finished", "room")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_filter_sheet = True
    search_fields = ("title",)
    ordering = ("-due_at", "-pk")
    list_select_related = ("facilitator",)
    # Minutes and statistics say what is in the sheets: the room decides who reads them.
    fields = (
        "title",
        "state",
        "facilitator",
        "mode",
        "reveal",
        "due_at",
        "started_at",
        "revealed_at",
        "decided_at",
        "closed_at",
        "room",
    )
    readonly_fields = ("room",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalibrationSession]:
        return selectors.calibrations_visible_to(request.user)

    @display(
        description=gettext_lazy("State"),
        label={"SCORING": "warning", "REVEALED": "warning", "CLOSED": "success"},
    )
    def standing(self, session: CalibrationSession) -> tuple[str, str]:
        return session.state, session.get_state_display()

    @admin.display(description=gettext_lazy("All in"))
    def finished(self, session: CalibrationSession) -> str:
        return _("%(finished)d of %(count)d") % {
            "finished": session.finished_count,  # type: ignore[attr-defined]  # annotated
            "count": session.participant_count,  # type: ignore[attr-defined]  # annotated
        }

    @admin.display(description=gettext_lazy("Room"))
    def room(self, session: CalibrationSession) -> SafeString:
        return format_html(
            '<a class="so-link" href="{}">{}</a>',
            reverse("qa:calibration", args=[session.pk]),
            _("Open the room"),
        )


@admin.register(CalibrationDecision)
class CalibrationDecisionAdmin(ReadOnlyAdmin):
    """Case law: agreed levels, with reason and passage, for everybody to look up."""

    list_display = ("scorecard", "criterion", "agreed", "why", "decided_at")
    list_filter = ("scorecard",)
    list_filter_sheet = True
    search_fields = ("criterion_key", "reason", "quote")
    search_help_text = gettext_lazy("A criterion, or words of the reason or passage")
    ordering = ("-decided_at", "-pk")
    list_select_related = ("scorecard", "item__session__version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalibrationDecision]:
        return decisions_visible_to(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Leave the ticket to reviewers: it names the agent."""
        fields = [
            "scorecard",
            "criterion",
            "agreed",
            "reason",
            "quote",
            "decided_at",
        ]
        if request.user.has_perm("qa.view_calibrationsession"):
            fields += ["ticket", "is_active"]
        return fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    @admin.display(description=gettext_lazy("Criterion"), ordering="criterion_key")
    def criterion(self, decision: CalibrationDecision) -> str:
        return _criterion_of(decision).title

    @admin.display(description=gettext_lazy("Agreed"), ordering="level")
    def agreed(self, decision: CalibrationDecision) -> str:
        if decision.is_unclear:
            return _("criterion unclear")
        return value_label(_criterion_of(decision), decision.level)

    @admin.display(description=gettext_lazy("Reason"))
    def why(self, decision: CalibrationDecision) -> str:
        return Truncator(decision.reason).words(20)

    @admin.display(description=gettext_lazy("Ticket"))
    def ticket(self, decision: CalibrationDecision) -> SafeString:
        return ticket_link(decision.item.ticket_id)


@admin.register(GoldTicket)
class GoldTicketAdmin(ReadOnlyAdmin):
    """Tickets with known answers. Made in the room of a decided calibration."""

    list_display = ("on_ticket", "version_name", "score", "standing", "created_at")
    list_filter = ("is_active",)
    list_filter_sheet = True
    search_fields = ("=ticket__id",)
    search_help_text = gettext_lazy("A ticket number")
    ordering = ("-created_at", "-pk")
    list_select_related = ("version__scorecard",)
    fields = (
        "on_ticket",
        "version_name",
        "score",
        "answers",
        "is_active",
        "created_at",
    )
    readonly_fields = ("on_ticket", "version_name")
    actions_detail = ("withdraw",)

    @admin.display(description=gettext_lazy("Ticket"), ordering="ticket")
    def on_ticket(self, row: GoldTicket) -> SafeString:
        return ticket_link(row.ticket_id)

    @admin.display(description=gettext_lazy("Scorecard"))
    def version_name(self, row: GoldTicket) -> str:
        return _("%(name)s, version %(number)d") % {
            "name": row.version.scorecard.name,
            "number": row.version.number,
        }

    @display(description=gettext_lazy("In use"), label={"YES": "success"})
    def standing(self, row: GoldTicket) -> tuple[str, str]:
        return ("YES", _("In use")) if row.is_active else ("NO", _("Withdrawn"))

    def has_withdraw_permission(
        self, request: HttpRequest, object_id: str | None = None
    ) -> bool:
        return request.user.has_perm("qa.change_goldticket")

    @action(description=gettext_lazy("Withdraw"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if gold_services.withdraw_gold(gold_id=object_id):
            messages.success(request, _("The ticket is in no exam from now on."))
        return redirect("admin:qa_goldticket_changelist")


@admin.register(RubricChange)
class RubricChangeAdmin(ReadOnlyAdmin):
    """Criteria that could not be scored as written, and what was done about them."""

    list_display = ("scorecard", "criterion_key", "standing", "about", "opened_at")
    list_filter = (("state", ChoicesDropdownFilter), "scorecard")
    list_filter_sheet = True
    search_fields = ("criterion_key", "text")
    ordering = ("-opened_at", "-pk")
    list_select_related = ("scorecard",)
    fields = (
        "scorecard",
        "criterion_key",
        "text",
        "on_tickets",
        "state",
        "opened_by",
        "opened_at",
        "settlement",
        "settled_by",
        "settled_at",
        "to_settle",
    )
    readonly_fields = ("on_tickets", "to_settle")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RubricChange]:
        return super().get_queryset(request).annotate(ticket_count=Count("tickets"))

    @display(
        description=gettext_lazy("State"),
        label={"OPEN": "warning", "DONE": "success"},
    )
    def standing(self, row: RubricChange) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @admin.display(description=gettext_lazy("What is unclear"))
    def about(self, row: RubricChange) -> str:
        return Truncator(row.text).words(20)

    @admin.display(description=gettext_lazy("Tickets"))
    def on_tickets(self, row: RubricChange) -> SafeString:
        return format_html(
            " ".join(["{}"] * row.tickets.count()),
            *(ticket_link(ticket.pk) for ticket in row.tickets.order_by("pk")),
        )

    @admin.display(description=gettext_lazy("Settle"))
    def to_settle(self, row: RubricChange) -> SafeString | str:
        if row.state != RubricChange.State.OPEN:
            return _("Settled.")
        return format_html(
            '<a class="so-link" href="{}">{}</a>',
            reverse("qa:rubric-change", args=[row.pk]),
            _("Say what was done"),
        )


def _criterion_of(decision: CalibrationDecision) -> Criterion:
    """As worded in the version that the round was scored with."""
    return card_of(decision.item.session.version).criterion(decision.criterion_key)


def ticket_link(ticket_id: int) -> SafeString:
    return format_html(
        '<a class="so-link" href="{}">#{}</a>',
        reverse("admin:tickets_ticket_change", args=[ticket_id]),
        ticket_id,
    )
