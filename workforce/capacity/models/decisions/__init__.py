"""Decisions about capacity: what was asked, weighed, decided, and what reopens it."""

from workforce.capacity.models.decisions.record import (
    Approval,
    Decision,
    DecisionVersion,
    Evidence,
    ReviewDate,
)
from workforce.capacity.models.decisions.triggers import (
    Trigger,
)
from workforce.capacity.models.decisions.weighing import (
    Criterion,
    DecisionInput,
    DecisionOption,
    Risk,
    Segment,
)

__all__ = [
    "Approval",
    "Criterion",
    "Decision",
    "DecisionInput",
    "DecisionOption",
    "DecisionVersion",
    "Evidence",
    "ReviewDate",
    "Risk",
    "Segment",
    "Trigger",
]
