"""Agents' levels with their reviewers' severity taken out, and how sure they are."""

from qa.core.severity.model import (
    SeverityModel,
    fit,
)

__all__ = [
    "SeverityModel",
    "fit",
]
