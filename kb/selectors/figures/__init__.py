"""What self-service achieves: searches, articles, deflection, and what it is worth."""

from kb.selectors.figures.shares import Share, share
from kb.selectors.figures.windows import CUSTOMERS, Window

__all__ = ["CUSTOMERS", "Share", "Window", "share"]
