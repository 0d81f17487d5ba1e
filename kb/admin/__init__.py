"""Admin pages of the knowledge base, one module a noun."""

from kb.admin import articles, synonyms, work

__all__ = ["articles", "synonyms", "work"]
