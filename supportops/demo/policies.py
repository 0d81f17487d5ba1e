"""The demo's promises: the seed example's matrix, and one change during the year."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sla.models import Calendar
from sla.selectors.calendars import default_keys
from sla.services import calendars, policies
from supportops.demo.core import story
from supportops.demo.people import Cast

MINUTE, HOUR = 60, 3600
WEEKDAYS = range(5)
OPENS, CLOSES = 8 * 60, 18 * 60
CHANGED_AFTER = timedelta(days=240)


def _row(first: int, following: int, update: int | None, resolution: int) -> dict:
    return {
        "first_response": first,
        "next_reply": following,
        "periodic_update": update,
        "resolution": resolution,
    }


TARGETS = {
    "P1": _row(15 * MINUTE, 30 * MINUTE, 30 * MINUTE, 4 * HOUR),
    "P2": _row(HOUR, 2 * HOUR, 2 * HOUR, 8 * HOUR),
    "P3": _row(3 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR),
    "P4": _row(8 * HOUR, 8 * HOUR, 20 * HOUR, 30 * HOUR),
    "P5": _row(14 * HOUR, 14 * HOUR, None, 50 * HOUR),
}


def _urgent(
    p1_first: int, p1_resolution: int, p2_first: int, p2_resolution: int
) -> dict:
    return {
        "P1": {"first_response": p1_first, "resolution": p1_resolution},
        "P2": {"first_response": p2_first, "resolution": p2_resolution},
    }


TIER_TARGETS = {
    "enterprise": _urgent(15 * MINUTE, 4 * HOUR, HOUR, 8 * HOUR),
    "mid-market": _urgent(30 * MINUTE, 8 * HOUR, 2 * HOUR, 24 * HOUR),
    "smb": _urgent(HOUR, 24 * HOUR, 4 * HOUR, 48 * HOUR),
}


def publish(*, cast: Cast, effective_from: datetime, at: datetime) -> None:
    """Publish the year's policy, and the quicker P3 reply it got after eight months."""
    lead = cast.users["nora.keller"]
    hours = _business_hours(at)
    first = policies.create_policy(
        name=_("Lumen Ledger support"),
        definition=definition(hours, p3_first=4 * HOUR),
        actor=lead,
        at=at,
        position=10,
    )
    policies.publish_policy(
        version_id=first.pk,
        actor=lead,
        at=at,
        effective_from=effective_from,
        reason=_("First written promises, agreed with sales"),
    )
    second = policies.start_draft(policy_id=first.policy_id, actor=lead, at=at)
    policies.save_draft(
        version_id=second.pk,
        definition=definition(hours, p3_first=3 * HOUR),
        actor=lead,
        at=at,
        expected_changed_at=second.changed_at,
    )
    policies.publish_policy(
        version_id=second.pk,
        actor=lead,
        at=at,
        effective_from=effective_from + CHANGED_AFTER,
        reason=_("95 % of P3 tickets were answered within 3 h for two quarters"),
    )


def definition(hours: Calendar, *, p3_first: int) -> dict[str, Any]:
    """Return the promise as a policy definition."""
    targets = {**TARGETS, "P3": {**TARGETS["P3"], "first_response": p3_first}}
    return {
        "conditions": {},
        "targets": targets,
        "multipliers": {code: factor for code, _, _, factor, _ in story.TIERS},
        "tier_targets": TIER_TARGETS,
        "calendar": str(hours.pk),
        "priority_calendars": {"P1": default_keys()[1]},
        "rules": {
            "first_response": ["agent_reply"],
            "not_paused": [],
            "pause_on": ["WAITING", "ON_HOLD"],
            "next_reply_from_creation": False,
            "reopen": "new_cycle",
            "pause_after_followups": 2,
            "manual_pauses": True,
        },
    }


def _business_hours(at: datetime) -> Calendar:
    name = _("Berlin office")
    content = calendars.CalendarContent(
        name=name,
        time_zone=story.ZONE,
        weekly={day: [(OPENS, CLOSES)] for day in WEEKDAYS},
        places=[("DE", "BE")],
    )
    return calendars.save_calendar(calendar_id=None, content=content, actor=None, at=at)
