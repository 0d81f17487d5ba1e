"""Calendars and policies for tests, written through the services."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sla.models import Calendar, Policy, PolicyVersion
from sla.services import calendars, policies
from workforce.people.models import User

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NINE_TO_SIX = {day: [(9 * 60, 18 * 60)] for day in range(5)}


def business_hours(**values: Any) -> Calendar:
    """A calendar of Monday to Friday, 09:00 to 18:00 UTC, unless said otherwise."""
    values = {"name": "Office", "weekly": NINE_TO_SIX, **values}
    return calendars.save_calendar(
        calendar_id=None,
        content=calendars.CalendarContent(**values),
        actor=None,
        at=NEW_YEAR,
    )


def definition(**parts: Any) -> dict[str, Any]:
    """A small policy around the clock; ``parts`` replace its own."""
    return {
        "targets": {
            "P1": {"first_response": 900, "resolution": 14_400},
            "P2": {"first_response": 3_600, "resolution": 28_800},
        },
        "calendar": "always",
        **parts,
    }


def draft(
    name: str = "Promises", *, at: datetime = NEW_YEAR, **parts: Any
) -> PolicyVersion:
    return policies.create_policy(
        name=name, definition=definition(**parts), actor=None, at=at
    )


def published(
    name: str = "Promises",
    *,
    effective_from: datetime = NEW_YEAR,
    at: datetime | None = None,
    actor: User | None = None,
    reason: str = "first promise",
    **parts: Any,
) -> PolicyVersion:
    """A policy with one version in force since ``effective_from``."""
    first = draft(name, **parts)
    return publish(
        first, effective_from=effective_from, at=at, actor=actor, reason=reason
    )


def publish(
    version: PolicyVersion,
    *,
    effective_from: datetime = NEW_YEAR,
    at: datetime | None = None,
    actor: User | None = None,
    reason: str = "a reason",
) -> PolicyVersion:
    return policies.publish_policy(
        version_id=version.pk,
        actor=actor,
        at=at or effective_from,
        effective_from=effective_from,
        reason=reason,
    )[0]


def redefine(
    policy: Policy,
    content: Mapping[str, Any],
    *,
    at: datetime = NEW_YEAR,
) -> PolicyVersion:
    """A draft of an existing policy that says ``content``."""
    version = policies.start_draft(policy_id=policy.pk, actor=None, at=at)
    return policies.save_draft(
        version_id=version.pk,
        definition=content,
        actor=None,
        at=at,
        expected_changed_at=version.changed_at,
    )
