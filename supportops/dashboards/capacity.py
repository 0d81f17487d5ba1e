"""Capacity on the home page: today, the week's gaps, and what waits to be decided."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from supportops.dashboards.tiles import Tile
from workforce.capacity.models import Forecast, Investigation, PlanningDuty, Queue
from workforce.capacity.selectors.decisions.attention import attention_lines
from workforce.capacity.selectors.decisions.lists import needing_attention
from workforce.capacity.selectors.intraday import overview as days_of
from workforce.capacity.selectors.queues import VIEW, queues_visible_to
from workforce.capacity.selectors.staffing.coming import ComingWeek, coming_weeks
from workforce.people.models import User

PUBLISH = "capacity.publish_forecast"
RESOLVE = "capacity.resolve_investigation"
DUTY = "capacity.change_planningduty"
LISTED = 6
SOON = timedelta(days=3)


def capacity_panels(user: User, now: datetime) -> dict[str, Any]:
    """Return what of capacity needs this person now; nothing for who plans nothing."""
    if not user.has_perm(VIEW):
        return {}
    queues = list(queues_visible_to(user).filter(is_active=True))
    attention = needing_attention(user, now)
    panels: dict[str, Any] = {
        "capacity_tiles": _tiles(
            user, queues, now, len(attention.fired) + len(attention.reopened)
        ),
        "decisions_now": attention_lines(attention),
    }
    if queues:
        panels |= {
            "capacity_today": _today(queues, now),
            "capacity_weeks": _weeks(queues, timezone.localdate(now)),
        }
    return panels


def _tiles(user: User, queues: list[Queue], now: datetime, fired: int) -> list[Tile]:
    tiles = []
    if user.has_perm(PUBLISH):
        drafts = Forecast.objects.filter(queue__in=queues, state=Forecast.State.DRAFT)
        address = f"{reverse('capacity:forecasts')}?state=waiting"
        tiles.append(Tile(_("Forecasts to publish"), drafts.count(), address))
    if user.has_perm(RESOLVE):
        mine = Investigation.objects.filter(
            state=Investigation.State.OPEN, owner=user, queue__in=queues
        )
        address = f"{reverse('capacity:investigations')}?mine=on"
        late = mine.filter(due_on__lt=timezone.localdate(now)).exists()
        tone = "late" if late else ""
        tiles.append(Tile(_("My investigations"), mine.count(), address, tone))
    if fired:
        address = reverse("capacity:decisions")
        tiles.append(Tile(_("Decisions reopened"), fired, address, "late"))
    if user.has_perm(DUTY):
        due = PlanningDuty.objects.filter(
            done_at__isnull=True,
            due_on__lte=timezone.localdate(now) + SOON,
            task__is_active=True,
            task__owner=user,
        ).count()
        if due:
            tiles.append(Tile(_("Planning due"), due, reverse("capacity:planning")))
    return tiles


def _today(queues: list[Queue], now: datetime) -> list[dict[str, Any]]:
    """Today of each queue that is open, those outside their band first."""
    rows = [row for row in days_of(queues, now) if row.curve is not None]
    rows.sort(key=lambda row: not row.is_alert)
    return [
        {"row": row, "came": row.curve.came, "expected": row.curve.so_far}
        for row in rows[:LISTED]
        if row.curve is not None
    ]


def _weeks(queues: list[Queue], day: date) -> list[ComingWeek]:
    """Next week of the queues: longest coverage gaps first, then what lacks most people."""
    known = [week for week in coming_weeks(queues, day) if week.needed]
    return sorted(known, key=lambda week: (-week.uncovered_hours, -week.short))[:LISTED]
