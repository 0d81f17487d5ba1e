"""What quality does by itself, one module a noun."""

from qa.tasks import calibration, reliability, reviews, sampling  # noqa: F401 -- registered
