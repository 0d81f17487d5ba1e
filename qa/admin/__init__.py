"""Admin pages of quality, one module a noun."""

from qa.admin import (  # noqa: F401 -- registered when imported
    calibration,
    disputes,
    reliability,
    reviews,
    sampling,
    scorecards,
)
