"""What plain rules can say about a conversation, with the passage they rest on."""

from qa.core.prechecks.rules import (
    RULES,
    Finding,
    Known,
    Said,
    precheck,
)

__all__ = [
    "RULES",
    "Finding",
    "Known",
    "Said",
    "precheck",
]
