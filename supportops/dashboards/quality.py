"""Quality on the home page: what to score, to read, to release, to decide."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.selectors import inbox, reliability, sampling
from qa.selectors.agent_quality import to_acknowledge
from qa.selectors.disputes import disputes_to_decide
from qa.selectors.inbox import Work
from qa.selectors.reviews import waiting_for_release
from qa.selectors.sampling_sight import knows_why
from qa.selectors.sight import EVERYBODYS, teams_led
from supportops.dashboards import selectors
from supportops.dashboards.tiles import Tile
from workforce.people.models import User

SCORE = "qa.score_review"
READ = "qa.view_review"
RELEASE_ANY = "qa.void_review"
DECIDE = "qa.decide_dispute"
LISTED = 5
COVERED = 12


def quality_panels(user: User, now: datetime) -> dict[str, Any]:
    """Return what of quality needs this person now; nothing where nothing does."""
    panels: dict[str, Any] = {}
    if user.has_perm(SCORE):
        panels |= _scoring(user, now)
    if user.has_perm(READ):
        panels["own_reviews"] = to_acknowledge(user, user)[:LISTED]
    panels["quality_tiles"] = [*panels.get("quality_tiles", []), *_leading(user, now)]
    return panels


def _scoring(user: User, now: datetime) -> dict[str, Any]:
    """The reviewer's part. Others who may score see it once something waits for them."""
    work = inbox.work_of(user)
    is_reviewer = user.has_perm(EVERYBODYS) and not user.has_perm(RELEASE_ANY)
    if not work and not is_reviewer:
        return {}
    panels: dict[str, Any] = {
        "quality_tiles": _work_tiles(work, now),
        "has_work": bool(work),
        "next_work": work[0] if work else None,
        "scores_reviews": True,
    }
    if is_reviewer:
        period = inbox.latest_period(timezone.localdate(now))
        panels |= {
            "coverage_period": period,
            "coverage": _coverage(user, period),
            "own_scoring": reliability.own_reliability(user),
        }
    return panels


def _work_tiles(work: list[Work], now: datetime) -> list[Tile]:
    address = reverse("qa:inbox")
    today = timezone.localdate(now)
    late = sum(bool(each.due_at and each.due_at < now) for each in work)
    due = sum(
        bool(each.due_at and each.due_at >= now)
        and timezone.localdate(each.due_at) == today
        for each in work
    )
    calibrated = sum(each.origin == inbox.CALIBRATED for each in work)
    return [
        Tile(_("Reviews due today"), due, address),
        Tile(_("Reviews overdue"), late, address, "late" if late else "ok"),
        Tile(_("Drafts"), sum(each.is_begun for each in work), address),
        Tile(_("Calibrations to score"), calibrated, address),
    ]


def _coverage(user: User, period: tuple[date, date]) -> list[dict[str, Any]]:
    """Agents of the newest draw, who has no review first; ``percent`` of it is done."""
    teams = None if user.has_perm(EVERYBODYS) else set(teams_led(user))
    rows = sampling.coverage(
        *period,
        teams,
        timezone.get_current_timezone(),
        is_blind=not knows_why(user),
    )
    rows.sort(key=lambda row: (row.done > 0, -row.resolved, row.agent.pk))
    return [
        {
            "row": row,
            "percent": min(100, round(100 * row.done / max(1, row.drawn or row.done))),
        }
        for row in rows[:COVERED]
    ]


def _leading(user: User, now: datetime) -> list[Tile]:
    """What waits for whoever may release everybody's reviews or decide disputes."""
    tiles = []
    if user.has_perm(RELEASE_ANY):
        waiting = selectors.capped(waiting_for_release(user))
        tiles.append(
            Tile(
                _("Reviews not released"),
                waiting,
                f"{reverse('qa:reviews')}?state=SUBMITTED",
            )
        )
    if user.has_perm(DECIDE):
        late = selectors.capped(disputes_to_decide(user).filter(due_at__lt=now))
        tiles.append(
            Tile(
                _("Disputes overdue"),
                late,
                reverse("qa:disputes"),
                "late" if late else "ok",
            )
        )
    return tiles
