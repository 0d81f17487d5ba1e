"""A sampling plan's page, and the preview from which its draw is taken."""

from qa.views.sampling.plans import (
    PAGE_SIZE,
    PlanView,
    PreviewView,
    strata_bars,
)

__all__ = [
    "PAGE_SIZE",
    "PlanView",
    "PreviewView",
    "strata_bars",
]
