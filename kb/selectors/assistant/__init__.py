"""What the assistant knows: its rules, how far it is trusted, and what was said."""

from kb.selectors.assistant.hours import Hours, hours_of
from kb.selectors.assistant.rules import current_rules
from kb.selectors.assistant.talks import (
    ShownTurn,
    open_conversation,
    shown_turns,
)
from kb.selectors.assistant.trust import Trust, judged_turns, trust_by

__all__ = [
    "Hours",
    "ShownTurn",
    "Trust",
    "current_rules",
    "hours_of",
    "judged_turns",
    "open_conversation",
    "shown_turns",
    "trust_by",
]
