"""Reads of hiring: plans worked out, who is there today."""

from workforce.capacity.selectors.hiring.people import people_of
from workforce.capacity.selectors.hiring.plans import (
    COUNTED,
    HireLine,
    MonthLine,
    PlanPicture,
    SuggestedLine,
    hires_of,
    lead_times,
    picture,
    plans,
    queues_of,
)

__all__ = [
    "COUNTED",
    "HireLine",
    "MonthLine",
    "PlanPicture",
    "SuggestedLine",
    "hires_of",
    "lead_times",
    "people_of",
    "picture",
    "plans",
    "queues_of",
]
