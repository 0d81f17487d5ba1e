"""Investigations: which a person sees, and what their week looked like."""

from workforce.capacity.selectors.investigations.facts import Detail, detail
from workforce.capacity.selectors.investigations.lists import (
    RESOLVE,
    investigations_visible_to,
    possible_owners,
)
from workforce.capacity.selectors.investigations.weeks import (
    WeekReview,
    complete_weeks,
    monday_of,
    review_weeks,
)

__all__ = [
    "RESOLVE",
    "Detail",
    "WeekReview",
    "complete_weeks",
    "detail",
    "investigations_visible_to",
    "monday_of",
    "possible_owners",
    "review_weeks",
]
