"""How many people, when, and what planned people would give: reads of staffing."""

from workforce.capacity.selectors.staffing.answers import (
    fte_needed,
    gaps,
    overlay_fte,
    planned_on,
    requirement_of,
)
from workforce.capacity.selectors.staffing.assumptions import (
    Standing,
    assumptions_of,
    standing_of,
)
from workforce.capacity.selectors.staffing.need import StaffingNeed
from workforce.capacity.selectors.staffing.planned import Planned, planned_of
from workforce.capacity.selectors.staffing.staffed import Staffed

__all__ = [
    "Planned",
    "Staffed",
    "StaffingNeed",
    "Standing",
    "assumptions_of",
    "fte_needed",
    "gaps",
    "overlay_fte",
    "planned_of",
    "planned_on",
    "requirement_of",
    "standing_of",
]
