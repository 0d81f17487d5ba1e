"""Whom to hire by when: ramp, attrition, lead times, need against have."""

from workforce.capacity.core.hiring.leavers import leavers_interval
from workforce.capacity.core.hiring.people import (
    RAMP,
    Cohort,
    checked_ramp,
    effective,
    load,
    present,
    ramp_days,
    staying,
)
from workforce.capacity.core.hiring.projection import (
    Month,
    Need,
    Team,
    days_of,
    doubled,
    months_ahead,
    project,
)
from workforce.capacity.core.hiring.suggestion import (
    STAGES,
    Suggested,
    Suggestion,
    checked_ratios,
    split,
    suggest,
)
from workforce.capacity.core.hiring.timing import (
    LeadTime,
    Timing,
    Urgency,
    add_months,
    timing,
    timing_for_full_load,
)

__all__ = [
    "RAMP",
    "STAGES",
    "Cohort",
    "LeadTime",
    "Month",
    "Need",
    "Suggested",
    "Suggestion",
    "Team",
    "Timing",
    "Urgency",
    "add_months",
    "checked_ramp",
    "checked_ratios",
    "days_of",
    "doubled",
    "effective",
    "leavers_interval",
    "load",
    "months_ahead",
    "present",
    "project",
    "ramp_days",
    "split",
    "staying",
    "suggest",
    "timing",
    "timing_for_full_load",
]
