"""The ticket list: what should be worked on first."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.views import ChangeList

from sla.selectors.clocks import next_promises, used_shares
from supportops.common.errors import OperationRefused
from supportops.common.templatetags.times import relative
from supportops.desk.articles import TicketArticlesPage
from supportops.desk.filters import ViewFilter
from supportops.desk.paginator import CappedPaginator
from supportops.desk.promises import promise_cell
from supportops.desk.search import matching_tickets
from supportops.desk.ticket_page import NewTicketPage, TicketPage
from tickets import selectors, services
from tickets.models import Ticket

STATE_CHIP = {
    "OPEN": "",
    "WAITING": "watch",
    "ON_HOLD": "watch",
    "RESOLVED": "ok",
    "CLOSED": "idle",
}
PRIORITY_CHIP = {"P1": "late", "P2": "watch"}


class QueueChangeList(ChangeList):
    """Fetches the next promise of each ticket on the page, not of each row by itself."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        tickets = list(self.result_list)
        promises = next_promises([ticket.pk for ticket in tickets])
        shares = used_shares(list(promises.values()), timezone.now())
        for ticket in tickets:
            clock = promises.get(ticket.pk)
            ticket.next_promise = clock, shares.get(clock.pk) if clock else None
        self.result_list = tickets


@admin.register(Ticket)
class TicketAdmin(ModelAdmin):
    list_display = (
        "headline",
        "customer",
        "shown_priority",
        "shown_status",
        "assignee",
        "promise",
        "changed",
    )
    list_select_related = (
        "status",
        "channel",
        "organisation__tier",
        "requester",
        "assignee",
        "team",
    )
    list_filter = (
        ViewFilter,
        ("is_open", admin.BooleanFieldListFilter),
        ("status", RelatedDropdownFilter),
        ("priority", ChoicesDropdownFilter),
        ("team", AutocompleteSelectFilter),
        ("assignee", AutocompleteSelectFilter),
        ("organisation", AutocompleteSelectFilter),
        ("channel", RelatedDropdownFilter),
    )
    list_filter_sheet = True
    list_filter_submit = True
    list_per_page = 25
    list_max_show_all = 200
    show_full_result_count = False
    paginator = CappedPaginator
    search_fields = ("subject",)
    search_help_text = _("Words of the subject, or a ticket number such as #1204")
    ordering = (F("next_due_at").asc(nulls_last=True), "-id")
    actions = ("take_selected",)
    list_display_links = ("headline",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        # The long columns are for the ticket page.
        return selectors.tickets_visible_to(request.user).defer("custom")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return matching_tickets(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "add/",
                wrap(NewTicketPage.as_view()),
                name="tickets_ticket_add",
            ),
            path(
                "<int:ticket_id>/change/",
                wrap(TicketPage.as_view()),
                name="tickets_ticket_change",
            ),
            path(
                "<int:ticket_id>/articles/",
                wrap(TicketArticlesPage.as_view()),
                name="tickets_ticket_articles",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """Start with the open tickets: that is what the question is about."""
        if not request.GET and request.method == "GET":
            return HttpResponseRedirect(f"{request.path}?is_open__exact=1")
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tickets.work_ticket")

    def has_change_permission(
        self, request: HttpRequest, obj: Ticket | None = None
    ) -> bool:
        """Columns follow from events, so the admin's own form never edits a ticket."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Ticket | None = None
    ) -> bool:
        return False

    # -- columns ------------------------------------------------------------------

    @admin.display(description=_("Ticket"), ordering="id")
    def headline(self, ticket: Ticket) -> SafeString:
        channel = ticket.channel
        icon = channel.icon if channel else "inbox"
        return format_html(
            '<span class="so-note">#{} </span>'
            '<span class="material-symbols-outlined md-18 align-middle" title="{}">{}'
            '</span> <span class="font-medium">{}</span>',
            ticket.pk,
            channel.name if channel else _("No channel"),
            icon,
            ticket.subject,
        )

    @admin.display(description=_("Customer"))
    def customer(self, ticket: Ticket) -> SafeString | str:
        organisation = ticket.organisation
        if organisation is None:
            return str(ticket.requester or "–")
        if organisation.tier is None:
            return organisation.name
        return format_html(
            '{} <span class="so-note">{}</span>',
            organisation.name,
            organisation.tier.name,
        )

    @admin.display(description=_("Priority"), ordering="priority")
    def shown_priority(self, ticket: Ticket) -> SafeString | str:
        if not ticket.priority:
            return "–"
        tone = PRIORITY_CHIP.get(ticket.priority, "")
        label = ticket.get_priority_display()
        return format_html('<span class="so-chip {}">{}</span>', tone, label)

    @admin.display(description=_("Status"), ordering="status")
    def shown_status(self, ticket: Ticket) -> SafeString:
        tone = STATE_CHIP[ticket.state]
        return format_html('<span class="so-chip {}">{}</span>', tone, ticket.status)

    @admin.display(description=_("Next promise"), ordering="next_due_at")
    def promise(self, ticket: Ticket) -> SafeString | str:
        return promise_cell(*ticket.next_promise, at=timezone.now())

    @admin.display(description=_("Updated"), ordering="updated_at")
    def changed(self, ticket: Ticket) -> SafeString | str:
        return relative(ticket.updated_at)

    # -- actions ------------------------------------------------------------------

    @admin.action(description=_("Give the selected tickets to me"))
    def take_selected(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        if not request.user.has_perm("tickets.work_ticket"):
            raise PermissionDenied
        now = timezone.now()
        taken = 0
        # Listed first: taking a ticket can drop it from a filtered queryset.
        for ticket_id in list(queryset.values_list("pk", flat=True)):
            try:
                services.assign(
                    ticket_id=ticket_id,
                    at=now,
                    actor=request.user,
                    assignee=request.user,
                )
            except OperationRefused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                taken += 1
        if taken:
            done = ngettext(
                "%(count)d ticket is now yours.",
                "%(count)d tickets are now yours.",
                taken,
            )
            self.message_user(request, done % {"count": taken}, messages.SUCCESS)
