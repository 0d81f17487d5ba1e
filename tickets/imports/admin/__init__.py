"""Imports in the admin: the list, and the four steps of one import."""

from tickets.imports.admin.runs import ImportRunAdmin

__all__ = ["ImportRunAdmin"]
