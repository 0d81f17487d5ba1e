"""Every write to hiring: plans, hires, their states, undoing a change."""

from workforce.capacity.services.hiring.hires import (
    HireStateRefused,
    HireUnchanged,
    SuggestionChanged,
    add_hire,
    change_hire,
    move_hire,
    take_suggestion,
    undo_hire,
)
from workforce.capacity.services.hiring.plans import (
    PlanInvalid,
    PlanNameTaken,
    save_plan,
)

__all__ = [
    "HireStateRefused",
    "HireUnchanged",
    "PlanInvalid",
    "PlanNameTaken",
    "SuggestionChanged",
    "add_hire",
    "change_hire",
    "move_hire",
    "save_plan",
    "take_suggestion",
    "undo_hire",
]
