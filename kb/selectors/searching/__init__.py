"""The search index of this process over what each audience may read."""

from kb.selectors.searching.contents import Entry, active_synonyms, document, entry_of
from kb.selectors.searching.held import Held, current, forget

__all__ = [
    "Entry",
    "Held",
    "active_synonyms",
    "current",
    "document",
    "entry_of",
    "forget",
]
