"""The ready-made views of the ticket list: one word in the address for each question."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket

VIEWS = {
    "mine": _("Mine"),
    "unassigned": _("Nobody's"),
    "hour": _("Due within the hour"),
    "past": _("Past due"),
    "urgent": _("P1 and P2 without assignee"),
    "waiting": _("Waiting on customer"),
    "stale": _("Open longer than 24 h"),
    "resolved": _("Resolved in the last 7 days"),
}


class ViewFilter(SimpleListFilter):
    """Tickets that answer one question; every view uses one of the list's indexes."""

    title = _("view")
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(VIEWS.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Ticket]
    ) -> QuerySet[Ticket]:
        view, now = self.value(), timezone.now()
        if view not in VIEWS:
            return queryset
        if view == "resolved":
            return queryset.filter(resolved_at__gte=now - timedelta(days=7))
        queryset = queryset.filter(is_open=True)
        if view == "mine":
            return queryset.filter(assignee=request.user)
        if view == "unassigned":
            return queryset.filter(assignee__isnull=True)
        if view == "hour":
            return queryset.filter(
                next_due_at__gt=now, next_due_at__lte=now + timedelta(hours=1)
            )
        if view == "past":
            return queryset.filter(next_due_at__lte=now)
        if view == "urgent":
            return queryset.filter(assignee__isnull=True, priority__in=["P1", "P2"])
        if view == "stale":
            return queryset.filter(created_at__lt=now - timedelta(hours=24))
        return queryset.filter(state="WAITING")
