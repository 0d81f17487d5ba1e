"""The home page: what needs me now? Panels follow from what a person may do."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sla.selectors.clocks import next_promises, used_shares
from sla.selectors.drift import latest_drift
from supportops.dashboards import selectors
from supportops.dashboards.capacity import capacity_panels
from supportops.dashboards.knowledge import knowledge_panels
from supportops.dashboards.quality import quality_panels
from supportops.dashboards.tiles import Tile
from supportops.desk.promises import promise_cell
from supportops.metrics import catalogue
from supportops.metrics.scopes import scope_from
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to
from workforce.people.models import User

SOON = timedelta(hours=1)
STALE = timedelta(hours=24)
WEEK = timedelta(days=7)
LEADS = "sla.view_compliance"
FIGURES = (
    "response_sla",
    "resolution_sla",
    "resolution_time_median",
    "first_contact_resolution",
    "reopen_rate",
    "ticket_volume",
)


def dashboard_callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill unfold's index page."""
    user, now = request.user, timezone.now()
    if not user.has_perm("tickets.view_ticket"):
        return context
    visible = tickets_visible_to(user)
    leads = user.has_perm(LEADS)
    works = user.has_perm("tickets.work_ticket")
    own = selectors.open_of(user)
    context.update(
        title=_("Home"),
        has_tickets=visible.exists(),
        tiles=_tiles(user, visible, own, now),
        due_next=_due(own if works and not leads else visible, now),
        due_title=(
            _("My tickets by what is due next")
            if works and not leads
            else _("Due next")
        ),
        own_due=_due(own, now) if leads and works else [],
        figures=_figures(request, now) if leads else [],
        changes=selectors.recent_changes() if user.has_perm("sla.view_policy") else [],
        drift=latest_drift() if leads else None,
        can_import=user.has_perm("ticket_imports.add_importrun"),
        can_set_policies=user.has_perm("sla.publish_policy"),
        **quality_panels(user, now),
        **capacity_panels(user, now),
        **knowledge_panels(user, now),
    )
    return context


def _tickets_url(**params: str) -> str:
    return f"{reverse('admin:tickets_ticket_changelist')}?{urlencode(params)}"


def _tiles(
    user: User, visible: QuerySet[Ticket], own: QuerySet[Ticket], now: datetime
) -> list[Tile]:
    """Choose the counts: of the floor, of one's own tickets, or of what one reads."""
    if user.has_perm(LEADS):
        return _lead_tiles(user, visible, now)
    if user.has_perm("tickets.work_ticket"):
        return _own_tiles(own, now)
    return _reader_tiles(visible, now)


def _reader_tiles(visible: QuerySet[Ticket], now: datetime) -> list[Tile]:
    return [
        Tile(
            _("Open tickets"),
            selectors.count_open(visible),
            _tickets_url(is_open__exact="1"),
        ),
        Tile(
            _("Past due now"),
            selectors.count_overdue(visible, now),
            _tickets_url(view="past"),
        ),
        Tile(
            _("Resolved in the last 7 days"),
            selectors.count_resolved_since(visible, now - WEEK),
            _tickets_url(view="resolved"),
        ),
    ]


def _lead_tiles(user: User, visible: QuerySet[Ticket], now: datetime) -> list[Tile]:
    midnight = timezone.localtime(now).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    overdue = selectors.count_overdue(visible, now)
    missed = selectors.count_missed_since(user, midnight)
    urgent = selectors.count_urgent_unassigned(visible)
    return [
        Tile(
            _("Due within the hour"),
            selectors.count_due_within(visible, now, SOON),
            _tickets_url(view="hour"),
        ),
        Tile(
            _("Past due now"),
            overdue,
            _tickets_url(view="past"),
            "late" if overdue else "ok",
        ),
        Tile(
            _("Promises missed today"),
            missed,
            f"{reverse('sla:compliance')}?period=today",
            "late" if missed else "ok",
        ),
        Tile(
            _("P1 and P2 without assignee"),
            urgent,
            _tickets_url(view="urgent"),
            "late" if urgent else "ok",
        ),
        Tile(
            _("Open longer than 24 h"),
            selectors.count_older_than(visible, now, STALE),
            _tickets_url(view="stale"),
        ),
    ]


def _own_tiles(own: QuerySet[Ticket], now: datetime) -> list[Tile]:
    overdue = selectors.count_overdue(own, now)
    waiting = own.filter(state="WAITING").count()
    return [
        Tile(_("My open tickets"), own.count(), _tickets_url(view="mine")),
        Tile(
            _("Due within the hour"),
            selectors.count_due_within(own, now, SOON),
            _tickets_url(view="mine"),
        ),
        Tile(
            _("Past due now"),
            overdue,
            _tickets_url(view="mine"),
            "late" if overdue else "ok",
        ),
        Tile(
            _("Waiting on customers"),
            waiting,
            _tickets_url(view="mine"),
        ),
    ]


def _due(tickets: QuerySet[Ticket], now: datetime) -> list[dict[str, Any]]:
    rows = selectors.due_next(tickets)
    promises = next_promises([ticket.pk for ticket in rows])
    shares = used_shares(list(promises.values()), now)
    return [
        {
            "ticket": ticket,
            "promise": promise_cell(
                clock, shares.get(clock.pk) if clock else None, at=now
            ),
        }
        for ticket in rows
        for clock in [promises.get(ticket.pk)]
    ]


def _figures(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    """Return the last 30 days beside the 30 before, as the catalogue defines them."""
    scope = scope_from({"period": ["30d"]}, user=request.user, at=now)
    previous = scope.period.previous()
    before = scope.over(previous.start, previous.end)
    return [
        {
            "metric": metric,
            "figure": metric.compute(scope),
            "before": metric.compute(before),
        }
        for metric in map(catalogue.get, FIGURES)
    ]
