"""Reads of decisions: who sees them, the record, what they watch, who is needed."""

from workforce.capacity.selectors.decisions.lists import (
    Attention,
    listed,
    needing_attention,
)
from workforce.capacity.selectors.decisions.records import (
    compared,
    document,
    section_data,
)
from workforce.capacity.selectors.decisions.sections import (
    Section,
    register,
    section,
    sections_of,
)
from workforce.capacity.selectors.decisions.sight import (
    can_edit,
    decisions_visible_to,
)
from workforce.capacity.selectors.weighing import sections as _weighing  # noqa: F401 -- registers

__all__ = [
    "Attention",
    "Section",
    "can_edit",
    "compared",
    "decisions_visible_to",
    "document",
    "listed",
    "needing_attention",
    "register",
    "section",
    "section_data",
    "sections_of",
]
