"""Investigations: weeks that missed their forecast, and what was found out."""

from workforce.capacity.views.investigations.acting import (
    AssignView,
    CloseView,
    OutlierView,
    ReopenView,
)
from workforce.capacity.views.investigations.pages import (
    InvestigationsView,
    InvestigationView,
)

__all__ = [
    "AssignView",
    "CloseView",
    "InvestigationView",
    "InvestigationsView",
    "OutlierView",
    "ReopenView",
]
