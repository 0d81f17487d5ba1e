"""The policy a new installation starts from: an ordinary support organisation's table."""

from typing import Any

from sla.core.durations import HOUR, MINUTE
from sla.core.history import FIRST_RESPONSE, NEXT_REPLY, PERIODIC_UPDATE, RESOLUTION
from sla.core.policy import PolicyDefinition, PolicyRules

WORKING_DAY = 9 * HOUR
"""Monday to Friday, 09:00 to 18:00."""

_TARGETS = {
    "P1": (15 * MINUTE, 30 * MINUTE, 4 * HOUR),
    "P2": (1 * HOUR, 2 * HOUR, 8 * HOUR),
    "P3": (4 * HOUR, 8 * HOUR, 24 * HOUR),
    "P4": (8 * HOUR, 24 * HOUR, 72 * HOUR),
    # An update is due when the status changes, which no clock measures.
    "P5": (24 * HOUR, None, 5 * WORKING_DAY),
}
"""First response, update, resolution; open time of each priority's calendar."""

_MULTIPLIERS = {
    "enterprise": 0.5,
    "business": 1.0,
    "professional": 1.5,
    "starter": 2.0,
    "free": 4.0,
}

# The table of tiers states these P1 times, which its own multipliers do not give.
# "Next business day" for the free tier is 24 hours on the clock that P1 runs on.
_TIER_P1 = {
    "enterprise": {FIRST_RESPONSE: 7 * MINUTE},
    "professional": {FIRST_RESPONSE: 30 * MINUTE},
    "starter": {FIRST_RESPONSE: 1 * HOUR},
    "free": {FIRST_RESPONSE: 4 * HOUR, RESOLUTION: 24 * HOUR},
}


def standard_support(*, business_hours: str, around_the_clock: str) -> dict[str, Any]:
    """The definition as JSON data, for the keys of two calendars."""
    definition = PolicyDefinition(
        targets={
            priority: {
                FIRST_RESPONSE: first,
                NEXT_REPLY: None,
                PERIODIC_UPDATE: update,
                RESOLUTION: resolution,
            }
            for priority, (first, update, resolution) in _TARGETS.items()
        },
        multipliers=_MULTIPLIERS,
        tier_targets={tier: {"P1": row} for tier, row in _TIER_P1.items()},
        calendar=business_hours,
        priority_calendars={"P1": around_the_clock},
        rules=PolicyRules(),
    )
    return definition.to_dict()
