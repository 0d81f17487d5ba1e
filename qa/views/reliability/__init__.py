"""How far scores can be trusted: agreement, severity, drift, certificates."""

from qa.views.reliability.page import (
    ReliabilityView,
    chosen_reviewer,
    least_clear,
)

__all__ = [
    "ReliabilityView",
    "chosen_reviewer",
    "least_clear",
]
