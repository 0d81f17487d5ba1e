"""The quality page: how good, how sure, and what the figures hide."""

from qa.views.figures.overview import (
    SHOWN_PRESETS,
    OverviewView,
    address,
    parameters,
)

__all__ = [
    "SHOWN_PRESETS",
    "OverviewView",
    "address",
    "parameters",
]
